"""The tab Ladder."""

from pathlib import Path

import numpy as np
import pytest

from emotts.audio.io import read_audio
from emotts.demo.ladder import FEELINGS, STEPS, STRENGTHS, begin, climb, shown, table
from emotts.demo.listening import Listening
from emotts.errors import EmottsError

TEXT = "We may all call."


@pytest.fixture(scope="module")
def rungs(studio):
    return climb(studio, TEXT, studio.voices[0], STRENGTHS, "angry", 1.0, 7)


def test_rungs_rise_from_neutral(studio, rungs):
    assert [float(rung.label) for rung in rungs] == list(STEPS)
    for rung, level in ((rungs[0], 0), (rungs[-1], 1.5)):
        said = studio.synthesizer.synthesize(TEXT, studio.voices[0], "angry", level, seed=7)
        assert np.array_equal(rung.samples, said.samples)
    assert len({rung.samples.tobytes() for rung in rungs}) == len(STEPS)


def test_every_feeling_at_one_strength(studio):
    rungs = climb(studio, TEXT, studio.voices[0], FEELINGS, "angry", 0.5, 0)
    assert [rung.label for rung in rungs] == studio.emotions
    said = studio.synthesizer.synthesize(TEXT, studio.voices[0], studio.emotions[-1], 0.5)
    assert np.array_equal(rungs[-1].samples, said.samples)


def test_the_table_tells_what_is_heard(rungs):
    for row, rung in zip(table(rungs), rungs, strict=True):
        assert row[:2] == [rung.label, rung.heard.emotion]
        assert float(row[2].rstrip("%")) >= 100 / len(rung.heard.probabilities) - 1


def test_a_blind_test_hides_which_clip_is_which(studio, rungs):
    clips = [(rung.label, rung.file) for rung in rungs]
    test = begin(studio, clips, STRENGTHS, "angry")
    files = {trial.a: trial.file_a for trial in test.trials}
    for label, file in files.items():
        assert file not in dict(clips).values()
        assert np.array_equal(read_audio(file), read_audio(dict(clips)[label]))
    assert not {word for file in files.values() for word in ("angry", "1.5") if word in file}
    assert all(trial.question == "Which sounds more angry?" for trial in test.trials)
    assert all(float(t.right) == max(float(t.a), float(t.b)) for t in test.trials)


def test_the_page_of_a_test_ends_in_its_table(studio, rungs):
    test = begin(studio, [(rung.label, rung.file) for rung in rungs], STRENGTHS, "angry")
    while test.now:
        state, said, a, b, *_, results, download = shown(studio, test)
        assert (a, b) == (test.now.file_a, test.now.file_b)
        assert not results.visible and not download.visible
        assert test.now.right not in said.replace(test.now.question, "")
        test = state.answer("a")
    _, said, a, b, *buttons, results, download = shown(studio, test)
    assert (a, b) == (None, None)
    assert not any(button.interactive for button in buttons)
    assert "right" in said and results.visible
    lines = Path(download.value["path"]).read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + len(test.trials)


def test_there_is_no_test_without_clips(studio):
    with pytest.raises(EmottsError, match="make a ladder first"):
        begin(studio, [], STRENGTHS, "angry")
    gone = [("0", str(studio.folder / "gone.wav")), ("1", str(studio.folder / "too.wav"))]
    with pytest.raises(EmottsError, match="make the ladder again"):
        begin(studio, gone, STRENGTHS, "angry")
    with pytest.raises(EmottsError, match="start a new test"):
        Listening(()).answer("a")
