"""`emotts finetune voice` on the tiny set: a whole set comes out, with the voice, or a sentence."""

import json
from dataclasses import replace

import pytest
import torch
from pipeline import made_speech

from emotts.audio.io import write_audio
from emotts.checkpoints import load_checkpoint, verify
from emotts.errors import EmottsError
from emotts.training.finetune.check import VoiceFigures, degraded
from emotts.training.finetune.voice import VoiceRequest, finetune_voice

TEXTS = ("We may all call.", "You were a long way away.", "No one knew.", "", "Where are we now?")


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    """Five clips of one voice, one of them without a text."""
    folder = tmp_path_factory.mktemp("own")
    rows = ["file|text|emotion"]
    for number, text in enumerate(TEXTS):
        write_audio(folder / f"{number}.wav", made_speech(140, seed=number), 24000)
        rows.append(f"{number}.wav|{text}|{'happy' if number == 4 else 'neutral'}")
    (folder / "metadata.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def request_(recordings, base, tmp_path):
    return VoiceRequest(
        recordings, tmp_path / "set", "anna", "Anna Nowak, 2026-03-01", base=base,
        run=tmp_path / "run", rank=2, steps=4, batch_size=2,
    )  # fmt: skip


@pytest.mark.slow
def test_a_whole_set_comes_out_that_speaks_with_the_voice(request_, base):
    from emotts.synthesis.synthesizer import Synthesizer

    report = finetune_voice(request_)
    assert report.steps == 4 and report.parameters > 0 and report.flow is not None
    assert set(report.before) == set(report.after) and "anna" in report.after
    assert verify(request_.output) == verify(base)
    made = Synthesizer.from_pretrained(request_.output)
    speech = made.synthesize("We may call.", voice="anna", emotion="happy", seed=0)
    assert len(speech.samples) > 2000
    assert made.voices["anna"].licence == "consent: Anna Nowak, 2026-03-01"

    old, new = load_checkpoint(base, "acoustic"), load_checkpoint(request_.output, "acoustic")
    assert old.config == new.config and old.tensors.keys() == new.tensors.keys()
    moved = {k for k, v in old.tensors.items() if not torch.equal(v, new.tensors[k])}
    assert moved and all(k.endswith("weight") for k in moved), "adapters move linear weights alone"
    voices = json.loads((request_.output / "voices.json").read_text())["voices"]
    assert set(voices) == set(json.loads((base / "voices.json").read_text())["voices"]) | {"anna"}

    with pytest.raises(EmottsError, match="anna is a voice that ships"):
        finetune_voice(replace(request_, base=request_.output, output=request_.run / "more"))


@pytest.mark.slow
def test_a_stopped_tuning_goes_on_to_the_same_weights(request_, tmp_path):
    whole = replace(request_, output=tmp_path / "whole", run=tmp_path / "whole-run", rank=0)
    finetune_voice(whole)
    half = replace(request_, rank=0, minutes=1e-9)
    assert finetune_voice(half).steps == 1
    finetune_voice(replace(request_, rank=0))
    names = [f / "acoustic.safetensors" for f in (whole.output, request_.output)]
    assert names[0].read_bytes() == names[1].read_bytes()


@pytest.mark.slow
def test_real_recordings_of_the_old_voices_are_heard_again(request_, prepared):
    report = finetune_voice(replace(request_, steps=2, replay=prepared.data))
    assert report.steps == 2


def test_what_is_refused_before_any_work(request_, tmp_path):
    with pytest.raises(EmottsError, match="--consent"):
        finetune_voice(replace(request_, consent=""))
    with pytest.raises(EmottsError, match="voice that ships"):
        finetune_voice(replace(request_, name="kathleen"))
    with pytest.raises(EmottsError, match="is the set that is tuned"):
        finetune_voice(replace(request_, output=request_.base))
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("Dear")
    with pytest.raises(EmottsError, match="not empty and holds no set"):
        finetune_voice(replace(request_, output=tmp_path / "full"))
    assert not request_.run.exists()


def test_clips_that_cannot_be_learnt_from(request_, tmp_path):
    own = tmp_path / "clips"
    own.mkdir()
    write_audio(own / "a.wav", made_speech(140), 24000)
    with pytest.raises(EmottsError, match="1.8 s of speech are too few"):
        finetune_voice(replace(request_, data=own))
    write_audio(own / "b.wav", made_speech(140, seconds=31.0), 24000)
    with pytest.raises(EmottsError, match="b.wav lasts 31.0 s"):
        finetune_voice(replace(request_, data=own))
    (own / "metadata.csv").write_text("file,text,emotion\na.wav,Yes.,angry\n")
    with pytest.raises(EmottsError, match="none of the recordings is neutral"):
        finetune_voice(replace(request_, data=own))


def test_old_voices_may_lose_little_and_the_new_one_is_not_among_them():
    was = {k: VoiceFigures(0.9, 0.5) for k in ("lj", "kathleen", "EB0", "new")}
    now = {"lj": VoiceFigures(0.885, 0.46), "kathleen": VoiceFigures(0.87, 0.6),
           "EB0": VoiceFigures(0.95, 0.4), "new": VoiceFigures(0.1, 0.1)}  # fmt: skip
    assert degraded(was, now, "new") == [
        "kathleen (similarity 0.900 -> 0.870)", "EB0 (emotion 0.500 -> 0.400)",
    ]  # fmt: skip
