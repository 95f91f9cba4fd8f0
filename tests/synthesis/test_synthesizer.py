"""The public face: the same samples for the same request, and a sentence for every mistake."""

import math
import re
import shutil

import numpy as np
import pytest

from emotts.audio.speech import Speech
from emotts.emotion.emotion import Emotion
from emotts.emotion.track import EmotionTrack
from emotts.errors import EmottsError
from emotts.synthesis.options import RANGES
from emotts.synthesis.synthesizer import Synthesizer

TEXT = "We all know a long way home."


def say(synthesizer, text: str = TEXT, **options) -> np.ndarray:
    return synthesizer.synthesize(text, **options).samples


@pytest.fixture(scope="module")
def plain(synthesizer) -> Speech:
    return synthesizer.synthesize(TEXT)


def test_speech_is_finite_and_within_full_scale(plain):
    assert plain.rate == 24000 and plain.samples.dtype == np.float32
    assert 0 < np.abs(plain.samples).max() <= 1
    assert 0.5 < plain.seconds < 20


def test_the_same_seed_gives_the_same_bits_and_another_gives_another_take(synthesizer, plain):
    np.testing.assert_array_equal(say(synthesizer, seed=0), plain.samples)
    other = say(synthesizer, seed=1)
    assert len(other) != len(plain.samples) or not np.array_equal(other, plain.samples)


def test_intensity_zero_of_anything_is_neutral_bit_for_bit(synthesizer, plain):
    for options in (
        dict(emotion="neutral"), dict(emotion="neutral", intensity=1.5),
        dict(emotion="happy", intensity=0), dict(emotion="angry:0"),
        dict(emotion=Emotion("sad", 0.0)), dict(emotion="happy:0", guidance=3.0),
    ):  # fmt: skip
        np.testing.assert_array_equal(say(synthesizer, **options), plain.samples)


def test_emotions_and_their_intensities_are_heard(synthesizer, plain):
    takes = [say(synthesizer, emotion=e) for e in ("happy", "angry", "happy:0.5")]
    takes.append(plain.samples)
    for i, one in enumerate(takes):
        for other in takes[:i]:
            assert len(one) != len(other) or not np.array_equal(one, other)
    np.testing.assert_array_equal(say(synthesizer, emotion="happy", intensity=0.5), takes[2])


def test_a_track_of_one_emotion_is_that_emotion(synthesizer, plain):
    space = synthesizer.models.space
    track = EmotionTrack.constant(space.vector(Emotion("happy")))
    np.testing.assert_array_equal(
        say(synthesizer, emotion=track), say(synthesizer, emotion="happy")
    )
    np.testing.assert_array_equal(say(synthesizer, emotion=track.scale(0)), plain.samples)
    np.testing.assert_array_equal(say(synthesizer, emotion=track, intensity=0), plain.samples)


def test_a_faster_tempo_is_shorter(synthesizer, plain):
    assert synthesizer.synthesize(TEXT, rate=2.0).seconds < 0.8 * plain.seconds
    assert synthesizer.synthesize(TEXT, rate=0.5).seconds > 1.3 * plain.seconds


def test_more_energy_is_louder_up_to_full_scale(synthesizer, plain):
    quiet, loud = (say(synthesizer, energy=e) for e in (-20.0, 20.0))
    np.testing.assert_allclose(10 * quiet, plain.samples, rtol=0.02, atol=1e-3)
    assert np.square(loud).mean() > np.square(plain.samples).mean()
    assert np.abs(loud).max() <= 0.97


def test_words_come_in_order_inside_the_speech(synthesizer, plain):
    assert len(plain.timeline) == 7
    starts = [s.start_seconds for s in plain.timeline]
    ends = [s.end_seconds for s in plain.timeline]
    assert all(a < b for a, b in zip(starts, ends, strict=True))
    assert all(a <= b + 1e-9 for a, b in zip(ends, starts[1:], strict=False))
    assert starts[0] > 0 and ends[-1] <= plain.seconds


