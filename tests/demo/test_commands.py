"""The lines that give a clip again do give it."""

import shlex

import numpy as np
import pytest
from typer.testing import CliRunner

from emotts.audio.io import read_audio
from emotts.demo.commands import Wish, needs_learned

TEXT = "We may all call."
WISHES = {
    "plain": Wish(TEXT),
    "emotion": Wish(TEXT, emotion="happy", intensity=0.8, options={"seed": 3, "pitch": -1.5}),
    "words": Wish("It's a “quote” and $HOME.", emotion="happy:0.6+angry:0.4"),
    "curve": Wish(TEXT, curve="0%:neutral, 100%:angry:1.2", smooth=True),
    "affect": Wish(TEXT, affect={"valence": -0.4, "arousal": 0.35}, options={"seed": 1}),
    "suppressed": Wish(
        TEXT, emotion="happy", options={"suppress": {"angry": 0.7}, "mixing": "embedding"}
    ),
    "all": Wish(
        TEXT, emotion="angry", intensity=1.25,
        options=dict(rate=1.2, pitch_range=0.5, energy=-3.0, calibrated=False, seed=2**32 - 1),
    ),
    "marked": Wish("We [emotion=angry intensity=1.3]may[/] call.", emotion="neutral"),
}  # fmt: skip


@pytest.mark.parametrize("name", WISHES)
def test_the_python_lines_give_the_same_samples(studio, name):
    wish, run = WISHES[name], {}
    exec(wish.python(studio.checkpoint), run)
    assert np.array_equal(run["speech"].samples, wish.speak(studio).samples)


@pytest.mark.parametrize("name", ["emotion", "curve", "affect", "suppressed", "all"])
def test_the_command_line_writes_the_same_clip(studio, name, tmp_path, monkeypatch):
    from emotts.cli.main import app

    monkeypatch.chdir(tmp_path)
    wish = WISHES[name]
    words = shlex.split(wish.command(studio.checkpoint))
    result = CliRunner().invoke(app, words[1:])
    assert result.exit_code == 0, result.output
    wish.speak(studio).save("own.wav")
    assert np.array_equal(read_audio("speech.wav"), read_audio("own.wav"))


def test_the_python_lines_follow_a_recording(studio, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    voice = studio.voices[0]
    for name, emotion in (("angry.wav", "angry"), ("plain.wav", None)):
        Wish("You were a long way away.", voice, emotion or "neutral").speak(studio).save(name)
    for moving in (False, True):
        wish = Wish(TEXT, voice, reference=tmp_path / "angry.wav", moving=moving,
                    neutral=tmp_path / "plain.wav")  # fmt: skip
        run = {}
        exec(wish.python(studio.checkpoint), run)
        assert np.array_equal(run["speech"].samples, wish.speak(studio).samples)
        assert "--reference=angry.wav" in wish.command()


def test_a_text_is_one_word_of_the_command_whatever_it_holds():
    for text in ("-rf /", "a; rm -rf ~", "it's `me`", 'say "no"', "two\nlines"):
        words = shlex.split(Wish(text).command())
        assert words[-1] == text
        assert (words[-2] == "--") == text.startswith("-")


def test_what_is_done_anyway_is_not_written():
    options = dict(rate=1.0, pitch=0, energy=0.0, seed=0, steps=None)
    assert Wish(TEXT, options=options).told() == {"seed": 0}


def test_learnt_emotions_are_loaded_where_they_are_named(studio, monkeypatch):
    dim = studio.synthesizer.models.space.dim
    monkeypatch.setitem(studio.synthesizer.learned, "wistful", np.ones(dim, np.float32))
    assert needs_learned(Wish(TEXT, emotion="very wistful"), studio)
    assert not needs_learned(Wish(TEXT, emotion="happy"), studio)
    assert "LearnedEmotions" in Wish(TEXT, emotion="wistful").python(learned=True)
