"""Courses: exact at their knots, words with an emotion of their own, weights."""

import numpy as np

from emotts.emotion.track import EmotionTrack
from emotts.synthesis.course import PAIR_SECONDS, Course, blend, changes_of

ONE, TWO = np.array([1.0, 0.0], np.float32), np.array([0.0, 2.0], np.float32)


def test_a_part_of_a_text_hears_its_part_of_the_track():
    track = EmotionTrack([0.0, 1.0], [0 * ONE, ONE])
    found = Course(track, 0.25, 0.75).at_pairs(np.array([3, 0, 8]))
    np.testing.assert_allclose(found[:, 0], np.linspace(0.25, 0.75, 11), atol=1e-6)


def test_a_track_in_seconds_goes_on_where_the_sentence_begins():
    track = EmotionTrack([0.0, 2.0, 2.0, 9.0], [ONE, ONE, TWO, TWO], "seconds")
    pairs = int(3 / PAIR_SECONDS)
    first = Course(track).at_pairs(np.array([pairs]))
    later = Course(track, seconds=1.5).at_pairs(np.array([pairs]))
    assert (first[:, 1] > 0).argmax() == np.ceil(2 / PAIR_SECONDS)
    assert (later[:, 1] > 0).argmax() == np.ceil(0.5 / PAIR_SECONDS)


def test_words_of_their_own_are_exact_and_others_follow_the_track():
    own, vectors = np.array([False, True, False]), np.stack([0 * ONE, TWO, 0 * ONE])
    course = Course(EmotionTrack.constant(ONE), own=own, vectors=vectors)
    durations = np.array([2, 3, 1])
    found = course.at_pairs(durations)
    np.testing.assert_array_equal(found, [ONE, ONE, TWO, TWO, TWO, ONE])
    np.testing.assert_array_equal(course.at_tokens(durations.astype(float)), [ONE, TWO, ONE])
    np.testing.assert_array_equal(course.at_tokens(durations.astype(float), own=False), [ONE] * 3)
    assert not course.is_constant and Course(EmotionTrack.constant(ONE)).is_constant


def test_blending_weighs_and_leaves_out_what_only_steers():
    still = EmotionTrack.constant(ONE)
    courses = (Course(still, weight=0.5), Course(still, weight=-2.0, steers=True))
    np.testing.assert_allclose(blend(courses, [ONE[None], TWO[None]]), [[0.5, 0.0]])


def test_changes_are_a_product_and_every_moment_by_itself():
    generator = np.random.default_rng(0)
    matrix, vectors = generator.normal(size=(7, 5)), generator.normal(size=(9, 5))
    found = changes_of(matrix, vectors)
    np.testing.assert_allclose(found, vectors @ matrix.T, atol=1e-12)
    np.testing.assert_array_equal(changes_of(matrix, vectors[3:4]), found[3:4])
    still = np.repeat(vectors[3:4], 4, axis=0)
    np.testing.assert_array_equal(changes_of(matrix, still), np.repeat(found[3:4], 4, axis=0))
