import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotts.emotion.auto import EMOTIONS, Guess
from emotts.emotion.auto_trajectory import make_plan, open_plan, smooth, trajectory
from emotts.emotion.plan import Plan
from emotts.errors import EmottsError
from emotts.text.split import split_sentences

STORY = """The train left at nine. I was so happy to go home! The fields went by.
We would be there at noon.

Then the phone rang. My grandfather had died in the night. I cried all the way.
"""

guesses = st.builds(
    Guess,
    st.sampled_from([*EMOTIONS, "neutral"]),
    st.floats(0.2, 1.2),
    st.floats(0, 1),
    st.just("said"),
).map(lambda g: Guess("neutral", 0.0, g.confidence, g.why) if g.emotion == "neutral" else g)


def say(emotion, intensity=1.0, confidence=0.6):
    return Guess(emotion, intensity if emotion != "neutral" else 0.0, confidence, "said")


def steps(points):
    """How far each sentence is from the next: along one emotion, or through neutral."""
    return [
        abs(a[1] - b[1]) if a[0] == b[0] else a[1] + b[1]
        for a, b in zip(points, points[1:], strict=False)
    ]


def test_sentences_that_agree_stay_as_they_are():
    assert smooth([say("sad", 0.7)] * 4, [0] * 4) == [("sad", 0.7, "said")] * 4
    assert smooth([say("angry")], [0]) == [("angry", 1.0, "said")]


def test_a_jump_becomes_smaller():
    raw = [say("happy"), say("happy"), say("angry"), say("angry")]
    smoothed = smooth(raw, [0] * 4)
    assert [name for name, _, _ in smoothed] == ["happy", "happy", "angry", "angry"]
    assert max(steps(smoothed)) < max(steps([(g.emotion, g.intensity) for g in raw])) * 0.9


def test_an_unsure_sentence_goes_along_with_its_neighbour_and_says_so():
    name, level, why = smooth([say("sad", 0.8), say("neutral", confidence=0.4)], [0, 0])[1]
    assert name == "sad" and 0.1 <= level < 0.5
    assert why == "from its neighbours; alone: said"


def test_an_empty_line_holds_the_emotion_back():
    pair = [say("sad", 0.8), say("neutral", confidence=0.4)]
    inside, across = smooth(pair, [0, 0])[1], smooth(pair, [0, 1])[1]
    assert across[1] < inside[1]


@given(st.lists(guesses, min_size=1, max_size=8), st.integers(0, 7))
def test_nothing_is_invented_and_nothing_overshoots(raw, cut):
    smoothed = smooth(raw, [int(i >= cut) for i in range(len(raw))])
    for i, (name, level, _) in enumerate(smoothed):
        near = raw[max(0, i - 2) : i + 3]
        assert name in {guess.emotion for guess in near} | {"neutral"}
        assert level <= max(guess.intensity for guess in near) + 0.01
        assert (name == "neutral") == (level == 0)


def test_a_story_is_read_line_by_line():
    lines = trajectory(STORY, split_sentences)
    assert " ".join(line.text for line in lines).split() == STORY.split()
    assert lines[1].emotion == "happy" and lines[5].emotion == "sad"
    assert lines[5].intensity > lines[4].intensity


def test_paragraphs_are_those_of_the_text():
    plan = make_plan(STORY, split_sentences)
    assert [len(paragraph.sentences) for paragraph in plan.paragraphs] == [4, 3]
    plan.check(STORY)


def test_another_language_is_neutral_throughout():
    plan = make_plan(STORY, split_sentences, "de")
    assert {line.emotion for line in plan.lines} == {"neutral"}
    assert plan.language == "de" and "en and pl only" in plan.lines[0].why


def test_another_reader_may_be_given():
    lines = trajectory("One. Two.", split_sentences, read=lambda sentence: say("calm", 0.5))
    assert [(line.emotion, line.intensity) for line in lines] == [("calm", 0.5)] * 2


@pytest.mark.parametrize("text", ["", "\n\n", "… !"])
def test_a_text_without_words_is_refused(text):
    with pytest.raises(EmottsError, match="at least one word"):
        make_plan(text, split_sentences)


def test_a_plan_is_made_once_and_then_read_as_it_was_edited(tmp_path):
    path = tmp_path / "plan.yaml"
    plan, made = open_plan(path, STORY, split_sentences)
    assert made and Plan.load(path).lines == plan.lines
    path.write_text(path.read_text("utf-8").replace("emotion: happy", "emotion: calm"), "utf-8")
    before = path.read_bytes()
    edited, made = open_plan(path, STORY, split_sentences)
    assert not made and edited.lines[1].emotion == "calm"
    assert path.read_bytes() == before
    with pytest.raises(EmottsError, match=r'line \d+ of .*plan.yaml .* where the text has "Other'):
        open_plan(path, "Other words.", split_sentences)
