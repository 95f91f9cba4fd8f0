"""The picture is copied bit by bit, the sound is the track."""

import av
import numpy as np
import pytest
import soundfile

from emotts.dubbing.video import check_video, write_video
from emotts.errors import EmottsError


def film(path, frames: int = 30, sound: bool = True):
    """A moving picture of 10 frames a second, with a hum."""
    with av.open(str(path), "w") as target:
        codec = "libvpx" if path.suffix == ".webm" else "mpeg4"
        picture = target.add_stream(codec, rate=10)
        picture.width, picture.height, picture.pix_fmt = 64, 48, "yuv420p"
        codec = "libopus" if path.suffix == ".webm" else "aac"
        hum = target.add_stream(codec, rate=48000, layout="mono")
        for n in range(frames):
            image = np.full((48, 64, 3), 8 * n % 256, np.uint8)
            for packet in picture.encode(av.VideoFrame.from_ndarray(image, format="rgb24")):
                target.mux(packet)
        samples = np.full((1, 48000), 0.1, np.float32)
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
        frame.sample_rate = 48000
        resampler = av.AudioResampler(hum.format, "mono", 48000)
        for piece in [*resampler.resample(frame), *resampler.resample(None), None]:
            for packet in hum.encode(piece):
                target.mux(packet)
        for packet in picture.encode():
            target.mux(packet)
    return path


def pictures(path) -> list[tuple[float, bytes]]:
    with av.open(str(path)) as source:
        return [(float(p.pts * p.time_base), bytes(p))
                for p in source.demux(source.streams.video[0]) if p.dts is not None]  # fmt: skip


def heard(path) -> np.ndarray:
    with av.open(str(path)) as source:
        frames = [f.to_ndarray() for f in source.decode(source.streams.audio[0])]
    return np.concatenate(frames, axis=1)[0]


def tone(path, seconds: float, channels: int = 1):
    t = np.arange(round(seconds * 48000)) / 48000
    samples = 0.3 * np.sin(2 * np.pi * 1000 * t) * (t > 1.0)
    soundfile.write(path, np.stack([samples] * channels, axis=1), 48000, subtype="PCM_24")
    return path


@pytest.mark.parametrize("ending", [".mp4", ".mkv", ".mov", ".webm"])
@pytest.mark.parametrize("seconds", [3.0, 1.5, 5.0])
def test_the_picture_is_the_same_and_the_sound_is_new(tmp_path, ending, seconds):
    source = film(tmp_path / f"in{ending}")
    made = write_video(tmp_path, source, tone(tmp_path / "track.wav", seconds, 1))
    assert made.name == f"video{ending}"
    before, after = pictures(source), pictures(made)
    assert [data for _, data in after] == [data for _, data in before]
    assert np.allclose([t for t, _ in after], [t for t, _ in before], atol=2e-3)
    samples = heard(made)
    assert len(samples) / 48000 == pytest.approx(seconds, abs=0.1)
    loud = np.flatnonzero(np.abs(samples) > 0.1)
    assert loud[0] / 48000 == pytest.approx(1.0, abs=0.05)
    with av.open(str(made)) as copy:
        assert len(copy.streams.audio) == 1 and len(copy.streams.video) == 1


def test_a_stereo_track_stays_stereo(tmp_path):
    source = film(tmp_path / "in.mp4")
    made = write_video(tmp_path, source, tone(tmp_path / "track.wav", 2.0, 2))
    with av.open(str(made)) as copy:
        assert copy.streams.audio[0].channels == 2


def test_what_is_no_film(tmp_path):
    with pytest.raises(EmottsError, match="must end in one of .mp4"):
        check_video(tmp_path / "a.avi")
    with pytest.raises(EmottsError, match="cannot be read"):
        check_video(tmp_path / "missing.mp4")
    (tmp_path / "text.mp4").write_text("no film")
    with pytest.raises(EmottsError, match="cannot be read"):
        check_video(tmp_path / "text.mp4")
    with av.open(str(tmp_path / "sound.mp4"), "w") as target:
        stream = target.add_stream("aac", rate=48000)
        for packet in stream.encode(None):
            target.mux(packet)
    with pytest.raises(EmottsError, match="sound.mp4"):
        check_video(tmp_path / "sound.mp4")


def test_a_copy_that_fails_leaves_nothing(tmp_path):
    source = film(tmp_path / "in.mp4")
    before = set(tmp_path.iterdir())
    with pytest.raises(Exception, match="missing.wav"):
        write_video(tmp_path, source, tmp_path / "missing.wav")
    assert set(tmp_path.iterdir()) == before
