from dataclasses import replace

import numpy as np
import pytest
import soundfile
from converting import converter_of
from pipeline import made_speech

from emotts import Converter, Emotion, EmottsError
from emotts.audio.f0 import track_f0
from emotts.emotion.track import EmotionTrack

RATE = 24000


@pytest.fixture(scope="module")
def converter(trained, tmp_path_factory):
    return converter_of(trained.checkpoints, tmp_path_factory.getbasetemp() / "converting")


@pytest.fixture(scope="module")
def speech():
    return made_speech(170, 2.0, seed=3)


@pytest.fixture(scope="module")
def angry(converter, speech):
    return converter.convert(speech, emotion="angry")


@pytest.fixture(scope="module")
def whistler(converter):
    """With a vocoder that whistles the pitch it is told; eight steps of training learn none."""
    import torch

    def whistle(mel, f0, voiced, noise):
        phase = torch.cumsum(f0.repeat_interleave(256, dim=1) / RATE, dim=1)
        return 0.1 * sum(torch.sin(2 * torch.pi * k * phase) / k for k in (1, 2, 3))

    synthesis = replace(converter.models, vocoder=whistle)
    return Converter(replace(converter.conversion, synthesis=synthesis))


def pitch(samples):
    f0, voiced = track_f0(samples)
    return 12 * np.log2(np.median(f0[voiced]))


def test_the_length_is_kept_to_the_sample_and_the_sound_is_not(converter, speech, angry):
    for count in (len(speech), len(speech) - 77):
        made = angry if count == len(speech) else converter.convert(speech[:count], "angry")
        assert made.rate == RATE and len(made.samples) == count
    assert np.abs(angry.samples - speech).max() > 1e-3
    assert angry.provenance["emotion"] == "angry" and angry.provenance["voice"] == "source"
    assert angry.provenance["emotts"]


def test_the_same_seed_gives_the_same_samples(converter, speech, angry):
    assert np.array_equal(converter.convert(speech, emotion="angry").samples, angry.samples)
    other = converter.convert(speech, emotion="angry", seed=1).samples
    assert not np.array_equal(other, angry.samples)


def test_intensity_zero_is_neutral_to_the_bit(converter, speech):
    neutral = converter.convert(speech, emotion="neutral").samples
    assert np.array_equal(converter.convert(speech, Emotion("angry", 0.0)).samples, neutral)
    still = EmotionTrack.constant(np.zeros(converter.models.space.dim))
    assert np.array_equal(converter.convert(speech, still).samples, neutral)


def test_scale_zero_is_neutral_and_intensities_differ(converter, speech, angry):
    neutral = converter.convert(speech, emotion="neutral").samples
    assert np.array_equal(converter.convert(speech, scale_emotion=0.0).samples, neutral)
    half = converter.convert(speech, emotion="angry", intensity=0.5).samples
    assert not np.array_equal(half, angry.samples) and not np.array_equal(half, neutral)


def test_the_level_is_the_recordings(converter, speech):
    loud, quiet = (
        converter.convert(np.float32(f) * speech, emotion="neutral").samples for f in (1.0, 0.1)
    )
    ratio = np.sqrt(np.mean(np.square(loud)) / np.mean(np.square(quiet)))
    assert ratio == pytest.approx(10, rel=0.15)


def test_pitch_is_moved_by_what_is_asked(whistler, speech):
    plain, high = (whistler.convert(speech, emotion="neutral", pitch=p) for p in (0, 7))
    assert pitch(high.samples) - pitch(plain.samples) == pytest.approx(7, abs=2)


def test_another_voice_has_its_pitch(whistler, speech):
    name = next(iter(whistler.voices))
    made = whistler.convert(speech, voice=name)
    assert made.provenance["voice"] == name and len(made.samples) == len(speech)
    measured = whistler.measure(made_speech(300, 2.0, seed=5), "anna")
    high = whistler.convert(speech, emotion="neutral", voice=measured)
    assert pitch(high.samples) == pytest.approx(12 * measured.log_f0 / np.log(2), abs=3)
    recording = made_speech(300, 2.0, seed=5)
    by_recording = whistler.convert(speech, emotion="neutral", speaker=recording)
    assert np.array_equal(by_recording.samples, high.samples)
    assert by_recording.provenance["voice"] == "speaker"