def test_long_text_is_said_sentence_by_sentence(synthesizer):
    text = "We all know. A long way home? You may, you all may!"
    told = []
    whole = synthesizer.synthesize(text, progress=lambda *step: told.append(step))
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert len(whole.timeline) == 12
    starts = [s.start_seconds for s in whole.timeline]
    assert starts == sorted(starts) and whole.timeline[-1].end_seconds <= whole.seconds
    pieces = list(synthesizer.stream(text))
    np.testing.assert_array_equal(np.concatenate([p.samples for p in pieces]), whole.samples)
    assert (pieces[0].samples[-5000:] == 0).all(), "no pause after the sentence"
    assert [p.provenance["text"].strip() for p in pieces] == [
        "We all know.", "A long way home?", "You may, you all may!"
    ]  # fmt: skip
    np.testing.assert_array_equal(say(synthesizer, "We all know."), pieces[0].samples[:-6000])


def test_a_sentence_said_twice_is_said_in_two_ways(synthesizer):
    one, other = synthesizer.stream("We all know. We all know.")
    size = min(len(one.samples), len(other.samples))
    assert not np.array_equal(one.samples[:size], other.samples[:size])


def test_provenance_is_enough_to_say_it_again(synthesizer):
    made = synthesizer.synthesize(
        TEXT, voice="EB0", language="en-us", emotion="happy", intensity=0.7, rate=1.2, pitch=2,
        energy=-3, seed=11, steps=3, guidance=1.5, temperature=0.4,
    )  # fmt: skip
    request = {k: v for k, v in made.provenance.items() if k != "emotts"}
    np.testing.assert_array_equal(synthesizer.synthesize(**request).samples, made.samples)


def test_there_is_neutral_and_what_the_actors_gave(synthesizer):
    assert synthesizer.emotions == ("neutral", "happy", "sad", "angry", "surprised")


def test_voices_speak_their_own_language_or_another(synthesizer):
    own = synthesizer.synthesize("Mama ma mało miodu.", voice="EB0")
    assert own.provenance["language"] == "pl"
    english = synthesizer.synthesize("Mama may know.", voice="EB0", language="en-us")
    assert english.provenance["language"] == "en-us" and len(english.timeline) == 3


@pytest.mark.parametrize(
    "options, message",
    [
        (dict(voice="nobody"), "unknown voice 'nobody'; choose from .*kathleen"),
        (dict(emotion="hungry"), "unknown emotion 'hungry'.*happy"),
        (dict(emotion="disgust"), "no 'disgust'; choose from neutral, happy"),
        (dict(emotion="happy", intensity=2), "to 1.5, not 2"),
        (dict(emotion="happy", intensity=math.nan), "intensity.*nan"),
        (dict(emotion="happy:0.5", intensity=0.7), "given twice"),
        (dict(language="klingon"), "klingon"),
        (dict(text=""), "text"),
        (dict(text=" … — !"), "word"),
        *[({name: math.nan}, f"{name} is nan; it must lie between") for name in RANGES],
        *[({name: high + 1}, f"{name} is .*between .* and {high:g}")
          for name, (_, high) in RANGES.items()],
        (dict(steps=0), "steps is 0; it must lie between 1 and 100"),
        (dict(rate=-1.0), "rate is -1.0; it must lie between 0.5 and 2"),
    ],
)  # fmt: skip
def test_what_cannot_be_said_is_explained(synthesizer, options, message):
    with pytest.raises(EmottsError, match=message):
        synthesizer.synthesize(**{"text": TEXT} | options)


@pytest.fixture
def checkpoints(trained, tmp_path):
    """A copy of the trained set, to be harmed."""
    return shutil.copytree(trained.checkpoints, tmp_path / "checkpoints")


@pytest.mark.parametrize("name", ["acoustic", "prosody", "content", "vocoder", "voices"])
def test_an_altered_file_is_named(checkpoints, name):
    file = checkpoints / f"{name}.safetensors"
    content = bytearray(file.read_bytes())
    content[-3] ^= 1
    file.write_bytes(content)
    with pytest.raises(EmottsError, match=f"{name}.safetensors was altered"):
        Synthesizer.from_pretrained(checkpoints)


def test_a_truncated_and_a_missing_file_are_named(checkpoints):
    file = checkpoints / "vocoder.safetensors"
    file.write_bytes(file.read_bytes()[:-10])
    with pytest.raises(EmottsError, match="vocoder.safetensors is truncated"):
        Synthesizer.from_pretrained(checkpoints)
    file.unlink()
    with pytest.raises(EmottsError, match="vocoder.safetensors is missing"):
        Synthesizer.from_pretrained(checkpoints)


def test_a_folder_without_checkpoints(tmp_path):
    with pytest.raises(EmottsError, match=f"no checkpoints in {re.escape(str(tmp_path))}"):
        Synthesizer.from_pretrained(tmp_path)
