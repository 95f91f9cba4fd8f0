import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotts.emotion.track import EmotionTrack
from emotts.errors import EmottsError

DIM = 3
RATE = 93.75


@st.composite
def tracks(draw, unit=None, interpolation=None):
    """Tracks with knots on a grid of 64ths, some of them jumps."""
    places = draw(st.lists(st.integers(0, 64), min_size=1, max_size=6, unique=True).map(sorted))
    jumps = draw(st.lists(st.sampled_from(places), max_size=2, unique=True))
    unit = unit or draw(st.sampled_from(["fraction", "seconds"]))
    positions = np.array(sorted([*places, *jumps])) / 64 * (1 if unit == "fraction" else 4)
    return EmotionTrack(
        positions,
        np.random.default_rng(draw(st.integers(0, 99))).integers(-9, 10, (len(positions), DIM)) / 8,
        unit,
        interpolation or draw(st.sampled_from(["linear", "smooth"])),
    )


@given(tracks())
def test_knots_are_exact(track):
    for index, position in enumerate(track.positions):
        if index + 1 < len(track.positions) and track.positions[index + 1] == position:
            continue  # a jump: its later side counts
        assert np.array_equal(track.at(position), track.vectors[index])


@given(tracks(), st.integers(1, 200))
def test_no_value_overshoots_the_knots(track, frames):
    sampled = track.sample(frames, RATE)
    assert sampled.shape == (frames, DIM) and sampled.dtype == np.float32
    assert (sampled >= track.vectors.min(axis=0) - 1e-5).all()
    assert (sampled <= track.vectors.max(axis=0) + 1e-5).all()


def test_frames_at_knots_are_exact():
    vectors = np.random.default_rng(0).normal(size=(3, DIM)).astype(np.float32)
    seconds = EmotionTrack([0.32, 0.64, 1.28], vectors, "seconds").sample(200, RATE)
    assert np.array_equal(seconds[[30, 60, 120]], vectors)
    assert np.array_equal(seconds[[0, 29, 199]], vectors[[0, 0, 2]])  # held outside
    fractions = EmotionTrack([0, 0.25, 1], vectors, "fraction", "smooth").sample(101, RATE)
    assert np.array_equal(fractions[[0, 25, 100]], vectors)


def test_linear_goes_straight_and_smooth_eases():
    ramp = [[0.0], [1.0]]
    straight = EmotionTrack([0, 1], ramp).at([0.1, 0.5, 0.9])[:, 0]
    eased = EmotionTrack([0, 1], ramp, interpolation="smooth").at([0.1, 0.5, 0.9])[:, 0]
    assert straight == pytest.approx([0.1, 0.5, 0.9])
    assert eased == pytest.approx([0.028, 0.5, 0.972])


def test_a_jump_is_sharp():
    track = EmotionTrack([0, 1, 1, 2], [[1.0], [1.0], [5.0], [5.0]], "seconds")
    assert track.at([0.5, 0.999, 1.0, 1.5])[:, 0].tolist() == [1, 1, 5, 5]


def test_constant_is_the_same_everywhere():
    vector = np.array([0.1, -0.7, 0.3], dtype=np.float32)
    sampled = EmotionTrack.constant(vector).sample(57, RATE)
    assert np.array_equal(sampled, np.tile(vector, (57, 1)))
    assert EmotionTrack.constant(vector).sample(0, RATE).shape == (0, 3)
    assert np.array_equal(EmotionTrack.constant(vector).sample(1, RATE), vector[None])


@given(tracks())
def test_scaling_by_zero_is_neutral_to_the_bit(track):
    neutral = EmotionTrack.constant(np.zeros(DIM))
    silent = track.scale(0)
    assert silent.is_neutral and neutral.is_neutral
    assert silent.sample(50, RATE).tobytes() == neutral.sample(50, RATE).tobytes()
    assert track.is_neutral == (not track.vectors.any())


@given(tracks(), st.integers(0, 100).map(lambda i: i / 50))
def test_scaling_commutes_with_sampling(track, factor):
    scaled = track.scale(factor).sample(40, RATE)
    assert np.allclose(scaled, np.float32(factor) * track.sample(40, RATE), atol=1e-5)


@given(tracks(interpolation="linear"), st.integers(0, 62), st.integers(1, 64))
def test_a_slice_holds_what_the_track_held_there(track, start, length):
    scale = 1 if track.unit == "fraction" else 4
    start, end = start / 64 * scale, min(start + length, 64) / 64 * scale
    inner = np.linspace(0.013, 0.987, 31)  # off the grid, so beside any jump
    part = track.slice(start, end)
    at = inner if track.unit == "fraction" else inner * (end - start)
    assert np.allclose(part.at(at), track.at(start + inner * (end - start)), atol=1e-4)


@given(tracks(interpolation="linear"), st.integers(1, 63))
def test_joining_the_parts_gives_the_whole(track, cut):
    length = 1 if track.unit == "fraction" else 4
    cut = cut / 64 * length
    joined = track.slice(0, cut).join(track.slice(cut, length), cut)
    where = np.linspace(0.0031, 0.9969, 97) * length
    assert np.allclose(joined.at(where), track.at(where), atol=1e-4)


