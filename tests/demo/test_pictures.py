"""Pictures, read back from their pixels."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.image import imread

from emotts.audio.speech import Segment, Speech
from emotts.demo.pictures import COLOURS, RED, affect_at, f0_picture, mel_picture, plane_picture
from emotts.emotion.affect import NORMS

T = np.arange(36000) / 24000
TONE = np.sum([0.1 * np.sin(2 * np.pi * 180 * k * T) / k for k in range(1, 9)], axis=0)


def near(picture, colour):
    """Places (row, column) of the pixels of a colour."""
    return np.argwhere(np.abs(picture[..., :3] - to_rgb(colour)).max(axis=-1) < 0.02)


@pytest.mark.parametrize("name", ["happy", "sad", "disgust"])
def test_a_click_on_an_emotion_is_its_place(tmp_path, name):
    picture = imread(plane_picture({name: NORMS[name]}, tmp_path / "map.png"))
    row, column = near(picture, COLOURS[name]).mean(axis=0)
    assert affect_at(column + 0.5, row + 0.5) == pytest.approx(NORMS[name][:2], abs=0.01)


def test_the_edges_of_the_map():
    assert affect_at(250, 250) == (0, 0)
    assert affect_at(-50, -50) == (-1, 1)
    assert affect_at(500, 500) == (1, -1)


def test_chosen_and_heard_points_are_drawn_where_they_are(tmp_path):
    picture = imread(plane_picture({}, tmp_path / "map.png", heard=(0.5, -0.5)))
    row, column = np.median(near(picture[:400], RED), axis=0)
    assert affect_at(column, row) == pytest.approx((0.5, -0.5), abs=0.03)


def test_melody_is_drawn_where_there_is_some(tmp_path):
    voiced = Speech(TONE, 24000, (Segment("ðə$_", 0.1, 0.4),))
    silent = Speech(np.zeros(24000), 24000)
    with_melody = len(near(imread(mel_picture(voiced, tmp_path / "a.png"))[:, :480], RED))
    without = len(near(imread(mel_picture(silent, tmp_path / "b.png"))[:, :480], RED))
    assert with_melody > 200
    assert without == 0


def test_every_clip_has_its_curve(tmp_path):
    picture = imread(f0_picture({"happy": TONE, "sad": TONE[::2]}, tmp_path / "f0.png"))
    assert len(near(picture[:, :780], COLOURS["happy"])) > 50
    assert len(near(picture[:, :780], COLOURS["sad"])) > 50
