from dataclasses import replace

import numpy as np
import pytest

from emotts.audio.io import write_audio
from emotts.errors import EmottsError
from emotts.evaluation import sets
from emotts.evaluation.sets import NoControl, Take


def test_a_stopped_run_makes_only_what_is_missing(bench, tmp_path):
    synthesizer = bench.synthesizer
    takes = [
        Take(text, voice, emotion, seed=seed)
        for text in ("a b", "c d") for voice in ("x", "y")
        for emotion in ("neutral", "sad") for seed in (0, 1)
    ]  # fmt: skip
    clips = sets.synthesized(lambda: synthesizer, tmp_path / "set", takes)
    assert len({clip.path for clip in clips}) == len(synthesizer.asked) == 16
    (tmp_path / "set" / takes[5].file()).unlink()
    assert sets.synthesized(lambda: synthesizer, tmp_path / "set", takes) == clips
    assert len(synthesizer.asked) == 17

    def nobody():
        raise AssertionError("nothing is to be made, so no model is to be loaded")

    assert sets.synthesized(nobody, tmp_path / "set", takes) == clips


def test_the_same_wish_is_one_file_and_every_other_wish_another():
    take = Take("Hello.", "x", "sad", 0.5)
    others = [
        replace(take, text="Hello!"), replace(take, voice="y"), replace(take, emotion="angry"),
        replace(take, intensity=0.75), replace(take, intensity=None), replace(take, seed=1),
        replace(take, language="pl"), replace(take, spoken="*Hello*."),
        replace(take, controls=(("mixing", "velocity"),)), replace(take, emotion="neutral"),
    ]  # fmt: skip
    assert len({t.file() for t in [take, *others]}) == 11
    assert Take("Hello.", "x", "sad", 0.5).file() == take.file()


def test_every_emotion_at_intensity_zero_is_the_neutral_file(bench):
    neutral = Take("Hello.", "x")
    assert Take("Hello.", "x", "sad", 0.0).file() == neutral.file()
    clip = Take("Hello.", "x", "sad", 0.0).clip(bench.folder)
    assert (clip.emotion, clip.intensity) == ("neutral", 0.0)
    sets.speak(bench.synthesizer, neutral)
    assert bench.synthesizer.asked == [("Hello.", None, None)]


def test_a_control_that_is_missing_is_said_to_be(bench):
    take = Take("Hello.", "x", "happy:0.5+sad:0.5", None, controls=(("mixing", "embedding"),))
    with pytest.raises(NoControl, match="does not know the control mixing"):
        sets.speak(bench.synthesizer, take)
    affect = (("affect", (("valence", 0.5), ("arousal", 0.0))),)
    with pytest.raises(NoControl, match="not {'valence': 0.5, 'arousal': 0.0}"):
        sets.speak(bench.synthesizer, replace(take, controls=affect))
    with pytest.raises(NoControl, match="refuses 'blue'"):
        sets.speak(bench.synthesizer, Take("Hello.", "x", "blue", None))


def test_an_error_of_a_plain_request_is_an_error():
    class Broken:
        def synthesize(self, *given, **options):
            raise EmottsError("no such voice") if options["voice"] == "x" else TypeError("a bug")

    with pytest.raises(EmottsError, match="no such voice") as caught:
        sets.speak(Broken(), Take("Hello.", "x", "sad"))
    assert not isinstance(caught.value, NoControl)
    with pytest.raises(TypeError):
        sets.speak(Broken(), Take("Hello.", "y", controls=(("mixing", "embedding"),)))


def test_words_times_are_read_back(bench, tmp_path):
    (clip,) = sets.synthesized(lambda: bench.synthesizer, tmp_path, [Take("one two", "x")])
    assert sets.word_times(clip.path) == [("one", 0.0, 0.04), ("two", 0.04, 0.08)]
    write_audio(tmp_path / "a.wav", np.zeros(2400, dtype=np.float32), 24000)
    with pytest.raises(EmottsError, match="a.wav"):
        sets.word_times(tmp_path / "a.wav")


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
