"""A voice's neutral as it sounds when this toolkit speaks it: what its clips are heard against."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emotts.synthesis.recognizer import Neutral, Recognizer
    from emotts.synthesis.synthesizer import Synthesizer


def spoken_neutral(synthesizer: Synthesizer, recognizer: Recognizer, voice: str) -> Neutral:
    """Speak two neutral sentences of the voice's language and measure them.

    Raises EmottsError for an unknown voice, naming all.
    """
    from emotts.synthesis.hearing import TEXTS

    texts = TEXTS.get(synthesizer.voice(voice).language[:2], TEXTS["en"])
    return recognizer.hear_neutral(
        [synthesizer.synthesize(text, voice, "neutral", seed=0).samples for text in texts]
    )
