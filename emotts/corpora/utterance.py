"""One clip of speech and what is known of it."""

from typing import Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    field_validator,
    model_serializer,
    model_validator,
)

from emotts.corpora.labels import category
from emotts.errors import EmottsError

Split = Literal["train", "dev", "test"]


class Utterance(BaseModel):
    """One clip: who says what, how, and whether it may be trained on.

    id: unique in its manifest; names the clip's features on disk.
    path: the recording, relative to its corpus folder, as in `emotts.corpora.audio`. sex: "" where
    the corpus does not say. language: an espeak-ng code such as "en-us".
    emotion: one of `emotts.emotion.vocabulary.CATEGORIES`, or one of
    `emotts.corpora.labels.FURTHER`; the corpus's own word stays in original_emotion.
    level: the acted level, where the corpus has levels.
    held_out: what makes a dev or test clip unseen: its sentence or its speaker.
    votes: listeners' answers, where there are any. description: what a listener wrote of it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(min_length=1)
    path: str = Field(min_length=1)
    corpus: str = Field(min_length=1)
    speaker: str = Field(min_length=1)
    sex: Literal["", "female", "male"]
    age: str = ""
    language: str = Field(min_length=2)
    emotion: str
    level: Literal["", "weak", "normal", "strong"] = ""
    text: str = Field(min_length=1)
    seconds: float = Field(gt=0, allow_inf_nan=False)
    split: Split
    held_out: Literal["", "sentence", "speaker"] = ""
    original_emotion: str = ""
    votes: dict[str, int] = {}
    description: str = ""

    @model_validator(mode="before")
    @classmethod
    def _keep_original_emotion(cls, values: object) -> object:
        if isinstance(values, dict) and not values.get("original_emotion"):
            values = {**values, "original_emotion": values.get("emotion", "")}
        return values

    @field_validator("emotion")
    @classmethod
    def _known_emotion(cls, name: str) -> str:
        return category(name)

    @model_validator(mode="after")
    def _trainable_is_not_held_out(self) -> "Utterance":
        if (self.split == "train") == bool(self.held_out):
            raise EmottsError(
                f"split {self.split!r} does not go with held_out {self.held_out!r}: train clips "
                "hold nothing out, dev and test clips hold out 'sentence' or 'speaker'"
            )
        return self

    @model_serializer(mode="wrap")
    def _without_empty_extras(self, handler: SerializerFunctionWrapHandler) -> dict:
        """What few corpora have is written where there is some, so that manifests stay as read."""
        values = handler(self)
        return {k: v for k, v in values.items() if v or k not in ("votes", "description")}
