import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from emotts.emotion.affect import NORMS, Affect
from emotts.emotion.emotion import Emotion
from emotts.emotion.palette import Palette
from emotts.emotion.parse import Part
from emotts.emotion.space import EmotionSpace
from emotts.emotion.vocabulary import CATEGORIES
from emotts.errors import EmottsError

DIM = 12
RANDOM = np.random.default_rng(7)
SPACE = EmotionSpace(
    np.eye(DIM),
    np.zeros(DIM),
    {name: RANDOM.normal(size=DIM) for name in CATEGORIES[1:]},
    {"happy": ([0.0, 0.5, 1.0], [1.6, 1.2, 1.0])},
    {name: RANDOM.normal(size=DIM) for name in CATEGORIES[1:]},
)
SMUG = RANDOM.normal(size=DIM).astype(np.float32)
PALETTE = Palette(SPACE, {"smug": SMUG})
NOTHING = np.zeros(DIM, np.float32).tobytes()

parts = st.builds(
    Part,
    st.sampled_from([*CATEGORIES, "smug", "awe", "love", "hostile"]),
    st.integers(0, 12).map(lambda i: i / 32),
)


@pytest.mark.parametrize("name", PALETTE.names)
def test_intensity_zero_of_anything_is_neutral_to_the_bit(name):
    for spec, intensity in ((name, 0), (f"{name}:0", None), (f"{name}:0+neutral:1", None)):
        assert PALETTE.vector(spec, intensity).tobytes() == NOTHING
        assert PALETTE.track(spec, intensity).is_neutral
    assert PALETTE.parts(name, 0) == ()


@pytest.mark.parametrize("spec", [None, "neutral", "neutral:1.5", Emotion(), ()])
def test_neutral_is_the_origin(spec):
    assert PALETTE.vector(spec).tobytes() == NOTHING
    assert PALETTE.vector(Affect(0, 0, 0)).tobytes() == NOTHING


@given(st.sampled_from(CATEGORIES), st.floats(0, 1.5))
def test_one_category_is_what_the_space_says(name, intensity):
    wanted = SPACE.vector(Emotion(name, intensity))
    assert np.array_equal(PALETTE.vector(Emotion(name, intensity)), wanted)
    assert np.array_equal(PALETTE.vector(name, intensity), wanted)


def test_a_mix_is_the_calibrated_weighted_sum():
    happy, sad = SPACE.directions["happy"], SPACE.directions["sad"]
    assert np.allclose(PALETTE.vector("happy:0.5+sad:0.4"), 0.5 * 1.2 * happy + 0.4 * sad)
    plain = Palette(SPACE, calibrated=False)
    assert np.allclose(plain.vector("happy:0.5+sad:0.4"), 0.5 * happy + 0.4 * sad)
    assert np.allclose(PALETTE.vector("smug:0.5"), 0.5 * SMUG)


@given(st.lists(parts, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_order_does_not_matter_to_the_bit(mix, random):
    other = mix.copy()
    random.shuffle(other)
    assert PALETTE.parts(mix) == PALETTE.parts(other)
    assert PALETTE.vector(mix).tobytes() == PALETTE.vector(other).tobytes()


@given(st.permutations(["sad:1", "angry:-0.5", "disgust:-1", "happy:0.25"]))
def test_nor_does_it_for_suppression(pieces):
    wanted = PALETTE.vector("sad:1+happy:0.25+angry:-0.5+disgust:-1")
    assert np.array_equal(PALETTE.vector("+".join(pieces)), wanted)


@given(st.lists(parts, min_size=1, max_size=4))
def test_unfolding_changes_nothing(mix):
    assert np.array_equal(PALETTE.vector(PALETTE.parts(mix)), PALETTE.vector(mix))


def test_presets_unfold_and_repeated_names_add_up():
    assert PALETTE.parts("awe:0.5") == (Part("fearful", 0.25), Part("surprised", 0.25))
    assert PALETTE.parts("awe:0.5+fearful:0.5") == (Part("fearful", 0.75), Part("surprised", 0.25))
    assert PALETTE.parts("happy+sad", 0.5) == (Part("happy", 0.25), Part("sad", 0.25))


def test_negative_intensity_suppresses_and_is_no_opposite():
    sad, angry = PALETTE.vector("sad"), SPACE.directions["angry"]
    assert np.allclose(
        PALETTE.vector("sad:1+angry:-0.5"), PALETTE.suppress(sad, "angry", 0.5), atol=1e-6
    )
    assert not PALETTE.vector("angry", -1).any()
    assert PALETTE.parts("angry", -0.5) == (Part("angry", -0.5),)
    both = PALETTE.vector("sad:0.5+angry:1+angry:-1")
    assert both @ angry <= 1e-4
    assert PALETTE.suppress(np.stack([sad, angry]), "anger", 1).shape == (2, DIM)


def test_intensity_scales_mixes_and_affect():
    assert np.allclose(PALETTE.vector("sad:0.6+angry:0.4", 0.5), PALETTE.vector("sad:.3+angry:.2"))
    affect = Affect(-0.3, 0.4, 0.1)
    assert np.allclose(PALETTE.vector(affect, 0.5), 0.5 * PALETTE.vector(affect), atol=1e-6)
    assert np.array_equal(PALETTE.vector("sad:0.5", 0.5), PALETTE.vector("sad:0.5"))
    with pytest.raises(EmottsError, match="given twice"):
        PALETTE.vector("sad:0.5", 0.8)


def test_the_other_directions_are_uncalibrated():
    other = Palette(SPACE, kind="unsupervised")
    assert np.allclose(other.vector("happy:0.5"), 0.5 * SPACE.unsupervised["happy"])
    bare = EmotionSpace(SPACE.projection, SPACE.neutral_centre, SPACE.directions)
    with pytest.raises(EmottsError, match="no unsupervised directions"):
        Palette(bare, kind="unsupervised")
    with pytest.raises(EmottsError, match="supervised or unsupervised"):
        Palette(SPACE, kind="other")


def test_a_space_offers_only_what_it_can_make():
    small = EmotionSpace(np.eye(2), np.zeros(2), {"happy": [1, 0], "surprised": [0, 1]})
    palette = Palette(small)
    assert {"neutral", "happy", "surprised", "delight", "excited"} <= set(palette.names)
    assert not {"sad", "awe"} & set(palette.names)
    for spec in ("sad", Emotion("sad"), [Part("sad")]):
        with pytest.raises(EmottsError, match="no 'sad'; choose from neutral, happy, surprised"):
            palette.vector(spec)
    with pytest.raises(EmottsError, match="unknown emotion 'awe'"):
        palette.vector("awe")


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda p: p.vector("happpy"), "did you mean happy"),
        (lambda p: p.vector("awe:-0.5"), "awe is a mix; suppress one of its parts"),
        (lambda p: p.vector("happy", 1.6), "intensity must be a number from -1"),
        (lambda p: p.vector("happy", "loud"), "intensity must be"),
        (lambda p: p.vector("happy", True), "intensity must be"),
        (lambda p: p.vector("ecstasy", 1.5), "add up to 1.95"),
        (lambda p: p.vector([Part("happy", 2.0)]), "weight of happy"),
        (lambda p: p.parts(Affect(0, 0, 0)), "affect is a place"),
        (lambda p: p.suppress(np.ones(DIM), "neutral", 1), "no offset from neutral"),
        (lambda p: p.suppress(np.ones(3), "happy", 1), "cannot be suppressed"),
        (lambda p: p.affect_vector(), "at least one of valence"),
        (lambda p: p.affect_vector(valence=1.5), "valence must be a number"),
    ],
)
def test_what_cannot_be_meant(call, message):
    with pytest.raises(EmottsError, match=message):
        call(PALETTE)


