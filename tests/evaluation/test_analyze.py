import csv
import io
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from emotts.audio.io import write_audio
from emotts.audio.speech import Speech
from emotts.errors import EmottsError
from emotts.evaluation.analyze import analyze
from emotts.evaluation.analyze_emotion import emotion_windows, neutral_of
from emotts.synthesis.recognizer import Neutral, Recognition

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline import made_speech  # noqa: E402

pytest.importorskip("opensmile")
RATE = 24000
PLAIN = Neutral(1.0, np.log(150.0), np.zeros(80), None)


class Ears:
    """Hears loud speech as angry: the intensity is a window's root mean square."""

    spectrum = np.full(80, 7.0)

    def __init__(self):
        self.heard, self.neutrals = [], []

    def hear_neutral(self, recordings):
        self.neutrals.append(recordings)
        return PLAIN

    def recognize(self, samples, neutral):
        self.heard.append((samples, neutral))
        level = float(np.sqrt(np.mean(np.square(samples))))
        angry = min(1.0, 4 * level)
        return Recognition(
            {"neutral": 1 - angry, "angry": angry}, "angry" if angry > 0.5 else "neutral", level,
            {"valence": -angry, "arousal": angry, "dominance": 0.0},
        )  # fmt: skip


@pytest.fixture(scope="module")
def recording():
    """Soft speech, 2 s of silence, then the same speech four times as loud: 8 s in all."""
    speech = made_speech(150, 3.0, seed=1)
    return np.concatenate([0.5 * speech, np.zeros(2 * RATE, np.float32), 2 * speech])


@pytest.fixture(scope="module")
def found(recording):
    return analyze(recording, recognizer=Ears(), name="talk")


def test_the_track_follows_what_was_planted(found):
    soft = [w.heard.intensity for w in found.windows if w.heard and w.end <= 3]
    loud = [w.heard.intensity for w in found.windows if w.heard and w.start >= 5]
    assert max(soft) < 0.35 * min(loud)
    silent = [w for w in found.windows if w.heard is None]
    assert silent and all(2.5 <= w.centre <= 5.5 for w in silent)


def test_windows_cover_the_recording(found):
    starts = [w.start for w in found.windows]
    np.testing.assert_allclose(np.diff(starts)[:-1], 0.25)
    assert starts[0] == 0 and found.windows[-1].end == pytest.approx(8.0)
    assert {round(w.end - w.start, 3) for w in found.windows} == {1.5}


def test_frames_and_figures_belong_to_the_recording(found):
    assert len(found.level) == len(found.f0) == len(found.active) == 8 * RATE // 256
    assert not found.active[int(3.2 * 93.75) : int(4.8 * 93.75)].any()
    assert found.voice.f0_p50_hz == pytest.approx(150, rel=0.12)
    assert found.voice.speech_ratio == pytest.approx(0.7, abs=0.12)
    assert found.relative_to == "everybody's neutral"


def test_without_a_neutral_only_the_recordings_own_pitch_and_level_are_taken(recording):
    ears = Ears()
    analyze(recording, recognizer=ears)
    assert len(ears.neutrals) == 1 and np.array_equal(ears.neutrals[0][0], recording)
    neutral = ears.heard[0][1]
    assert neutral.embedding is None and np.array_equal(neutral.spectrum, Ears.spectrum)
    assert (neutral.gain, neutral.log_f0) == (PLAIN.gain, PLAIN.log_f0)


def test_with_neutrals_everything_is_heard_against_them(recording, tmp_path):
    plain = made_speech(140, 1.0, seed=3)
    write_audio(tmp_path / "plain.wav", plain, RATE)
    ears = Ears()
    found = analyze(recording, [tmp_path / "plain.wav", plain], recognizer=ears)
    ((first, second),) = ears.neutrals
    np.testing.assert_allclose(first, second, atol=1e-4)
    assert all(neutral is PLAIN for _, neutral in ears.heard)
    assert found.relative_to == "plain.wav, recording"


def test_silence_around_speech_is_not_heard():
    """A window is cut to its speech and 0.1 s around it."""
    ears, active = Ears(), np.zeros(400, dtype=bool)
    active[100:150] = True
    samples = np.arange(400 * 256, dtype=np.float32)
    (window,) = emotion_windows(ears, samples, PLAIN, active, window_seconds=5)
    (heard, _), = ears.heard  # fmt: skip
    assert (heard[0], heard[-1] + 1) == (91 * 256, 159 * 256)
    active[:] = False
    active[100:125] = True  # 0.27 s
    assert emotion_windows(ears, samples, PLAIN, active, 5)[0].heard is None


def test_a_short_recording_is_one_window():
    found = analyze(made_speech(150, 1.0), recognizer=Ears())
    (window,) = found.windows
    assert (window.start, window.end) == (0, 1.0)


def test_a_file_samples_and_speech_of_any_rate_agree(recording, tmp_path):
    import soxr

    write_audio(tmp_path / "talk.wav", recording, RATE)
    speech = Speech(soxr.resample(recording, RATE, 48000), 48000)
    rows = [
        analyze(audio, recognizer=Ears()).voice
        for audio in (recording, tmp_path / "talk.wav", str(tmp_path / "talk.wav"), speech)
    ]
    for row in rows[1:]:
        assert row.f0_mean_hz == pytest.approx(rows[0].f0_mean_hz, rel=0.01)
        assert row.level_dbfs == pytest.approx(rows[0].level_dbfs, abs=0.1)


