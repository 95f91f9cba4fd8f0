import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from emotts.emotion.palette import Palette
from emotts.emotion.plan import Paragraph, Plan, PlanLine, paragraphs
from emotts.emotion.space import EmotionSpace
from emotts.errors import EmottsError

TEXT = "One is here. Two is there.\n\nThree stands alone."


class Axes:
    """A palette in which happy and sad are two axes."""

    def vector(self, spec, intensity=None):
        if spec == "neutral":
            return np.zeros(2, np.float32)
        if spec not in ("happy", "sad"):
            raise EmottsError(f"no {spec} here")
        intensity = 1.0 if intensity is None else intensity
        return np.float32(intensity) * np.eye(2, dtype=np.float32)[["happy", "sad"].index(spec)]


def plan_of(*groups):
    """Each group is a paragraph of (text, emotion, intensity)."""
    return Plan(
        paragraphs=[
            Paragraph(sentences=[PlanLine(text=t, emotion=e, intensity=i) for t, e, i in group])
            for group in groups
        ]
    )


def example():
    return plan_of(
        [("One is here.", "happy", 1.0), ("Two is there.", "sad", 0.5)],
        [("Three stands alone.", "neutral", 0.0)],
    )


words = st.text("aäż'\":#-[]{}&*!|>%@ \u2028\U0001f642", min_size=1, max_size=30).filter(
    lambda text: text.strip()
)


@settings(max_examples=30)
@given(st.lists(words, min_size=1, max_size=4), st.integers(0, 150), words)
def test_files_give_the_plan_back(tmp_path_factory, texts, level, why):
    path = tmp_path_factory.mktemp("plan") / "plan.yaml"
    plan = plan_of([(text, "happy:0.6+sad:0.4", level / 100) for text in texts])
    plan.lines[0].why = why
    plan.save(path)
    loaded = Plan.load(path)
    assert (loaded.lines, loaded.language) == (plan.lines, plan.language)


def test_knots_stand_at_the_middles_of_sentences():
    plan = plan_of([("a" * 10, "happy", 1.0), ("b" * 30, "sad", 0.5), ("c" * 10, "neutral", 0.0)])
    (track,) = plan.tracks(Axes())
    assert track.positions.tolist() == pytest.approx([0.1, 0.5, 0.9])
    assert track.vectors.tolist() == [[1, 0], [0, 0.5], [0, 0]]
    assert (track.unit, track.interpolation) == ("fraction", "smooth")


def test_every_paragraph_has_a_track_and_neutral_is_exact():
    first, second = example().tracks(Axes())
    assert not first.is_neutral and second.is_neutral


def test_the_palette_reads_names_mixes_and_presets():
    space = EmotionSpace(np.eye(2), np.zeros(2), {"happy": [1, 0], "sad": [0, 1]})
    plan = plan_of(
        [("A.", "Joy", 0.5), ("B.", "happy:0.6+sad:0.4", 0.5), ("C.", "very sad", 1.0)],
        [("D.", "happy", 0.0)],
    )
    first, second = plan.tracks(Palette(space))
    assert first.vectors[:2] == pytest.approx(np.array([[0.5, 0], [0.3, 0.2]]))
    assert first.vectors[2, 0] == 0 < first.vectors[2, 1]
    assert second.is_neutral
    twice = plan_of([("A.", "happy:0.6", 0.5)])
    with pytest.raises(EmottsError, match="sentence 1 of the plan: the intensity is given twice"):
        twice.tracks(Palette(space))


def test_the_emotion_never_jumps_along_a_track():
    track = example().tracks(Axes())[0].sample(400, 100.0)
    assert np.abs(np.diff(track, axis=0)).max() < 0.02


def test_an_emotion_nobody_knows_is_named_with_its_line(tmp_path):
    example().save(tmp_path / "plan.yaml")
    text = (tmp_path / "plan.yaml").read_text("utf-8").replace("emotion: sad", "emotion: smug")
    (tmp_path / "plan.yaml").write_text(text, "utf-8")
    line = text.split("\n").index("  - text: Two is there.") + 1
    with pytest.raises(
        EmottsError, match=rf"line {line} of .*\(paragraph 1, sentence 2\): no smug"
    ):
        Plan.load(tmp_path / "plan.yaml").tracks(Axes())