@pytest.mark.parametrize(
    "learned, message",
    [
        ({"smug": np.ones(3)}, "'smug' has shape"),
        ({"smug": np.full(DIM, np.nan)}, "'smug' has shape"),
        ({"Joy": np.ones(DIM)}, "that ships"),
        ({"love": np.ones(DIM)}, "that ships"),
        ({"hostile": np.ones(DIM)}, "that ships"),
    ],
)
def test_learnt_emotions_that_do_not_fit(learned, message):
    with pytest.raises(EmottsError, match=message):
        Palette(SPACE, learned)


@pytest.mark.parametrize("name", CATEGORIES)
def test_a_categorys_affect_is_that_category(name):
    wanted = SPACE.vector(Emotion(name)) if name != "neutral" else np.zeros(DIM)
    assert np.allclose(PALETTE.affect_vector(*NORMS[name]), wanted, atol=1e-5)
    assert PALETTE.affect(PALETTE.affect_vector(*NORMS[name])) == pytest.approx(
        NORMS[name], abs=1e-5
    )


def test_any_subset_of_affect_will_do():
    for given_ in ({"valence": 0.5}, {"arousal": -0.4, "dominance": 0.1}, {"dominance": -0.3}):
        read = PALETTE.affect(PALETTE.affect_vector(**given_))._asdict()
        assert all(np.sign(read[k]) == np.sign(v) for k, v in given_.items())
    assert PALETTE.affect_vector(arousal=0).tobytes() == NOTHING


@pytest.fixture(scope="module")
def shipped():
    pytest.importorskip("torch")
    from emotts.synthesis.reference import load_space

    return Palette(load_space())


@pytest.mark.parametrize("axis", Affect._fields)
def test_along_an_axis_the_shipped_space_follows_all_the_way(shipped, axis):
    asked = np.linspace(-0.8, 0.8, 17)
    read = [getattr(shipped.affect(shipped.affect_vector(**{axis: a})), axis) for a in asked]
    assert (np.diff(read) > 0).all()


@pytest.mark.slow
@pytest.mark.parametrize("grid", [2, 3])
def test_what_is_asked_of_the_shipped_space_is_read_back(shipped, grid):
    """Dominance is least free there: in three dimensions only the other two are promised."""
    steps = np.linspace(-0.8, 0.8, 9) if grid == 2 else np.linspace(-0.6, 0.6, 4)
    asked = np.array(list(itertools.product(*[steps] * grid)))
    read = np.array([shipped.affect(shipped.affect_vector(*point)) for point in asked])
    for axis in (0, 1):
        assert spearmanr(asked[:, axis], read[:, axis])[0] >= 0.95


def test_no_asking_leads_far_away(shipped):
    longest = max(np.linalg.norm(d) for d in shipped.space.directions.values())
    for corner in itertools.product([-1, 1], repeat=3):
        assert np.linalg.norm(shipped.affect_vector(*corner)) < 1.5 * longest
