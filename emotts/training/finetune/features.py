"""Recordings of one's own as a prepared and aligned folder, like any corpus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from emotts.audio.constants import SAMPLE_RATE
from emotts.audio.io import read_audio, write_audio
from emotts.corpora.packed import COLUMNS, MANIFEST
from emotts.corpora.prepare import prepare
from emotts.corpora.store import FeatureStore
from emotts.errors import EmottsError
from emotts.synthesis.hearing import neutral_line, silent
from emotts.synthesis.models import SynthesisModels
from emotts.synthesis.sentence import Settings, speak
from emotts.synthesis.voices import Voice
from emotts.text.phonemes import phonemize_many
from emotts.text.sequence import phone_sequence
from emotts.text.symbols import SYMBOLS, language_id
from emotts.training.alignment.align import align, train_aligner
from emotts.training.alignment.corpus import (
    FILE,
    AlignedTokens,
    aligned_tokens,
    alignment_item,
    write_alignment,
)
from emotts.training.alignment.features import mfcc_pairs, normalise_speakers
from emotts.training.finetune.recordings import Recording

CORPUS = "own"
UNTOLD = "(nobody wrote the text down)"
SHORTEST, LONGEST = 0.5, 30.0  # seconds of a clip
LEAST_SECONDS, DEV_SHARE, DEV_FROM = 5.0, 0.1, 4
MADE_LINES = 60  # texts that shipped voices say for the aligner
UNTOLD_PAIRS = 4  # an untranscribed clip is cut into stretches of this many pairs, a phone's length


def prepare_own(
    recordings: Sequence[Recording], work: Path, name: str, language: str, sex: str,
    least: float = LEAST_SECONDS, what: str = "a voice",
) -> FeatureStore:  # fmt: skip
    """Write the clips as a packed corpus below `work` and extract their features.

    least: seconds of speech that are enough for `what`. Every tenth clip is kept for dev, from
    four clips on. Raises EmottsError for less, clips shorter than 0.5 s or longer than 30 s, and
    where no clip is neutral.
    """
    if not any(r.emotion == "neutral" for r in recordings):
        raise EmottsError(
            "none of the recordings is neutral; a voice is learnt relative to its neutral speech, "
            "so some clips must be"
        )
    packed = work / "recordings"
    packed.mkdir(parents=True, exist_ok=True)
    dev, rows = dev_clips(recordings), []
    for number, recording in enumerate(recordings):
        samples = read_audio(recording.path)
        seconds = len(samples) / SAMPLE_RATE
        if not SHORTEST <= seconds <= LONGEST:
            raise EmottsError(
                f"{recording.path} lasts {seconds:.1f} s; clips of {SHORTEST:g} to {LONGEST:g} s "
                "can be learnt from: cut it at sentences, or take it out"
            )
        path = f"{number:05d}.wav"
        write_audio(packed / path, samples, SAMPLE_RATE)
        rows.append(dict(
            path=path, corpus=CORPUS, speaker=name, sex=sex.replace("unknown", ""), age="",
            language=language, emotion=recording.emotion, level=recording.level,
            text=_one_line(recording.text), seconds=f"{seconds:.3f}",
            split="dev" if number in dev else "train",
            held_out="sentence" if number in dev else "",
        ))  # fmt: skip
    total = sum(float(row["seconds"]) for row in rows)
    if total < least:
        raise EmottsError(
            f"{total:.1f} s of speech are too few for {what}; give {least:g} s or more"
        )
    lines = ["\t".join(COLUMNS), *("\t".join(row[c] for c in COLUMNS) for row in rows)]
    (packed / MANIFEST).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return prepare(packed, work / "data", workers=1)


def _one_line(text: str) -> str:
    return " ".join(text.split()) or UNTOLD


def dev_clips(recordings: Sequence[Recording]) -> set[int]:
    """Numbers of the clips kept for dev: one in ten of the neutral ones, at least one of four."""
    calm = [i for i, r in enumerate(recordings) if r.emotion == "neutral"]
    if len(calm) < DEV_FROM:
        return set()
    count = max(1, round(DEV_SHARE * len(calm)))
    return {calm[int((k + 0.5) * len(calm) / count)] for k in range(count)}


def align_own(store: FeatureStore, models: SynthesisModels) -> Path:
    """Align the transcribed clips of a folder made by `prepare_own`.

    A few minutes of speech are too few to learn what phones sound like, so the aligner is also
    given the same texts as shipped voices say them. Clips without text become stretches of equal
    length. Returns the file written.
    """
    told = [i for i, u in enumerate(store.utterances) if u.text != UNTOLD]
    found = {i: _stretches(store.frames[i] // 2) for i in range(len(store)) if i not in set(told)}
    if told:
        language = store.utterances[0].language
        texts = [store.utterances[i].text for i in told]
        sequences = [phone_sequence(s, language) for s in phonemize_many(texts, language)]
        features = normalise_speakers(
            [mfcc_pairs(store.mel(i).T) for i in told], ["own"] * len(told)
        )
        own = [alignment_item(f, s) for f, s in zip(features, sequences, strict=True)]
        model = train_aligner(own + _made(models, texts, language), len(SYMBOLS))
        for i, item, sequence in zip(told, own, sequences, strict=True):
            path = align(model, item)
            if path is not None:
                found[i] = aligned_tokens(sequence, path, language)
    if not any(store.utterances[i].split == "train" for i in found):
        raise EmottsError("no recording is long enough for its text; are the texts the right ones?")
    target = store.folder / FILE
    write_alignment(target, store, found)
    return target


def _made(models: SynthesisModels, texts: list[str], language: str) -> list:
    """The texts as shipped voices of the language say them, or any voices where none has it."""
    voices = [v for v in models.voices.values() if v.language[:2] == language[:2]]
    voices = [v.model_copy(update={"language": language}) for v in voices or models.voices.values()]
    quiet, mels, sequences, speakers = replace(models, vocoder=silent), [], [], []
    for number, text in enumerate(texts[:: max(1, len(texts) // MADE_LINES)][:MADE_LINES]):
        voice: Voice = voices[number % len(voices)]
        line = neutral_line(quiet, voice, text)
        with torch.inference_mode():
            mels.append(mfcc_pairs(speak(quiet, line, Settings(), number).mel.T))
        sequences.append(line.sequence)
        speakers.append(voice.name)
    features = normalise_speakers(mels, speakers)
    return [alignment_item(f, s) for f, s in zip(features, sequences, strict=True)]


def _stretches(pairs: int) -> AlignedTokens:
    """A clip whose text is not known, as stretches that stand for its phones."""
    durations = np.full(max(1, pairs // UNTOLD_PAIRS), UNTOLD_PAIRS)
    durations[-1] += pairs - durations.sum()
    none = np.zeros(len(durations), dtype=np.int64)
    return AlignedTokens(none, none, none, durations, language_id("other"), 0.0)


def is_told(store: FeatureStore, index: int) -> bool:
    """True if the text of a clip is known."""
    return store.utterances[index].text != UNTOLD