def test_json_holds_everything_and_no_nan(found, tmp_path):
    text = found.to_json(tmp_path / "talk.json")
    assert (tmp_path / "talk.json").read_text("utf-8") == text

    def refuse(name):
        raise AssertionError(name)

    record = json.loads(text, parse_constant=refuse)
    assert record["name"] == "talk" and record["emotion"]["emotion"] in ("angry", "neutral")
    assert record["voice"]["f0_mean_hz"] == pytest.approx(found.voice.f0_mean_hz)
    assert len(record["windows"]) == len(found.windows)
    assert any("emotion" not in window for window in record["windows"])
    assert record["frames"]["f0_hz"][int(4 * 93.75)] is None
    np.testing.assert_allclose(record["frames"]["level_dbfs"], found.level, atol=0.006)
    assert len(record["speech"]) == 2


def test_tables_read_back(found, tmp_path):
    rows = list(csv.DictReader(io.StringIO(found.to_csv(tmp_path / "talk.csv"))))
    assert (tmp_path / "talk.csv").read_text("utf-8").startswith("start,end,emotion,intensity")
    assert len(rows) == len(found.windows)
    for row, window in zip(rows, found.windows, strict=True):
        if window.heard is None:
            assert row["emotion"] == row["angry"] == row["arousal"] == ""
        else:
            assert float(row["angry"]) == pytest.approx(
                window.heard.probabilities["angry"], abs=1e-4
            )
            assert float(row["valence"]) == pytest.approx(-float(row["angry"]), abs=1e-3)
    frames = list(csv.DictReader(io.StringIO(found.to_csv(frames=True))))
    assert len(frames) == len(found.f0)
    assert [row["active"] == "1" for row in frames] == found.active.tolist()
    assert [row["f0_hz"] != "" for row in frames] == (found.f0 > 0).tolist()


def test_the_picture_is_a_png_that_shows_the_recording(found, recording, tmp_path):
    pytest.importorskip("matplotlib")
    from matplotlib.image import imread

    path = found.plot(tmp_path / "talk.png")
    assert path.read_bytes().startswith(b"\x89PNG")
    drawn = imread(path)
    assert drawn.shape[1] > 900 and len(np.unique(drawn.reshape(-1, drawn.shape[2]), axis=0)) > 20
    other = analyze(recording[: 3 * RATE], recognizer=Ears(), name="$half_")
    assert not np.array_equal(drawn, imread(other.plot(tmp_path / "half.png")))
    analyze(made_speech(150, 1.0), recognizer=Ears()).plot(tmp_path / "one.png")


def test_what_cannot_be_written_is_said(found, tmp_path):
    pytest.importorskip("matplotlib")
    gone = tmp_path / "no" / "folder"
    for write in (found.to_json, found.to_csv, found.plot):
        with pytest.raises(EmottsError, match="cannot be written"):
            write(gone)


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        (np.zeros(0), "shorter than 0.3 s"),
        (made_speech(150, 1.0)[:5000], "shorter than 0.3 s"),
        (np.zeros(RATE), "silent"),
        (np.full(RATE, np.nan), "finite"),
        (np.zeros((2, RATE)), "one row"),
        (0.1 * np.random.default_rng(0).normal(size=RATE), "holds no speech"),
    ],
)
def test_bad_recordings_are_refused(samples, message):
    with pytest.raises(EmottsError, match=message):
        analyze(samples, recognizer=Ears())
    if message != "holds no speech":
        with pytest.raises(EmottsError, match=f"neutral recording .*{message}"):
            analyze(made_speech(150, 1.0), samples, recognizer=Ears())


def test_bad_files_are_named(tmp_path):
    (tmp_path / "note.wav").write_text("no audio")
    write_audio(tmp_path / "quiet.wav", np.zeros(RATE, np.float32), RATE)
    for name, message in (("note.wav", "note.wav cannot be read"), ("gone.wav", "no audio file"),
                          ("quiet.wav", "quiet.wav is silent")):  # fmt: skip
        with pytest.raises(EmottsError, match=message):
            analyze(tmp_path / name, recognizer=Ears())


@pytest.mark.parametrize("options", [{"window_seconds": 0.2}, {"window_seconds": 100},
                                     {"hop_seconds": 0}, {"hop_seconds": -1},
                                     {"window_seconds": float("nan")}])  # fmt: skip
def test_impossible_windows_are_refused_before_any_work(options):
    with pytest.raises(EmottsError, match="seconds"):
        analyze("gone.wav", **options)


def test_the_real_recognizer_hears_as_it_does_by_itself(recording):
    """One window over everything is what `recognize` says of the recording."""
    torch = pytest.importorskip("torch")
    from emotts.models.encoder import EmotionHeads, Encoder
    from emotts.synthesis.recognizer import Recognizer

    torch.manual_seed(0)
    encoder = Encoder(dim=16, hidden=24, blocks=1).eval()
    heads = EmotionHeads(encoder.dim, 3, 1).eval()
    width = heads.embed(torch.zeros(1, 8, 16)).shape[-1]
    recognizer = Recognizer(encoder, heads, {"categories": ["neutral", "happy", "sad"]},
                            np.zeros(width, np.float32), np.zeros(80, np.float32))  # fmt: skip
    alone = recognizer.recognize(recording)
    found = analyze(recording, recognizer=recognizer, window_seconds=8)
    assert found.whole == alone
    ours, theirs = neutral_of(recognizer, recording, None), recognizer._neutral(None, recording)
    assert (ours.gain, ours.log_f0, ours.embedding) == (theirs.gain, theirs.log_f0, None)
    assert len({tuple(w.heard.probabilities.values()) for w in
                analyze(recording, recognizer=recognizer).windows if w.heard}) > 5  # fmt: skip
