"""The same speech as torch's, without torch."""

import subprocess
import sys

import numpy as np
import pytest

from emotts.emotion.affect import Affect
from emotts.emotion.track import EmotionTrack
from emotts.errors import EmottsError

LIMIT_DB = -40.0
CASES = {
    "plain": ("May we all call?", {}),
    "emotion": ("You were a long way away.", {"emotion": "happy:0.8", "seed": 3}),
    "sentences": ("No one knew. He said: never! And then, after a while, it was over.",
                  {"emotion": "sad", "intensity": 1.3, "rate": 1.3, "seed": 2**32 - 1}),
    "mix": ("No.", {"emotion": "happy:0.6+angry:0.4", "guidance": 2.0, "pitch": 2.0}),
    "velocity": ("We may.", {"emotion": "happy:0.6+angry:0.4", "mixing": "velocity"}),
    "prototype": ("We may.", {"emotion": "happy+sad", "mixing": "prototype", "steps": 3}),
    "suppressed": ("We may.", {"emotion": "sad", "suppress": {"angry": 0.5}, "energy": -3.0,
                               "negative_guidance": 1.0, "pitch_range": 0.5}),
    "affect": ("We may.", {"emotion": Affect(0.5, -0.3, 0.2), "temperature": 0.8}),
    "unsupervised": ("We may.", {"emotion": "happy", "directions": "unsupervised"}),
    "polish": ("Nie ma nowych map.", {"voice": "EB0", "emotion": "sad", "variety": 0.0}),
}  # fmt: skip


@pytest.fixture(scope="module")
def by_onnx(exported):
    from emotts.onnx_runner import OnnxSynthesizer

    return OnnxSynthesizer(exported, threads=1)


def difference_db(given: np.ndarray, wanted: np.ndarray) -> float:
    assert given.shape == wanted.shape
    error, power = np.mean(np.square(given - wanted)), np.mean(np.square(wanted))
    assert power > 0
    return float(10 * np.log10(error / power + 1e-20))


@pytest.mark.parametrize("name", CASES)
def test_the_samples_are_those_of_torch(by_onnx, by_torch, name):
    text, asked = CASES[name]
    wanted = by_torch.synthesize(text, **asked)
    given = by_onnx.synthesize(text, **asked)
    assert difference_db(given.samples, wanted.samples) < LIMIT_DB
    assert given.timeline == wanted.timeline and given.rate == wanted.rate


@pytest.mark.parametrize("unit", ["fraction", "seconds"])
def test_tracks_go_on_from_sentence_to_sentence(by_onnx, by_torch, unit):
    directions = by_torch.models.space.directions
    vectors = [0 * directions["happy"], directions["happy"], directions["sad"]]
    track = EmotionTrack([0.0, 0.4, 0.9], vectors, unit)
    text = "No one knew. You were a long way away."
    wanted = by_torch.synthesize(text, emotion=track)
    given = by_onnx.synthesize(text, emotion=track)
    assert difference_db(given.samples, wanted.samples) < LIMIT_DB


def test_neutral_is_neutral_and_emotion_is_heard(by_onnx):
    plain = by_onnx.synthesize("May we all call?")
    nothing = by_onnx.synthesize("May we all call?", emotion="happy", intensity=0)
    happy = by_onnx.synthesize("May we all call?", emotion="happy")
    assert np.array_equal(plain.samples, nothing.samples)
    assert not np.array_equal(plain.samples, happy.samples)


def test_pieces_join_to_the_whole(by_onnx):
    text = "No one knew. May we all call?"
    pieces = list(by_onnx.stream(text, emotion="sad"))
    assert [piece.provenance["text"] for piece in pieces] == ["No one knew.", "May we all call?"]
    whole = by_onnx.synthesize(text, emotion="sad")
    assert np.array_equal(np.concatenate([piece.samples for piece in pieces]), whole.samples)
    assert whole.provenance["text"] == text and whole.provenance["runner"] == "onnx"


def test_learnt_emotions_can_be_named(exported, by_torch):
    from emotts.onnx_runner import OnnxSynthesizer

    vector = by_torch.models.space.directions["happy"] * 0.5
    mine = OnnxSynthesizer(exported, learned={"smug": vector}, threads=1)
    assert len(mine.synthesize("We may.", emotion="smug:0.5").samples)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"voice": "nobody"}, "unknown voice 'nobody'; choose from kathleen, EB0"),
        ({"emotion": "hungry"}, "unknown emotion"),
        ({"seconds": 3.0}, "does not follow seconds=3.0"),
        ({"solver": "heun"}, "does not follow solver='heun'"),
        ({"best_of": 4}, "does not follow best_of=4"),
        ({"classifier_guidance": 1.0}, "does not follow classifier_guidance"),
        ({"rate": 9.0}, "rate is 9.0"),
        ({"loud": True}, "unknown option 'loud'"),
    ],
)
def test_what_cannot_be_done_is_said(by_onnx, asked, said):
    with pytest.raises(EmottsError, match=said):
        by_onnx.synthesize("We may.", **asked)


WITHOUT_TORCH = """
import sys
for name in ("torch", "torchaudio", "safetensors.torch", "diffusers", "onnx"):
    sys.modules[name] = None
from emotts.onnx_runner.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def test_it_speaks_where_torch_cannot_be_imported(exported, by_torch, tmp_path):
    from emotts.audio.speech import Speech

    command = [sys.executable, "-c", WITHOUT_TORCH, exported, "No one knew.", "-o"]
    said = ["--emotion", "happy:0.8", "--seed", "5", "--threads", "1"]
    subprocess.run([*command, tmp_path / "out.wav", *said], check=True)
    wanted = by_torch.synthesize("No one knew.", emotion="happy:0.8", seed=5)
    assert difference_db(Speech.load(tmp_path / "out.wav").samples, wanted.samples) < LIMIT_DB


def test_the_command_ends_in_a_sentence(exported, tmp_path, capsys):
    from emotts.onnx_runner.__main__ import main

    out = str(tmp_path / "out.wav")
    assert main([str(exported), "We may.", "-o", out, "--emotion", "hungry"]) == 2
    (sentence,) = capsys.readouterr().err.splitlines()
    assert sentence.startswith("emotts: unknown emotion 'hungry'")
    assert main([str(tmp_path), "We may.", "-o", out]) == 2


@pytest.mark.slow
def test_the_embedded_set_sounds_the_same(tmp_path):
    pytest.importorskip("onnx")
    from emotts.onnx_runner import OnnxSynthesizer
    from emotts.synthesis.export_onnx import export_onnx
    from emotts.synthesis.synthesizer import Synthesizer

    asked = {"voice": "kathleen", "emotion": "happy:0.8", "seed": 0}
    text = "The boat left before the sun was up."
    given = OnnxSynthesizer(export_onnx(None, tmp_path)).synthesize(text, **asked)
    wanted = Synthesizer.from_pretrained().synthesize(text, **asked)
    assert difference_db(given.samples, wanted.samples) < LIMIT_DB
