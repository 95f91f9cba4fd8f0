import base64
import io

import numpy as np
import pytest
import soundfile

from emotts.audio.io import write_audio
from emotts.evaluation.report_clips import ClipShelf, f0_series

RATE = 24000


def voice(seconds=0.4, hertz=150.0):
    """A buzz at one pitch."""
    t = np.arange(int(seconds * RATE)) / RATE
    return sum(0.1 / k * np.sin(2 * np.pi * k * hertz * t) for k in range(1, 20)).astype("f4")


def decoded(uri):
    kind, data = uri.removeprefix("data:").split(";base64,")
    return kind, base64.b64decode(data)


@pytest.fixture
def folder(tmp_path):
    for name in "abc":
        write_audio(tmp_path / f"{name}.wav", voice(), RATE)
    return tmp_path


def test_an_embedded_clip_is_the_clip(folder):
    player = ClipShelf(folder, 10**6).player("a.wav", "A")
    kind, data = decoded(player.source)
    samples, rate = soundfile.read(io.BytesIO(data))
    assert kind == "audio/ogg" and soundfile.info(io.BytesIO(data)).subtype == "OPUS"
    assert len(samples) / rate == pytest.approx(0.4, abs=0.01) == player.seconds
    peak = np.argmax(np.abs(np.fft.rfft(samples * np.hanning(len(samples))))) * rate / len(samples)
    assert peak == pytest.approx(150, abs=3)


def test_a_clip_is_embedded_once_and_every_player_has_its_own_id(folder):
    shelf = ClipShelf(folder, 10**6)
    first, again, other = (shelf.player(n, n) for n in ("a.wav", "a.wav", "b.wav"))
    assert again.same_as == first.id and again.source == ""
    assert len({first.id, again.id, other.id}) == 3
    assert shelf.embedded == 2 and shelf.used == len(first.source) + len(other.source)


def test_what_does_not_fit_is_linked(folder):
    size = len(ClipShelf(folder, 10**6).player("a.wav", "A").source)
    (folder / "one two").mkdir()
    (folder / "c.wav").rename(folder / "one two" / "c?.wav")
    shelf = ClipShelf(folder, int(1.5 * size))
    players = [shelf.player(name, name) for name in ("a.wav", "b.wav", "one two/c?.wav")]
    assert [p.source[:5] for p in players] == ["data:", "b.wav", "one%2"]
    assert players[2].source == "one%20two/c%3F.wav" and players[2].seconds == pytest.approx(0.4)
    assert (shelf.embedded, shelf.linked) == (1, 2) and shelf.used <= shelf.limit


def test_a_limit_of_nothing_links_everything(folder):
    shelf = ClipShelf(folder, 0)
    assert shelf.player("a.wav", "A").source == "a.wav"
    assert shelf.strip(voice()) == "" and shelf.used == 0


def test_a_link_is_never_a_script(folder):
    name = "javascript:alert(1).wav"
    write_audio(folder / name, voice(), RATE)
    assert ":" not in ClipShelf(folder, 0).player(name, "x").source


def test_unreadable_clips_are_named_once(folder):
    (folder / "a.wav").write_bytes(b"no audio")
    shelf = ClipShelf(folder, 10**6)
    players = [shelf.player(name, name) for name in ("a.wav", "a.wav", "missing.wav")]
    assert all(player.problem and not player.source for player in players)
    assert len(shelf.problems) == 2
    assert "a.wav" in shelf.problems[0] and "missing.wav" in shelf.problems[1]


def test_a_strip_shows_low_frequencies_at_the_bottom(folder):
    image = pytest.importorskip("PIL.Image")
    low = np.sin(2 * np.pi * 300 * np.arange(RATE // 2) / RATE).astype("f4")
    shelf = ClipShelf(folder, 10**6)
    kind, data = decoded(shelf.strip(low))
    pixels = np.asarray(image.open(io.BytesIO(data)).convert("L"), dtype=float)
    assert kind == "image/jpeg" and pixels.shape == (80, RATE // 2 // 256)
    assert pixels[60:].mean() > pixels[:40].mean() + 20
    assert shelf.used > 0 and ClipShelf(folder, 10**6).strip(low[:100]) == ""


def test_f0_is_the_planted_pitch_and_broken_in_silence():
    samples = np.concatenate([voice(0.5, 150), np.zeros(RATE // 2, "f4"), voice(0.5, 220)])
    series = f0_series(samples, "x")
    early, late = series.y[series.x < 0.5], series.y[series.x > 1.0]
    assert np.nanmedian(early) == pytest.approx(150, rel=0.02)
    assert np.nanmedian(late) == pytest.approx(220, rel=0.02)
    assert np.isnan(series.y[(series.x > 0.65) & (series.x < 0.85)]).all()
