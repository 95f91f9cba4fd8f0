import pytest

from emotts.evaluation.clips import Clip
from emotts.evaluation.entries import words

pytest.importorskip("jiwer")


def test_planted_errors_are_counted():
    clips = [Clip(n, text, "x") for n, text in (("a", "one two three four"), ("b", "five six"))]
    figures = words.word_figures(clips, ["one two tree", "five six"])
    assert figures["wer"].value == pytest.approx(2 / 6)  # one replaced, one lost
    assert figures["skipped_or_repeated"] == 0.5
    assert figures["sentences"] == ((2, 4), (0, 2))
    assert figures["wer"].low == 0 and figures["wer"].high == pytest.approx(0.5)


def test_voices_take_turns_over_every_emotion_and_sentence():
    clips = [Clip(f"{v}{e}{t}", t, v, e) for v in "xyz" for e in ("sad", "happy") for t in "abcdef"]
    turns = words.taking_turns(clips)
    assert len({(c.emotion, c.text) for c in turns}) == len(turns) == 12
    for emotion in ("sad", "happy"):
        voices = [c.voice for c in turns if c.emotion == emotion]
        assert {voices.count(v) for v in "xyz"} == {2}


def test_an_entry_has_every_set_and_every_emotion(bench, judges):
    hear = judges["whisper"].transcribe
    judges["whisper"].transcribe = lambda path, language: (
        "six thick things" if "Six" in hear(path, language) else hear(path, language)
    )
    entry = words.run(bench)
    assert entry.figures["kathleen, neutral: wer"] == entry.figures["Polish: wer"] == 0
    assert entry.figures["hard sentences: wer"] == pytest.approx(0.5)
    assert entry.figures["angry: wer"] == 0
    assert {row["language"] for row in entry.rows if row["set"] == "Polish"} == {"pl"}
    assert all(row["wer"] == 0.5 for row in entry.rows if row["set"] == "hard sentences")
