"""Names that clients may use: models, voices (OpenAI's too), emotions."""

from __future__ import annotations

from collections.abc import Mapping

from emotts.emotion.adverbs import ADVERBS
from emotts.emotion.affect import NORMS
from emotts.emotion.palette import Palette
from emotts.emotion.presets import STYLES
from emotts.emotion.vocabulary import ALIASES
from emotts.serve.bodies import (
    EmotionInfo,
    EmotionList,
    ModelInfo,
    ModelList,
    SpeechBody,
    VoiceInfo,
    VoiceList,
)
from emotts.serve.errors import Refused
from emotts.synthesis.voices import Voice, find_voice

OWN_MODEL = "emotts"
MODELS = (OWN_MODEL, "tts-1", "tts-1-hd", "gpt-4o-mini-tts")
# OpenAI's voices by what they are said to sound like; who answers is a matter of the checkpoints.
OPENAI_VOICES = {
    "female": ("alloy", "coral", "nova", "sage", "shimmer", "marin", "ballad", "fable"),
    "male": ("ash", "echo", "onyx", "verse", "cedar"),
}


def voice_aliases(voices: Mapping[str, Voice]) -> dict[str, str]:
    """OpenAI's name to one of ours: by sex and in order, English voices where there are some.

    A voice that has such a name itself keeps it.
    """
    english = [v for v in voices.values() if v.language.startswith("en")] or list(voices.values())
    found = {}
    for sex, names in OPENAI_VOICES.items():
        able = [v.name for v in english if v.sex == sex] or [v.name for v in english]
        found |= {n: able[i % len(able)] for i, n in enumerate(names) if n not in voices and able}
    return found


def asked_voice(voices: Mapping[str, Voice], name: str) -> str:
    """The voice of a name, OpenAI's included. Raises EmottsError naming ours."""
    return find_voice(dict(voices), voice_aliases(voices).get(name, name)).name


def check_model(body: SpeechBody) -> None:
    """Refuse a model that is not here, as OpenAI does."""
    if body.model not in MODELS:
        raise Refused(
            404, f"there is no model {body.model!r}; choose from {', '.join(MODELS)}", "model",
            "model_not_found",
        )  # fmt: skip


def list_models() -> ModelList:
    """What `model` may be."""
    return ModelList(data=[ModelInfo(id=name) for name in MODELS])


def list_voices(voices: Mapping[str, Voice]) -> VoiceList:
    """Every voice with its other names."""
    aliases = voice_aliases(voices)
    return VoiceList(
        data=[
            VoiceInfo(
                id=name, aliases=[a for a, own in aliases.items() if own == name],
                **voice.model_dump(include={"sex", "language", "corpus", "licence", "minutes"}),
            )
            for name, voice in voices.items()
        ]
    )  # fmt: skip


def list_emotions(palette: Palette) -> EmotionList:
    """Every name a palette has."""
    return EmotionList(data=[_emotion(palette, name) for name in palette.names], adverbs=ADVERBS)


def _emotion(palette: Palette, name: str) -> EmotionInfo:
    if name in palette.emotions:
        aliases = [alias for alias, category in ALIASES.items() if category == name]
        return EmotionInfo(id=name, kind="category", affect=NORMS[name]._asdict(), aliases=aliases)
    if name in palette.learned:
        return EmotionInfo(id=name, kind="learnt", affect=None, aliases=[])
    if name in STYLES:
        return EmotionInfo(id=name, kind="style", affect=STYLES[name]._asdict(), aliases=[])
    return EmotionInfo(id=name, kind="preset", affect=None, aliases=[])
