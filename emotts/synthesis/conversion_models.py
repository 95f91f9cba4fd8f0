"""All that conversion loads: synthesis, the ears for content and speaker, the recogniser."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from emotts.checkpoints import load_checkpoint
from emotts.errors import EmottsError
from emotts.models.recording import RecordingContent
from emotts.models.speaker import SpeakerEncoder
from emotts.synthesis.models import SynthesisModels, load_models
from emotts.synthesis.networks import build
from emotts.synthesis.recognizer import Recognizer


@dataclass(frozen=True)
class ConversionModels:
    """synthesis: as `Synthesizer` has it; content: mel to the prior mean of its words; speaker:
    mel to a voice; recognizer: mel and pitch to an emotion."""

    synthesis: SynthesisModels
    content: RecordingContent
    speaker: SpeakerEncoder
    recognizer: Recognizer


def load_conversion_models(
    source: str | Path | None = None, device: str = "cpu", vocoder: str | None = None
) -> ConversionModels:
    """Load the set at `source` (None: the embedded one; a folder; a hub id).

    Raises EmottsError naming a missing, truncated or altered file, and for a set that can speak
    but not listen.
    """
    synthesis = load_models(source, device, vocoder)
    folder = synthesis.folder
    if not (folder / "recording.safetensors").is_file():
        raise EmottsError(
            f"the checkpoints in {folder} have no 'recording' and cannot convert speech; use the "
            "set that ships, or train it with recipes/base/recording.yaml"
        )
    recording, speaker = load_checkpoint(folder, "recording"), load_checkpoint(folder, "speaker")
    return ConversionModels(
        synthesis,
        build(RecordingContent, recording.config, recording.tensors).to(device),
        build(SpeakerEncoder, speaker.config, speaker.tensors),
        Recognizer.from_pretrained(folder),
    )
