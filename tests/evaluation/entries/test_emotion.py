import numpy as np
import pytest
from sklearn.metrics import f1_score, recall_score

from emotts.emotion.vocabulary import CATEGORIES
from emotts.evaluation.clips import Clip
from emotts.evaluation.entries import emotion


def some(count=800, seed=0):
    rng = np.random.default_rng(seed)
    asked = rng.choice(CATEGORIES, count)
    clips = [Clip(str(i), f"text {i % 100}", "xy"[i % 2], e) for i, e in enumerate(asked)]
    return clips, asked, rng


def test_recall_is_that_of_scikit_learn():
    clips, asked, rng = some()
    heard = np.where(rng.random(len(asked)) < 0.6, asked, rng.choice(CATEGORIES, len(asked)))
    figures = emotion.emotion_figures(clips, heard, CATEGORIES)
    assert figures["uar"].value == pytest.approx(recall_score(asked, heard, average="macro"))
    assert figures["macro_f1"] == pytest.approx(f1_score(asked, heard, average="macro"))
    assert figures["uar"].low < figures["uar"].value < figures["uar"].high
    mine = np.array([c.voice == "x" for c in clips])
    truth = recall_score(asked[mine], heard[mine], average="macro")
    assert figures["by_voice"]["x"] == pytest.approx(truth)


def test_shuffled_labels_give_chance():
    clips, asked, rng = some()
    figures = emotion.emotion_figures(clips, rng.permutation(asked), CATEGORIES)
    assert figures["uar"].value == pytest.approx(1 / 8, abs=0.04)
    assert figures["uar"].low < figures["uar"].value < figures["uar"].high


def test_what_was_asked_at_intensity_zero_is_neutral():
    rows = [Clip("a", "a", "x", "sad", 0.0), Clip("b", "b", "x", "sad", 1.0)]
    assert emotion.emotion_figures(rows, ["neutral", "sad"], CATEGORIES)["accuracy"] == 1
    assert emotion.emotion_figures(rows, ["sad", "sad"], CATEGORIES)["uar"].value == 0.5


def test_an_even_choice_keeps_every_voice_and_emotion():
    clips = [Clip(str(i), "t", "xy"[i % 2], CATEGORIES[i % 8]) for i in range(400)]
    kept = emotion.evenly(clips, 5)
    assert len(kept) == len(set(kept)) == 8 * 5  # each emotion belongs to one voice here
    assert emotion.evenly(clips, 1000) == sorted(clips, key=lambda c: kept_order(clips, c))


def kept_order(clips, clip):
    cells = list(dict.fromkeys((c.voice, c.emotion) for c in clips))
    return cells.index((clip.voice, clip.emotion)), int(clip.path)


def test_a_judge_that_hears_what_was_asked_finds_everything(bench):
    entry = emotion.run(bench)
    assert entry.figures["synthesis: uar"] == 1
    assert entry.figures["synthesis: ser_b_whisper_uar"] == 1
    assert entry.figures["synthesis: ser_a_uar"] is None  # absent, not zero
    assert np.array(entry.matrices[0]["counts"]).trace() == len(
        [row for row in entry.rows if row["set"] == "synthesis"]
    )
