from types import SimpleNamespace

import numpy as np
import pytest

from emotts.audio.io import write_audio
from emotts.errors import EmottsError
from emotts.evaluation import sets
from emotts.evaluation.clips import read_clips


class Synthesizer:
    """Writes a short wav and remembers what it was asked."""

    def __init__(self):
        self.asked = []

    def synthesize(self, text, **options):
        self.asked.append((text, options))
        samples = np.full(2400, 0.1, dtype=np.float32)
        return SimpleNamespace(save=lambda path: write_audio(path, samples, 24000))


def test_a_stopped_run_makes_only_what_is_missing(tmp_path):
    synthesizer = Synthesizer()
    wanted = {"sentences": ["a", "b"], "voices": ["x", "y"], "emotions": ["neutral", "sad"],
              "seeds": (0, 1)}  # fmt: skip
    clips = sets.synthesized(synthesizer, tmp_path / "set", **wanted)
    assert len({clip.path for clip in clips}) == len(synthesizer.asked) == 16
    (tmp_path / "set" / "y" / "sad-1-seed1-001.wav").unlink()
    again = sets.synthesized(synthesizer, tmp_path / "set", **wanted)
    assert again == clips == read_clips(tmp_path / "set" / "clips.jsonl")
    assert len(synthesizer.asked) == 17
    text, options = synthesizer.asked[-1]
    assert text == "b"
    assert {k: options[k] for k in ("voice", "emotion", "intensity", "seed")} == {
        "voice": "y", "emotion": "sad", "intensity": 1.0, "seed": 1,
    }  # fmt: skip


def test_neutral_is_asked_for_as_no_emotion(tmp_path):
    synthesizer = Synthesizer()
    (clip,) = sets.synthesized(synthesizer, tmp_path / "set", ["a"], ["x"])
    assert (clip.emotion, clip.intensity) == ("neutral", 0.0)
    assert synthesizer.asked[0][1]["emotion"] is None


def test_resynthesis_keeps_what_is_known_of_a_recording(tmp_path):
    write_audio(tmp_path / "a.wav", np.full(4800, 0.2, dtype=np.float32), 24000)
    source = sets.Clip(str(tmp_path / "a.wav"), "a", "kathleen", "angry", 0.6)
    heard = []

    def resynthesize(samples):
        heard.append(samples)
        return samples / 2

    (made,) = sets.resynthesized([source], tmp_path / "re", resynthesize)
    assert (made.text, made.voice, made.emotion, made.intensity) == ("a", "kathleen", "angry", 0.6)
    assert made.path != source.path
    np.testing.assert_allclose(heard[0], 0.2, atol=1e-4)
    sets.resynthesized([source], tmp_path / "re", resynthesize)
    assert len(heard) == 1


def test_sentences_are_the_lines_that_say_something(tmp_path):
    file = tmp_path / "s.txt"
    file.write_text("One.\n\n Two. \nThree.\n")
    assert sets.read_sentences(file) == ["One.", "Two.", "Three."]
    assert sets.read_sentences(file, 2) == ["One.", "Two."]
    file.write_text("\n")
    for bad in (file, tmp_path / "nowhere.txt"):
        with pytest.raises(EmottsError):
            sets.read_sentences(bad)


def test_another_checkpoint_has_another_tag(tmp_path):
    index = tmp_path / "index.json"
    index.write_text("{}")
    first = sets.checkpoint_tag(tmp_path)
    index.write_text('{"format": 1}')
    assert sets.checkpoint_tag(tmp_path) != first
    assert len(first) == 12
    index.unlink()
    with pytest.raises(EmottsError):
        sets.checkpoint_tag(tmp_path)


def test_recordings_are_of_the_split_that_was_asked(shared_data):
    clips = sets.recorded(shared_data, "ravdess")
    assert {clip.voice for clip in clips} == {"actor21", "actor22"}
    assert {clip.intensity for clip in clips if clip.emotion == "neutral"} == {0.0}
    assert {clip.intensity for clip in clips if clip.emotion == "angry"} == {0.6, 1.0}
    unseen = sets.recorded(shared_data, "nemo", held_out="speaker")
    assert {clip.voice for clip in unseen} == {"MK0", "TP0"}
    with pytest.raises(EmottsError, match="nowhere"):
        sets.recorded(shared_data, "nowhere")
