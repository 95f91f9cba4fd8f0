import numpy as np
import pytest

from emotts.evaluation.entries import word_control
from emotts.evaluation.sets import NoControl


def test_a_mean_change_is_over_sentences_and_leaves_the_unvoiced_out():
    changes = [np.array([[2.0, 1, 1], [0, 0, 1]]), np.array([[4.0, 3, 1], [np.nan, 0, 1]])]
    on = word_control.mean_change(changes, 0, 0)
    assert on.value == 3 and (on.low, on.high) == (2, 4)
    assert word_control.mean_change(changes, 1, 0).value == 0


def test_a_synthesizer_that_reads_tags_aloud_has_no_word_control(bench):
    with pytest.raises(NoControl, match="aloud"):
        word_control.run(bench)


def test_a_mark_that_does_nothing_changes_nothing(bench, monkeypatch):
    say = bench.synthesizer.synthesize

    def deaf(text, **options):
        for tag in ("[angry 1]", "[sad 1]", "[angry 0.9]", "[/]", "*"):
            text = text.replace(tag, "")
        return say(text, **options)

    monkeypatch.setattr(bench.synthesizer, "synthesize", deaf)
    entry = word_control.run(bench)
    for mark in word_control.MARKS:
        assert entry.figures[f"{mark}: level_db"] == 0
        assert entry.figures[f"{mark}: level_db_elsewhere"] == 0
        assert entry.figures[f"{mark}: duration_ratio"] == 1
