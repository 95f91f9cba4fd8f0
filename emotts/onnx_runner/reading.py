"""Plain text to lines: sentences with what is felt along each of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from emotts.emotion.palette import Palette
from emotts.errors import EmottsError
from emotts.onnx_runner.folder import RunnerVoice
from emotts.synthesis.course import Course
from emotts.synthesis.felt import Feeling
from emotts.synthesis.options import Options
from emotts.text.markup import MarkedText, read_text
from emotts.text.phonemes import check_text, phonemize
from emotts.text.sequence import PhoneSequence, phone_sequence
from emotts.text.split import split_sentences
from emotts.text.symbols import BORDER

# As in `emotts.synthesis.script`.
UNHURRIED, SENTENCE_PAUSE = 0.93, 0.25


@dataclass(frozen=True)
class PlainLine:
    """One sentence: n tokens, the voice, what is felt, silence after it in seconds."""

    sequence: PhoneSequence
    voice: RunnerVoice
    courses: tuple[Course, ...]
    options: Options
    text: str
    after: float = 0.0

    @property
    def rate(self) -> float:
        """Tempo against what the networks were trained on."""
        return self.options.rate * UNHURRIED


def plain_text(text: str, palette: Palette, options: Options, language: str) -> str:
    """The text as it is said. Raises EmottsError for text with markup, which needs torch's path."""
    check_text(text)
    marked = read_text(text, palette.names, language) if options.markup else MarkedText.plain(text)
    if not marked.is_plain:
        raise EmottsError(
            "the text has markup, which the onnx runner cannot follow; give plain text, or "
            "markup=False to read the tags out, or use emotts.Synthesizer"
        )
    check_text(marked.text)
    return marked.text


def read_plain(
    text: str, voice: RunnerVoice, felt: tuple[Feeling, ...], options: Options
) -> list[PlainLine]:
    """The lines of plain text. Raises EmottsError for text without a word."""
    language = options.language or voice.language
    lines: list[PlainLine] = []
    start = 0
    for part in split_sentences(text):
        end = start + len(part)
        share = (start / len(text), end / len(text))
        start = end
        if any(character.isalnum() for character in part):
            courses = tuple(Course(f.track, *share, weight=f.weight, steers=f.steers) for f in felt)
            sequence = _sequence(part, language)
            lines.append(PlainLine(sequence, voice, courses, options, part.strip()))
    if not lines:
        raise EmottsError("nothing in the text can be pronounced; it needs at least one word")
    gap = SENTENCE_PAUSE / options.rate
    return [*(replace(line, after=gap) for line in lines[:-1]), lines[-1]]


def _sequence(part: str, language: str) -> PhoneSequence:
    lead, trail = part[:1].isspace(), part[-1:].isspace()
    stream = phonemize(part, language)
    return phone_sequence([BORDER] * lead + stream + [BORDER] * trail, language)
