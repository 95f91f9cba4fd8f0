"""What clients send and get, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

Format = Literal["mp3", "opus", "aac", "flac", "wav", "pcm"]
Amount = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Signed = Annotated[Amount, Field(ge=-1, le=1)]
Seed = Annotated[StrictInt, Field(ge=0, lt=2**32)]
Name = Annotated[str, Field(max_length=100)]
Words = Annotated[str, Field(max_length=1000)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AffectBody(_Strict):
    """A place in the space of affect, each -1 to 1; what is left out is free."""

    valence: Signed | None = None
    arousal: Signed | None = None
    dominance: Signed | None = None


class VoiceId(_Strict):
    """OpenAI's other way to name a voice."""

    id: Name


class SpeechBody(_Strict):
    """OpenAI's `POST /v1/audio/speech`, and what emotts has beside it."""

    model: Name = Field(description="One of /v1/models.", examples=["emotts"])
    input: str = Field(
        description="The text: plain, with inline tags, or SSML.", examples=["You came back."]
    )
    voice: Name | VoiceId = Field(
        description="One of /v1/voices, or OpenAI's name of a voice.", examples=["kathleen"]
    )
    response_format: Format = "mp3"
    speed: Amount = Field(1.0, ge=0.5, le=2.0, description="Times the usual tempo.")
    stream_format: Literal["audio", "sse"] = "audio"
    instructions: Words | None = Field(
        None, description='Here the words of an emotion, such as "very happy"; as `emotion`.'
    )
    emotion: Words | None = Field(
        None, description='"happy", "happy:0.6+sad:0.4", "very angry", or "auto" to read it from '
        "the text.", examples=["happy"],
    )  # fmt: skip
    intensity: Amount | None = Field(None, ge=0, le=1.5)
    affect: AffectBody | None = None
    curve: Words | None = Field(None, description='"0%:neutral, 100%:angry".')
    suppress: dict[Name, Annotated[Amount, Field(ge=0, le=1)]] | None = Field(None, max_length=16)
    ssml: StrictBool | None = Field(
        None, description="true: the input must be SSML; false: it is read as it stands; left out: "
        "SSML and inline tags are read where there are any.",
    )  # fmt: skip
    language: Annotated[str, Field(max_length=35)] | None = None
    pitch: Amount = Field(0.0, ge=-12, le=12, description="Semitones.")
    pitch_range: Amount = Field(1.0, ge=0, le=3, description="Times the voice's melody.")
    energy: Amount = Field(0.0, ge=-20, le=20, description="Decibels.")
    seed: Seed = 0
    steps: Annotated[StrictInt, Field(ge=1, le=32)] | None = None
    guidance: Amount | None = Field(None, ge=0, le=10)
    temperature: Amount | None = Field(None, ge=0, le=1.5)
    variety: Amount | None = Field(None, ge=0, le=1.5)
    best_of: StrictInt = Field(1, ge=1, le=8, description="Takes a sentence; the best is kept.")
    mixing: Literal["embedding", "velocity", "prototype"] = "embedding"
    directions: Literal["supervised", "unsupervised"] = "supervised"
    calibrated: StrictBool = True
    stream: StrictBool = Field(
        True, description="Send audio while it is made; false: a whole file with its length."
    )

    def options(self) -> dict:
        """Keywords of `Options`, but for markup."""
        same = ("language", "pitch", "pitch_range", "energy", "seed", "steps", "guidance",
                "temperature", "variety", "best_of", "mixing", "directions",
                "calibrated", "suppress")  # fmt: skip
        given = {name: getattr(self, name) for name in same} | {"rate": self.speed}
        return {name: value for name, value in given.items() if value is not None}


class ConvertForm(_Strict):
    """The fields beside the file of `POST /v1/convert`."""

    emotion: Words | None = None
    intensity: float | None = Field(None, ge=0, le=1.5, allow_inf_nan=False)
    voice: Name | None = None
    response_format: Format = "wav"
    scale_emotion: float = Field(1.0, ge=0, le=3, allow_inf_nan=False)
    rhythm: Literal["keep", "convert"] = "keep"
    keep: float | None = Field(None, ge=0, le=1, allow_inf_nan=False)
    pitch: float = Field(0.0, ge=-24, le=24, allow_inf_nan=False)
    seed: int = Field(0, ge=0, lt=2**32)
    stream: bool = True

    def options(self) -> dict:
        """Keywords of `ConversionOptions`."""
        same = ("scale_emotion", "rhythm", "keep", "pitch", "seed")
        return {k: v for k in same if (v := getattr(self, k)) is not None}


class VoiceInfo(BaseModel):
    """A voice, and OpenAI's names that are answered by it."""

    id: str
    sex: str
    language: str
    corpus: str
    licence: str
    minutes: float
    aliases: list[str]


class VoiceList(BaseModel):
    """All voices."""

    object: Literal["list"] = "list"
    data: list[VoiceInfo]


class EmotionInfo(BaseModel):
    """Something that can be felt; affect as published norms have it, where it is a category."""

    id: str
    kind: Literal["category", "learnt", "preset", "style"]
    affect: Mapping[str, float] | None
    aliases: list[str]


class EmotionList(BaseModel):
    """All that can be felt, and the adverbs that say how much."""

    object: Literal["list"] = "list"
    data: list[EmotionInfo]
    adverbs: Mapping[str, float]


class ModelInfo(BaseModel):
    """A name that `model` may have."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = "emotts"


class ModelList(BaseModel):
    """All names that `model` may have; they all mean the one set of checkpoints."""

    object: Literal["list"] = "list"
    data: list[ModelInfo]


class HeardBody(BaseModel):
    """The emotion of a recording: see `Recognition`."""

    emotion: str
    intensity: float
    affect: Mapping[str, float]
    probabilities: Mapping[str, float]
    seconds: float


class Health(BaseModel):
    """The server answers and its models are loaded."""

    status: Literal["ok"] = "ok"
    version: str