@pytest.mark.parametrize("text", [TEXT, TEXT.replace(" ", "\n"), TEXT.replace("\n", "\r\n")])
def test_a_plan_fits_its_text_whatever_the_spaces(text):
    example().check(text)


def test_sentences_may_be_cut_and_joined():
    plan_of(
        [("One is", "happy", 1.0), ("here. Two is there.", "sad", 1.0)],
        [("Three stands alone.", "sad", 1.0)],
    ).check(TEXT)


@pytest.mark.parametrize(
    "text, says",
    [
        (TEXT.replace("Two is", "Ten was"), 'sentence 2 of the plan has "Two is there." where the'),
        (TEXT.replace("Two is", "Ten was"), 'the text has "Ten was there."'),
        (TEXT.replace("there.", "there. Or not."), 'goes on with "Or not."'),
        ("One is here.\n\nThree stands alone.", "the text has the end of the paragraph"),
        (TEXT + "\n\nFour.", "has 2 paragraphs and the text 3; they part after paragraph 2"),
        ("One is here. Two is there.", "has 2 paragraphs and the text 1"),
    ],
)
def test_a_text_that_changed_is_named_where_it_did(text, says):
    with pytest.raises(EmottsError, match=re.escape(says)):
        example().check(text)


@pytest.mark.parametrize(
    "old, new, says",
    [
        ("intensity: 0.5", "intensity: 1.6", "less than or equal to 1.5"),
        ("intensity: 0.5", "intensity: yes", "valid number"),
        ("intensity: 0.5", "intensity: .nan", "finite number"),
        ("emotion: sad", "emotion: ''", "must not be empty"),
        ("emotion: sad", "mood: sad", "mood: extra inputs are not permitted"),
    ],
)
def test_a_wrong_value_is_named_with_its_line(tmp_path, old, new, says):
    path = tmp_path / "plan.yaml"
    example().save(path)
    text = path.read_text("utf-8").replace(old, new)
    path.write_text(text, "utf-8")
    line = text.split("\n").index("    " + new) + 1
    with pytest.raises(EmottsError, match=rf"line {line} of .*sentences\.1\..*{re.escape(says)}"):
        Plan.load(path)


@pytest.mark.parametrize(
    "content, says",
    [
        (b"paragraphs: [", "not valid YAML"),
        (b"", "must hold 'paragraphs'"),
        (b"- a", "must hold 'paragraphs'"),
        (b"format: 2\nparagraphs: [{sentences: [{text: a}]}]", "line 1 of .* wrong at format"),
        (b"paragraphs: []", "wrong at paragraphs"),
        (b"text: \xff", "not UTF-8"),
        (b"a: !!python/object:os.system {}", "not valid YAML"),
        (b"format: 1\nformat: 2001-99-99", "not valid YAML"),
    ],
)
def test_other_files_are_refused(tmp_path, content, says):
    path = tmp_path / "plan.yaml"
    path.write_bytes(content)
    with pytest.raises(EmottsError, match=says):
        Plan.load(path)


def test_files_that_cannot_be_reached_are_named(tmp_path):
    with pytest.raises(EmottsError, match="cannot be read"):
        Plan.load(tmp_path / "none.yaml")
    with pytest.raises(EmottsError, match="cannot be written"):
        example().save(tmp_path / "no" / "plan.yaml")


def test_unknown_fields_are_refused():
    with pytest.raises(ValidationError, match="Extra inputs"):
        PlanLine(text="a", colour="red")


def test_paragraphs_end_at_empty_lines():
    assert paragraphs("a\nb\n \n\nc\r\n\r\nd") == ["a\nb", "c", "d"]
    assert paragraphs("\n\n…\n\na\n") == ["a"]
    assert paragraphs("") == []
