"""`emotts finetune language` on the tiny set: it speaks, or says why not."""

from dataclasses import replace

import pytest
import torch
from pipeline import made_speech

pytest.importorskip("panphon")

from emotts.audio.io import write_audio
from emotts.checkpoints import load_checkpoint, verify
from emotts.errors import EmottsError
from emotts.text.symbols import SYMBOL_IDS
from emotts.training.finetune import language
from emotts.training.finetune.language import finetune_language
from emotts.training.finetune.voice import VoiceRequest

TEXTS = ("Schöne Grüße!", "Die Brücke ist öde.", "Wir müssen üben.", "Zwölf Köche kochen.",
         "Fünf Vögel flogen.")  # fmt: skip


@pytest.fixture(scope="module")
def german(tmp_path_factory):
    """Five clips of one voice with German texts."""
    folder = tmp_path_factory.mktemp("german")
    for number, text in enumerate(TEXTS):
        samples = made_speech(140, seconds=2.2, seed=number)
        write_audio(folder / f"{number}.wav", samples, 24000)
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def request_(german, base, tmp_path, monkeypatch):
    monkeypatch.setattr(language, "LEAST_SECONDS", 5.0)
    monkeypatch.setattr(language, "MADE_LINES", 4)
    return VoiceRequest(
        german, tmp_path / "set", "greta", "Greta Braun, 2026-03-01", language="de", base=base,
        run=tmp_path / "run", rank=2, steps=4, batch_size=2,
    )  # fmt: skip


@pytest.mark.slow
def test_a_whole_set_comes_out_that_speaks_the_language(request_, base):
    from emotts.synthesis.synthesizer import Synthesizer

    report = finetune_language(request_)
    assert {"ø", "y"} <= set(report.begun) and report.drift > 0
    assert report.content is not None and report.prosody is not None
    assert set(report.voice.before) == set(report.voice.after) and "greta" in report.voice.after
    assert verify(request_.output) == verify(base)
    made = Synthesizer.from_pretrained(request_.output)
    assert made.voices["greta"].language == "de"
    assert len(made.synthesize("Schöne Grüße!", voice="greta", seed=0).samples) > 2000
    assert len(made.synthesize("We may call.", voice="kathleen", seed=0).samples) > 2000

    for name, table in (("content", "embed.phone.weight"), ("prosody", "phones.phone.weight")):
        old, new = (load_checkpoint(folder, name) for folder in (base, request_.output))
        assert old.config == new.config and old.tensors.keys() == new.tensors.keys()
        moved = (old.tensors[table] != new.tensors[table]).any(1).nonzero().flatten().tolist()
        assert moved == sorted(SYMBOL_IDS[s] for s in report.begun)
        assert any(
            not torch.equal(v, new.tensors[k]) for k, v in old.tensors.items() if "stack" in k
            or "tokens" in k
        )  # fmt: skip


@pytest.mark.slow
def test_a_stopped_tuning_goes_on_to_the_same_weights(request_, tmp_path, monkeypatch):
    whole = replace(request_, output=tmp_path / "whole", run=tmp_path / "whole-run")
    finetune_language(whole)
    begun = language.ProsodyTuning.loss

    def stop(self, batch, step):
        if step == 1:
            import os
            import signal

            os.kill(os.getpid(), signal.SIGTERM)
        return begun(self, batch, step)

    with monkeypatch.context() as patch:
        patch.setattr(language.ProsodyTuning, "loss", stop)
        with pytest.raises(EmottsError, match="stopped at step 2 of prosody; .* to go on"):
            finetune_language(request_)
    assert not request_.output.exists()
    finetune_language(request_)
    for name in ("content", "prosody", "acoustic"):
        files = [r.output / f"{name}.safetensors" for r in (whole, request_)]
        assert files[0].read_bytes() == files[1].read_bytes(), name


def test_what_is_refused_before_any_work(request_, german, tmp_path, monkeypatch):
    with pytest.raises(EmottsError, match="'emotts finetune voice --language pl'"):
        finetune_language(replace(request_, language="pl"))
    with pytest.raises(EmottsError, match="--consent"):
        finetune_language(replace(request_, consent=""))
    (tmp_path / "clips").mkdir()
    write_audio(tmp_path / "clips" / "a.wav", made_speech(140), 24000)
    with pytest.raises(EmottsError, match="1 recordings have no text, such as a.wav"):
        finetune_language(replace(request_, data=tmp_path / "clips"))
    monkeypatch.undo()
    with pytest.raises(EmottsError, match="11.0 s of speech are too few for a language; give 120"):
        finetune_language(request_)