def test_long_pauses_are_passed_on(converter):
    generator = np.random.default_rng(0)
    pause = generator.normal(0, 3e-4, 2 * RATE).astype(np.float32)
    whole = np.concatenate([made_speech(150, 1.8), pause, made_speech(150, 1.8, seed=2)])
    for rhythm in ("keep", "convert"):
        made = converter.convert(whole, emotion="angry", rhythm=rhythm).samples
        inner = pause[RATE // 2 : -RATE // 2]
        at = [i for i in range(len(made) - len(inner)) if made[i] == inner[0]]
        assert any(np.allclose(made[i : i + len(inner)], inner, atol=1e-6) for i in at), rhythm


def test_more_than_a_window_is_converted_without_a_gap(converter):
    speech = np.concatenate([made_speech(160, 1.8, seed=i) for i in range(14)])
    seen = []
    made = converter.convert(speech, emotion="sad", progress=lambda *at: seen.append(at))
    assert len(made.samples) == len(speech) and len(seen) == 2
    assert seen[-1] == (pytest.approx(25.2), pytest.approx(25.2))
    seconds = made.samples[: len(speech) // RATE * RATE].reshape(-1, RATE)
    level = np.sqrt(np.mean(np.square(seconds), axis=1))
    assert level.min() > 0.1 * level.max()


@pytest.mark.parametrize("kind", ["silence", "noise", "chord"])
def test_where_nobody_speaks_the_recording_is_passed_on(converter, kind):
    t = np.arange(2 * RATE) / RATE
    samples = {
        "silence": np.zeros(2 * RATE),
        "noise": np.random.default_rng(0).normal(0, 0.1, 2 * RATE),
        "chord": 0.1 * sum(np.sin(2 * np.pi * f * t) for f in (220, 277, 330)),
    }[kind].astype(np.float32)
    with pytest.warns(UserWarning, match="nobody speaks"):
        made = converter.convert(samples, emotion="angry")
    assert np.array_equal(made.samples, samples)


def test_clipped_and_telephone_speech_are_converted(converter, speech, tmp_path):
    clipped = np.clip(20 * speech, -1, 1)
    made = converter.convert(clipped, emotion="happy").samples
    assert np.isfinite(made).all() and len(made) == len(clipped)
    import soxr

    soundfile.write(tmp_path / "phone.wav", soxr.resample(speech, RATE, 8000), 8000)
    made = converter.convert(tmp_path / "phone.wav", emotion="happy")
    assert len(made.samples) == pytest.approx(len(speech), abs=4)


def test_a_neutral_recording_is_heard_against(converter, speech):
    other = made_speech(150, 2.0, seed=9)
    made = converter.convert(speech, emotion="neutral", neutral=other).samples
    assert not np.array_equal(made, converter.convert(speech, emotion="neutral").samples)
    several = converter.convert(speech, scale_emotion=1.5, neutral=[other, other])
    assert several.provenance["scale_emotion"] == 1.5


@pytest.mark.parametrize(
    "asked, said",
    [
        (dict(emotion="hungry"), "unknown emotion 'hungry'"),
        (dict(intensity=0.5), "an intensity needs an emotion"),
        (dict(emotion="sad", scale_emotion=2.0), "give one"),
        (dict(voice="nobody"), "unknown voice 'nobody'; choose from"),
        (dict(voice="kathleen", speaker=np.zeros(RATE)), "give one"),
        (dict(speaker=np.zeros(RATE)), "speak"),
        (dict(rhythm="swing"), "choose from keep, convert"),
        (dict(neutral="missing.wav"), "missing.wav"),
        (dict(transcript="We may all call. " * 9), "too many"),
        (dict(transcript=" "), "the text is empty"),
        (dict(transcript="A word.", language="xx"), "xx"),
        (dict(loudness=3), "unknown option 'loudness'"),
    ],
)
def test_what_cannot_be_asked(converter, speech, asked, said):
    with pytest.raises(EmottsError, match=said):
        converter.convert(speech, **asked)


@pytest.fixture
def forgiving(monkeypatch):
    """The tiny ear hears no words, so none can fit."""
    monkeypatch.setattr("emotts.synthesis.conversion_transcript.MOST_COST", np.inf)


def test_words_that_are_not_said_are_refused(converter, speech):
    with pytest.raises(EmottsError, match="does not fit the recording"):
        converter.convert(speech, transcript="We may.")


def test_a_transcript_takes_the_place_of_what_was_heard(converter, speech, forgiving):
    plain = converter.convert(speech, emotion="happy")
    told = converter.convert(speech, emotion="happy", transcript="We may.")
    other = converter.convert(speech, emotion="happy", transcript="No one.")
    assert len(told.samples) == len(other.samples) == len(speech)
    assert not np.array_equal(told.samples, plain.samples)
    assert not np.array_equal(told.samples, other.samples)
    assert told.provenance["transcript"] == "We may."


def test_a_transcript_covers_every_window(converter, forgiving):
    speech = np.concatenate([made_speech(160, 1.8, seed=i) for i in range(14)])
    asked = dict(transcript="We may all call. " * 9, rhythm="convert", pitch_blend=0.5)
    made = converter.convert(speech, emotion="sad", **asked).samples
    assert np.isfinite(made).all() and len(made) > 0.5 * len(speech)


def test_a_melody_is_made_anew_and_blended(whistler, speech, forgiving):
    asked = dict(emotion="happy", transcript="We may.")
    curves = []
    for blend in (0.0, 0.5, 1.0):
        made = whistler.convert(speech, pitch_blend=blend, **asked).samples
        f0, voiced = track_f0(made)
        curves.append((np.log2(np.maximum(f0, 1)) * 12, voiced))
    both = np.all([voiced for _, voiced in curves], axis=0)
    kept, half, anew = (curve[both] for curve, _ in curves)
    assert np.abs(anew - kept).mean() > 0.3
    assert np.median(np.abs(half - (kept + anew) / 2)) < 0.3


def test_another_voice_is_pushed_towards_and_the_own_is_not(converter, speech):
    for voice, differs in (("actor02", True), (None, False)):
        made = [converter.convert(speech, voice=voice, voice_guidance=w).samples for w in (1, 2)]
        assert np.array_equal(*made) != differs


def test_a_set_without_an_ear_is_refused(trained):
    with pytest.raises(EmottsError, match="no 'recording'"):
        Converter.from_pretrained(trained.checkpoints)
