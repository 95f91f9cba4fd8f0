"""Emotional speech synthesis: text and an emotion in, speech out."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from emotts.errors import EmottsError

if TYPE_CHECKING:
    from emotts.audio.speech import Speech
    from emotts.dubbing.job import dub
    from emotts.emotion.emotion import Emotion
    from emotts.emotion.track import EmotionTrack
    from emotts.synthesis.converter import Converter
    from emotts.synthesis.recognizer import Recognizer
    from emotts.synthesis.synthesizer import Synthesizer

__version__ = "0.1.0"
__all__ = [
    "Converter",
    "Emotion",
    "EmotionTrack",
    "EmottsError",
    "Recognizer",
    "Speech",
    "Synthesizer",
    "dub",
]

# Where the public names live: each is imported when first asked for, so `import emotts` stays fast.
_HOMES = {
    "Converter": "emotts.synthesis.converter",
    "Emotion": "emotts.emotion.emotion",
    "EmotionTrack": "emotts.emotion.track",
    "Recognizer": "emotts.synthesis.recognizer",
    "Speech": "emotts.audio.speech",
    "Synthesizer": "emotts.synthesis.synthesizer",
    "dub": "emotts.dubbing.job",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'emotts' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
