import numpy as np
import pytest

from emotts.emotion.plots import shares
from emotts.emotion.track import EmotionTrack
from emotts.errors import EmottsError

DIRECTIONS = {"happy": np.array([2.0, 0, 1.0]), "sad": np.array([0, 1.0, 1.0])}


def test_shares_undo_a_mix():
    weights = np.array([[0.3, 0.9], [0, 0], [1.2, 0]])
    vectors = weights @ np.stack(list(DIRECTIONS.values()))
    found = shares(vectors, DIRECTIONS)
    assert np.allclose(np.stack([found["happy"], found["sad"]], axis=1), weights, atol=1e-9)


def test_shares_are_never_negative():
    found = shares(-np.ones((1, 3)), DIRECTIONS)
    assert found["happy"] == found["sad"] == 0


@pytest.mark.parametrize("unit, end", [("fraction", 1.0), ("seconds", 2.5)])
@pytest.mark.parametrize("directions", [None, DIRECTIONS])
def test_a_picture_is_drawn(tmp_path, unit, end, directions):
    pytest.importorskip("matplotlib")
    track = EmotionTrack([0, end], [DIRECTIONS["happy"], DIRECTIONS["sad"]], unit)
    track.plot(tmp_path / "track.svg", directions)
    assert "<svg" in (tmp_path / "track.svg").read_text(encoding="utf-8")
    track.plot(tmp_path / "track.png", directions)
    assert (tmp_path / "track.png").read_bytes().startswith(b"\x89PNG")


def test_other_files_cannot_be_drawn(tmp_path):
    track = EmotionTrack.constant(np.ones(3))
    with pytest.raises(EmottsError, match=".png, .svg, .pdf"):
        track.plot(tmp_path / "track.txt")
    pytest.importorskip("matplotlib")
    with pytest.raises(EmottsError, match="cannot write"):
        track.plot(tmp_path / "absent" / "track.png")
