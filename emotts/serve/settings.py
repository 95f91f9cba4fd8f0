"""What a server is started with: models, key, limits."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from emotts.text.phonemes import MAX_CHARACTERS

BATCH = 4  # sentences, where nothing else is asked for


class Settings(BaseModel):
    """Where the models are, who may ask, and how much at once.

    checkpoint, device, vocoder: see `Synthesizer.from_pretrained`. api_key: what clients must send
    as a bearer token; None asks nobody. root_path: where a proxy mounts the server. personal:
    whether voices and emotions the user has taught are offered too. warm: say a word at the start,
    so that the first client does not wait for what is loaded late. batch: how many waiting
    sentences are said in one go at most; 1 for none, None for what suits the device.

    max_characters: of a text, markup included; max_pause_seconds: of all pauses that markup asks
    for; max_upload_bytes and max_upload_seconds: of one recording; max_requests: under way and
    waiting, beyond which clients are sent away; max_seconds: that one request may take.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    checkpoint: str | None = None
    device: str = "cpu"
    vocoder: str | None = None
    api_key: str | None = Field(None, min_length=1, repr=False)
    root_path: str = ""
    personal: bool = True
    warm: bool = True
    batch: int | None = Field(None, ge=1, le=64)
    max_characters: int = Field(10_000, ge=1, le=MAX_CHARACTERS)
    max_pause_seconds: float = Field(60.0, ge=0, le=3600)
    max_upload_bytes: int = Field(25_000_000, ge=1)
    max_upload_seconds: float = Field(120.0, ge=1, le=3600)
    max_requests: int = Field(64, ge=1, le=10_000)
    max_seconds: float = Field(300.0, gt=0, le=86_400)

    @property
    def batch_size(self) -> int:
        """Of sentences; on a CPU, where it gains little, 1 unless it is asked for."""
        return self.batch or (1 if self.device == "cpu" else BATCH)

    @property
    def max_json_bytes(self) -> int:
        """Of a JSON body: its text may be written with escapes of up to twelve bytes a letter."""
        return 65_536 + 12 * self.max_characters
