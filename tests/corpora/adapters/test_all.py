"""What holds for every corpus: layout, vocabulary, splits, honest errors."""

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from trees import TREES  # noqa: E402

from emotts.corpora.audio import read_clip  # noqa: E402
from emotts.corpora.clips import BEYOND, read_corpus, usable  # noqa: E402
from emotts.corpora.labels import FURTHER  # noqa: E402
from emotts.corpora.manifest import assert_no_leak, training_rows  # noqa: E402
from emotts.corpora.registry import CORPORA, corpus_named  # noqa: E402
from emotts.emotion.vocabulary import CATEGORIES  # noqa: E402
from emotts.errors import EmottsError  # noqa: E402
from emotts.text.phonemes import languages  # noqa: E402

NEEDS = {"emonet": ("pandas", "pyarrow")}


@pytest.fixture(scope="module", params=sorted(CORPORA))
def corpus(request, tmp_path_factory):
    """A corpus and a tree of it, in a folder called en for Common Voice."""
    for package in NEEDS.get(request.param, ()):
        pytest.importorskip(package)
    root = tmp_path_factory.mktemp(request.param) / "en"
    root.mkdir()
    TREES[request.param](root)
    return CORPORA[request.param], root


@pytest.fixture(scope="module")
def clips(corpus):
    return read_corpus(*corpus)


def test_every_corpus_has_a_tree():
    assert set(TREES) == set(CORPORA)


def test_clips_are_whole_and_speak_the_vocabulary(corpus, clips):
    made, root = corpus
    assert clips and not [c.problem for c in clips if c.problem]
    for clip in clips:
        assert clip.corpus == made.name and clip.id.startswith(f"{made.name}/")
        assert clip.emotion in (*CATEGORIES, *FURTHER, "")
        assert bool(clip.original_emotion) == bool(clip.emotion)
        assert clip.language in languages()
        assert clip.seconds > 0
    samples = read_clip(root, clips[0].path)
    assert len(samples) / 24000 == pytest.approx(clips[0].seconds, abs=0.03)


def test_nobody_and_no_sentence_held_out_is_in_training(clips):
    rows, left_out = usable(clips, further=True)
    assert len(rows) + sum(left_out.values()) == len(clips)
    assert_no_leak(training_rows(rows), rows)
    held = {r.speaker for r in rows if r.held_out == "speaker"}
    assert not held & {r.speaker for r in rows if r.split == "train"}
    per_split = {
        split: {r.speaker for r in rows if r.split == split and r.held_out == "speaker"}
        for split in ("dev", "test")
    }
    assert not per_split["dev"] & per_split["test"]


def test_the_tree_shows_a_test_split_and_what_it_holds_out(corpus, clips):
    splits = {c.split for c in clips}
    assert splits == ({"test"} if corpus[0].name == "emonet" else {"train", "dev", "test"} & splits)
    assert "test" in splits
    assert all(c.held_out in ("speaker", "sentence") for c in clips if c.split == "test")


def test_the_eight_alone_unless_more_is_asked_for(clips):
    eight, left_out = usable(clips)
    everything, _ = usable(clips, further=True)
    assert {r.emotion for r in eight} <= set(CATEGORIES)
    assert len(everything) - len(eight) == left_out[BEYOND]


def test_a_folder_of_something_else_is_said_to_be_one(corpus, tmp_path):
    made, _ = corpus
    with pytest.raises(EmottsError, match=re.escape(made.layout[:20])):
        read_corpus(made, tmp_path)
    with pytest.raises(EmottsError, match="folder|lacks"):
        read_corpus(made, tmp_path / "missing")


def test_every_corpus_says_licence_link_and_rule(corpus):
    made, _ = corpus
    module = sys.modules[made.read.__module__]
    assert "Licence:" in module.__doc__ and made.link.split("//")[0] in ("http:", "https:")
    assert made.licence and made.splits.note and made.layout and made.obtain


def test_corpora_are_found_by_their_usual_names():
    assert corpus_named("CREMA-D") is CORPORA["cremad"]
    assert corpus_named("Att-HACK") is CORPORA["atthack"]
    with pytest.raises(EmottsError, match="choose from esd, emovdb"):
        corpus_named("timit")