@given(tracks(unit="seconds"), tracks(unit="seconds"), st.integers(1, 32))
def test_joined_seconds_are_first_then_second(first, second, cut):
    second = EmotionTrack(second.positions, second.vectors, "seconds", first.interpolation)
    joined = first.join(second, cut / 8)
    later = np.linspace(0, 5, 41)
    assert np.allclose(joined.at(cut / 8 + later), second.at(later), atol=1e-3)
    knots = first.positions[first.positions < cut / 8]
    assert np.allclose(joined.at(knots), first.at(knots), atol=1e-4)


@given(tracks(unit="seconds", interpolation="linear"), st.integers(0, 40))
def test_a_sentence_begins_within_a_track(track, tenths):
    start, later = tenths / 10, np.linspace(0.0031, 6, 61)
    assert np.allclose(track.shifted(-start).at(later), track.at(start + later), atol=1e-3)
    moved = track.shifted(start)
    assert np.allclose(moved.at(start + later), track.at(later), atol=1e-3)
    assert np.array_equal(moved.at(0), track.at(0) if start == 0 else track.vectors[0])


def test_fractions_cannot_be_shifted():
    with pytest.raises(EmottsError, match="only tracks in seconds"):
        EmotionTrack.constant(np.ones(2)).shifted(1)
    with pytest.raises(EmottsError, match="finite"):
        EmotionTrack([0], [[1.0]], "seconds").shifted(float("nan"))


@given(tracks())
def test_files_give_the_track_back(tmp_path_factory, track):
    path = tmp_path_factory.mktemp("track") / "track.npz"
    track.save(path)
    assert EmotionTrack.load(path) == track


def test_equality():
    track = EmotionTrack([0, 1], [[0.0], [1.0]])
    assert track == EmotionTrack([0, 1], [[0.0], [1.0]])
    assert track != EmotionTrack([0, 1], [[0.0], [1.0]], "seconds")
    assert track != EmotionTrack([0, 1], [[0.0], [2.0]])
    assert track != "track"


def test_a_track_cannot_be_changed_from_outside():
    vectors = np.zeros((1, 2), dtype=np.float32)
    track = EmotionTrack([0], vectors)
    vectors[:] = 1
    assert track.is_neutral
    with pytest.raises(ValueError):
        track.vectors[0, 0] = 1


@pytest.mark.parametrize(
    "parts, message",
    [
        (([], np.zeros((0, 2))), "at least 1"),
        (([0], [1.0]), "positions \\(k,\\) and vectors"),
        (([0, 1], [[1.0]]), "2 positions but 1 vectors"),
        (([0], [[np.nan]]), "finite"),
        (([np.inf], [[1.0]], "seconds"), "finite"),
        (([-0.1], [[1.0]]), "0…1"),
        (([0, 1.1], [[1.0], [1.0]]), "0…1"),
        (([1, 0], [[1.0], [1.0]]), "must not fall"),
        (([0, 0, 0], [[1.0], [1.0], [1.0]]), "at most two"),
        (([0], [[1.0]], "minutes"), "fraction, seconds"),
        (([0], [[1.0]], "seconds", "wobbly"), "linear, smooth"),
    ],
)
def test_what_is_no_track_is_refused(parts, message):
    with pytest.raises(EmottsError, match=message):
        EmotionTrack(*parts)


def test_calls_out_of_range_are_refused():
    track = EmotionTrack.constant(np.ones(2))
    for frames, rate in ((-1, RATE), (5, 0), (5, float("nan"))):
        with pytest.raises(EmottsError, match="cannot sample"):
            track.sample(frames, rate)
    for start, end in ((0.5, 0.5), (0.6, 0.5), (0, 1.5), (-0.1, 1), (0, float("nan"))):
        with pytest.raises(EmottsError, match="slice needs"):
            track.slice(start, end)
    for at in (0, 1, float("nan")):
        with pytest.raises(EmottsError, match="outside the utterance"):
            track.join(track, at)
    with pytest.raises(EmottsError, match="one unit"):
        track.join(EmotionTrack.constant(np.ones(3)), 0.5)


def test_files_that_are_no_track(tmp_path):
    path = tmp_path / "a.npz"
    with pytest.raises(EmottsError, match="a.npz is no emotion track"):
        EmotionTrack.load(path)
    path.write_text("text")
    with pytest.raises(EmottsError, match="a.npz is no emotion track"):
        EmotionTrack.load(path)
    np.savez(path, positions=[0.0])
    with pytest.raises(EmottsError, match="a.npz is no emotion track"):
        EmotionTrack.load(path)
    np.savez(path, positions=np.array([object()]), vectors=[[0.0]], unit="f", interpolation="l")
    with pytest.raises(EmottsError, match="a.npz is no emotion track"):
        EmotionTrack.load(path)
    np.savez(path, positions=[2.0], vectors=[[0.0]], unit="fraction", interpolation="linear")
    with pytest.raises(EmottsError, match="a.npz: a track's positions"):
        EmotionTrack.load(path)
