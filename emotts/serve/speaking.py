"""A request for speech, as work for the model's thread."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from emotts.audio.provenance import provenance_tags
from emotts.audio.speech import Speech
from emotts.emotion.curves import parse_curve
from emotts.emotion.palette import Palette
from emotts.errors import EmottsError
from emotts.serve.bodies import SpeechBody
from emotts.serve.catalogue import asked_voice
from emotts.serve.errors import Refused
from emotts.serve.formats import Encoder, encoded, encoder
from emotts.serve.settings import Settings
from emotts.synthesis.options import Options
from emotts.synthesis.synthesizer import Synthesizer
from emotts.text.markup import OVERRIDE, MarkedText, is_ssml, read_text
from emotts.text.phonemes import check_text
from emotts.text.split import split_sentences

MOST_OVERRIDE = 400  # characters between [[ and ]], which no sentence is cut in


def check_text_length(text: str, settings: Settings) -> None:
    """Refuse, before anything else is done, a text that is too long or holds nothing to say."""
    if len(text) > settings.max_characters:
        raise Refused(
            400, f"the input has {len(text)} characters, more than the {settings.max_characters} "
            "this server reads at once; split it into parts", "input", "string_above_max_length",
        )  # fmt: skip
    check_text(text)


def speech_bytes(
    body: SpeechBody, synthesizer: Synthesizer, settings: Settings, count
) -> Iterator[bytes]:
    """Chunks of the file that a request asks for, one sentence each.

    count: called with the seconds of every sentence. Whatever cannot be done raises EmottsError or
    Refused at once, before the first chunk.
    """
    name = body.voice if isinstance(body.voice, str) else body.voice.id
    voice = synthesizer.voice(asked_voice(synthesizer.voices, name))
    options = body.options()
    palette = synthesizer.palette(Options.of(options))
    language = body.language or voice.language
    text = _marked(body, palette, language, settings)
    emotion = _emotion(body, palette, text.text, language)
    speech = synthesizer.stream(text, voice.name, emotion, body.intensity, **options)
    return _chunks(speech, body, count, len(split_sentences(text.text)))


def _chunks(speech: Iterator[Speech], body: SpeechBody, count, expected: int) -> Iterator[bytes]:
    told: dict = {}

    def samples() -> Iterator[np.ndarray]:
        for piece in speech:
            told.update(piece.provenance | {"text": body.input})
            count(piece.seconds)
            yield piece.samples

    def make() -> Encoder:
        return encoder(body.response_format, provenance_tags(told), whole=not body.stream)

    return encoded(samples(), make, expected)


def _marked(body: SpeechBody, palette: Palette, language: str, settings: Settings) -> MarkedText:
    """The text as read, once it is sure that saying it has an end."""
    if body.ssml and not is_ssml(body.input):
        raise EmottsError("ssml is true, but the input does not begin with <speak>")
    text = MarkedText.plain(body.input)
    if body.ssml is not False:
        text = read_text(body.input, palette.names, language)
    check_text_length(text.text, settings)
    silence = sum(pause.seconds for pause in text.pauses)
    if silence > settings.max_pause_seconds:
        raise EmottsError(
            f"the pauses of the input last {silence:g} s in all, more than the "
            f"{settings.max_pause_seconds:g} s this server keeps silent"
        )
    for override in OVERRIDE.finditer(text.text):
        if len(override[0]) > MOST_OVERRIDE:
            raise EmottsError(
                f"the phonemes in [[…]] at character {override.start() + 1} are longer than "
                f"{MOST_OVERRIDE} characters; write them in several parts"
            )
    return text


def _emotion(body: SpeechBody, palette: Palette, text: str, language: str):
    """What `Synthesizer.stream` takes as emotion."""
    given = {
        name: value
        for name in ("emotion", "instructions", "affect", "curve")
        if (value := getattr(body, name)) is not None
    }
    if len(given) > 1:
        raise EmottsError(f"{' and '.join(given)} all say what is felt; give one of them")
    if body.affect is not None:
        return body.affect.model_dump(exclude_none=True)
    if body.curve is not None:
        return parse_curve(body.curve, palette)
    if body.emotion == "auto":
        from emotts.emotion.auto import text_reader
        from emotts.emotion.auto_trajectory import make_plan

        return make_plan(text, split_sentences, language, text_reader(language)).track(palette)
    if body.instructions is not None:
        return _instructed(body.instructions, palette)
    return body.emotion


def _instructed(words: str, palette: Palette) -> str | None:
    """OpenAI's free instructions, of which only the words of an emotion are understood."""
    try:
        palette.parts(words.strip().rstrip("."))
    except EmottsError as error:
        raise Refused(
            400, f"instructions are the words of an emotion here, such as 'very happy': {error}",
            "instructions",
        ) from None  # fmt: skip
    return words.strip().rstrip(".")
