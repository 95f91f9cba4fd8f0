"""Plain text is read as torch's path reads it."""

import numpy as np
import pytest

from emotts.emotion.palette import Palette
from emotts.errors import EmottsError
from emotts.onnx_runner.folder import read_folder
from emotts.onnx_runner.reading import plain_text, read_plain
from emotts.synthesis.felt import compile_feelings
from emotts.synthesis.options import Options
from emotts.synthesis.script import Asked, read_lines
from emotts.text.markup import MarkedText

TEXTS = [
    "One.",
    '  No one knew. Why not?\n\n"It\'s 5!" … — then, [[həlˈoʊ]] again ',
    "A, b; c. ...",
]


@pytest.fixture(scope="module")
def models(exported):
    return read_folder(exported, threads=1)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("given", [{}, {"rate": 1.4, "language": "pl"}])
def test_lines_are_those_of_torch(models, by_torch, text, given):
    options = Options.of(given)
    palette = Palette(models.space)
    felt = compile_feelings(palette, "happy", 0.8, options, {})
    mine = read_plain(text, models.voices["kathleen"], felt, options)
    asked = Asked(by_torch.voice("kathleen"), felt, palette, options)
    wanted = read_lines(MarkedText.plain(text), asked, by_torch.voices)
    assert [line.text for line in mine] == [line.text for line in wanted]
    for one, other in zip(mine, wanted, strict=True):
        assert one.sequence.symbols == other.sequence.symbols
        for name in ("ids", "stress", "length", "word"):
            assert np.array_equal(getattr(one.sequence, name), getattr(other.sequence, name))
        assert (one.courses[0].start, one.courses[0].end) == (
            other.courses[0].start, other.courses[0].end,
        )  # fmt: skip
        assert one.after == other.after and other.before == 0
        assert np.allclose(other.delivery.rate, one.rate)


def test_markup_is_refused_and_can_be_read_out(models):
    palette, options = Palette(models.space), Options()
    with pytest.raises(EmottsError, match="cannot follow; give plain text"):
        plain_text("I *never* said that.", palette, options, "en-us")
    assert plain_text("Plain text.", palette, options, "en-us") == "Plain text."
    unread = Options(markup=False)
    assert plain_text("I *never* said.", palette, unread, "en-us") == "I *never* said."


def test_nothing_to_say(models):
    with pytest.raises(EmottsError, match="at least one word"):
        read_plain("… !", models.voices["kathleen"], (), Options())
