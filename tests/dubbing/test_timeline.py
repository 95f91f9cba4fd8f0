"""Timelines of spoken lines, with speech that is a tone."""

import json

import numpy as np
import pytest

from emotts.audio.speech import Segment, Speech
from emotts.dubbing.script import Line
from emotts.dubbing.timeline import line_timeline, spoken_subtitles, write_spoken_subtitles
from emotts.emotion.affect import Affect
from emotts.emotion.track import EmotionTrack
from emotts.errors import EmottsError

RATE = 24000


class FakePalette:
    """A space of one dimension, in which angry is 1."""

    def vector(self, spec, intensity=None):
        size = {"angry": 1.0, "neutral": 0.0}[spec] * (1.0 if intensity is None else intensity)
        return np.array([size], dtype=np.float32)

    def affect(self, vector):
        return Affect(-float(vector[0]), float(vector[0]) / 2, 0.0)


def spoken(*words: str, seconds: float = 2.0, hz: float = 200.0) -> Speech:
    """A voice-like tone with words from .25 s on, .25 s each."""
    t = np.arange(round(seconds * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * hz * k * t) / k for k in range(1, 12)) * 0.1
    tone[t > seconds - 0.5] = 0
    timeline = [Segment(w, 0.25 * (i + 1), 0.25 * (i + 2)) for i, w in enumerate(words)]
    return Speech(tone, RATE, tuple(timeline), {"voice": "lj"})


def line(text: str, **given) -> Line:
    return Line(**{"number": 3, "start": 10.0, "end": 12.0, "character": "anna", "text": text,
                   **given})  # fmt: skip


def test_words_phonemes_and_visemes_have_times_and_stand_on_the_track():
    found = line_timeline(line("I *never* said."), spoken("aɪ", "nˈɛvɚ", "sˈɛd"), 10.5)
    assert (found["start"], found["end"], found["slot"]) == (10.5, 12.5, [10.0, 12.0])
    assert found["text"] == "I never said." and found["voice"] == "lj"
    assert [w["text"] for w in found["words"]] == ["I", "never", "said"]
    assert found["words"][1] == {"text": "never", "phonemes": "nˈɛvɚ", "start": 0.5, "end": 0.75}
    assert [p["phone"] for p in found["phonemes"]] == ["a", "ɪ", *"nɛvɚ", *"sɛd"]
    assert [p["stress"] for p in found["phonemes"]] == [0, 0, 0, 1, 0, 0, 0, 1, 0]
    assert found["phoneme_times"] == "estimated"
    visemes = found["visemes"]
    assert visemes[0]["viseme"] == visemes[-1]["viseme"] == "sil"
    assert visemes[0]["start"] == 0 and visemes[-1]["end"] == 2.0
    assert all(a["end"] == b["start"] for a, b in zip(visemes, visemes[1:], strict=False))
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_pitch_and_level_are_those_of_the_sound():
    curves = line_timeline(line("I."), spoken("aɪ"))["curves"]
    heard = [x for x in curves["f0"] if x is not None]
    assert np.median(heard) == pytest.approx(200, abs=3)
    assert len(curves["f0"]) == len(curves["level"]) == 2 * RATE // 256
    assert curves["f0"][-10] is None and curves["level"][-10] == -80
    # a tone of amplitudes .1/k has a power of Σ (.1/k)²/2
    power = 10 * np.log10(sum((0.1 / k) ** 2 / 2 for k in range(1, 12)))
    assert np.median(curves["level"][10:100]) == pytest.approx(power, abs=0.5)


def test_emotions_follow_the_words_and_are_read_as_affect():
    speech = spoken("aɪ", "nˈɛvɚ", "sˈɛd")
    found = line_timeline(line("I [angry 0.5]never[/] said."), speech, palette=FakePalette())
    assert [(e["emotion"], e["intensity"], e["start"], e["end"]) for e in found["emotion"]] == [
        ("neutral", None, 0.0, 0.5), ("angry", 0.5, 0.5, 0.75), ("neutral", None, 0.75, 2.0),
    ]  # fmt: skip
    assert found["emotion"][1]["valence"] == -0.5 and found["emotion"][1]["arousal"] == 0.25


def test_the_line_s_own_emotion_holds_where_the_words_have_none():
    found = line_timeline(line("I said.", emotion="angry", intensity=0.8), spoken("aɪ", "sˈɛd"))
    assert found["emotion"] == [{"emotion": "angry", "intensity": 0.8, "start": 0.0, "end": 2.0}]


def test_a_track_of_emotion_is_sampled():
    track = EmotionTrack([0.0, 1.0], np.array([[0.0], [1.0]]), "seconds")
    speech, palette = spoken("aɪ"), FakePalette()
    found = line_timeline(line("I."), speech, track=track, palette=palette, curves=False)
    sampled = found["emotion_track"]
    assert sampled["valence"][:3] == [0.0, -0.05, -0.1] and sampled["valence"][-1] == -1.0
    assert len(sampled["arousal"]) == 2.0 / sampled["step"]
    assert "curves" not in found
    with pytest.raises(EmottsError, match="needs a palette"):
        line_timeline(line("I."), spoken("aɪ"), track=track, curves=False)


def test_measured_phones_are_taken_as_they_are():
    phones = [Segment("a", 0.25, 0.3), Segment("ɪ", 0.3, 0.5)]
    found = line_timeline(line("I."), spoken("aɪ"), phones=phones, curves=False)
    assert found["phoneme_times"] == "measured"
    assert [(p["start"], p["end"]) for p in found["phonemes"]] == [(0.25, 0.3), (0.3, 0.5)]


def test_subtitles_hold_what_was_spoken_when_it_was_spoken():
    import pysubs2

    waiting = line("Wait {here}, [sad]now[/].")
    late = line_timeline(waiting, spoken("w", "h", "n"), 10.5, curves=False)
    early = line_timeline(line("First.", number=4), spoken("f"), 1.0, curves=False)
    subs = pysubs2.SSAFile.from_string(spoken_subtitles([late, early]), "srt")
    assert [(e.start, e.end, e.plaintext) for e in subs] == [
        (1250, 1500, "First."), (10750, 11500, "Wait (here), now."),
    ]  # fmt: skip
    assert "anna: First." in spoken_subtitles([early], speakers=True)


def test_a_subtitle_file_is_written(tmp_path):
    said = line_timeline(line("Zażółć."), spoken("z"), 1.0, curves=False)
    path = write_spoken_subtitles(tmp_path / "spoken.srt", [said])
    assert "00:00:01,250 --> 00:00:01,500\nZażółć." in path.read_text(encoding="utf-8")
