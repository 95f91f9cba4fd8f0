"""`emotts finetune language`: a set learns to speak a language, with a voice that speaks it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace

import torch

from emotts.checkpoints import load_checkpoint
from emotts.errors import EmottsError
from emotts.synthesis.models import SynthesisModels
from emotts.synthesis.networks import build
from emotts.text.phonemes import phonemize_many
from emotts.text.symbols import SYMBOL_IDS
from emotts.training.acoustic.clips import AcousticClips
from emotts.training.alignment.corpus import FILE
from emotts.training.config import Recipe
from emotts.training.finetune.features import align_own, prepare_own
from emotts.training.finetune.new_symbols import is_new_language, start_symbols
from emotts.training.finetune.own_conditions import OwnConditions, own_voice
from emotts.training.finetune.phones import ContentTuning, ProsodyTuning, measured_tables
from emotts.training.finetune.recordings import Recording, read_recordings
from emotts.training.finetune.said import SaidLine, content_batch, say_lines
from emotts.training.finetune.task import VoiceTuning
from emotts.training.finetune.voice import (
    VoiceReport,
    VoiceRequest,
    begin,
    decoder_recipe,
    tune_voice,
    tuning_recipe,
)

LEAST_SECONDS = 120.0
MADE_LINES = 96
DECODER_REPLAY_WEIGHT = 4.0
REPLAY_WEIGHT = 10.0  # with 1, sixty steps moved old lines by .17 nepers, with this by .04
STAGES = 3  # networks that are tuned, one after another
COMMAND = "emotts finetune language"


@dataclass(frozen=True)
class LanguageReport:
    """voice: as of the voice alone; begun: what each symbol that was new to the set began as;
    content, prosody: losses on the dev clips before and after, None where there are none;
    drift: by how many nepers the sound of old lines that were not rehearsed has moved."""

    voice: VoiceReport
    begun: dict[str, str]
    content: tuple[float, float] | None
    prosody: tuple[float, float] | None
    drift: float


def finetune_language(request: VoiceRequest) -> LanguageReport:
    """Tune content, prosody and decoder of a set to a language and write the whole set.

    An interrupted run goes on where it stopped. Raises EmottsError as `finetune_voice` does, and
    for a language that the set's phones are made for, texts that are missing, and less than two
    minutes of speech.
    """
    if not is_new_language(request.language):
        raise EmottsError(
            f"every set speaks {request.language}; a voice for it is tuned by 'emotts finetune "
            f"voice --language {request.language}'"
        )
    base, models, licence = begin(request)
    recordings = read_recordings(request.data)
    used = used_symbols(recordings, request.language)
    start, begun = start_symbols(models, used, request.language)
    if request.restart:
        shutil.rmtree(request.work, ignore_errors=True)
    store = prepare_own(
        recordings, request.work, request.name, request.language, request.sex,
        least=LEAST_SECONDS, what="a language",
    )  # fmt: skip
    if not (store.folder / FILE).is_file():
        align_own(store, start)
    clips = AcousticClips(store, None)
    start = measured_tables(start, clips, begun, request.name)
    voice = own_voice(clips, start, request.name, licence)
    learnt, files, losses = start, {}, {}
    for kind in (ContentTuning, ProsodyTuning):
        conditions = OwnConditions(clips, learnt, voice)
        recipe = _recipe(request, kind.kind, store.folder, base, begun)
        task = kind(recipe, store, learnt, clips, conditions)
        tensors, config = _learn(task)
        files[kind.kind] = tensors, config
        flow = {k: v for k, v in tensors.items() if not k.startswith("table.")}
        network = build(type(getattr(start, kind.kind)), config, flow)
        losses[kind.kind] = _before_and_after(task, getattr(start, kind.kind), network)
        learnt = replace(learnt, **{kind.kind: network})
    recipe = decoder_recipe(_shared(request, "acoustic"), store.folder, base)
    recipe.options["replay_weight"] = DECODER_REPLAY_WEIGHT
    task = VoiceTuning(recipe, store, learnt, voice, clips)
    report = tune_voice(request, task, base, start, files, COMMAND)
    return LanguageReport(report, begun, losses["content"], losses["prosody"],
                          content_drift(models, learnt))  # fmt: skip


def used_symbols(recordings: list[Recording], language: str) -> set[str]:
    """Symbols of all texts. Raises EmottsError for a clip whose text is not known."""
    silent = [r.path.name for r in recordings if not r.text.strip()]
    if silent:
        raise EmottsError(
            f"{len(silent)} recordings have no text, such as {silent[0]}; a language is learnt "
            "from what is said: write the texts into a table (file,text)"
        )
    texts = [" ".join(r.text.split()) for r in recordings]
    found = {symbol for stream in phonemize_many(texts, language) for symbol in stream}
    return found & SYMBOL_IDS.keys()


def _shared(request: VoiceRequest, name: str) -> VoiceRequest:
    """The request for one of the networks: a folder of its own, its share of the time."""
    minutes = None if request.minutes is None else request.minutes / STAGES
    return replace(request, run=request.work / name, minutes=minutes)


def _recipe(request: VoiceRequest, name: str, data, base, begun: dict[str, str]) -> Recipe:
    config = load_checkpoint(base, name).config
    options = {
        "rank": request.rank, "replay_weight": REPLAY_WEIGHT, "made_lines": MADE_LINES,
        "symbols": sorted(SYMBOL_IDS[s] for s in begun), "language": request.language,
    }  # fmt: skip
    return tuning_recipe(_shared(request, name), "finetune_language", name, data, base).model_copy(
        update={"model": {k: v for k, v in config.items() if k != "kind"}, "options": options}
    )


def _learn(task) -> tuple[dict, dict]:
    """Train one network to its end. Raises EmottsError where a signal stopped it before."""
    from accelerate import Accelerator

    from emotts.training.run import train_task

    loop, _ = train_task(task, task.recipe, Accelerator(), COMMAND)
    if loop.stop_asked:
        raise EmottsError(
            f"stopped at step {loop.step} of {task.kind}; run the same command again to go on"
        )
    tensors, config, _ = loop.export()
    return tensors, config


def _before_and_after(task, before, after) -> tuple[float, float] | None:
    losses = [task.dev_loss(task.kind, network.to(task.device)) for network in (before, after)]
    return None if losses[0] is None else (losses[0], losses[1])


@torch.inference_mode()
def content_drift(before: SynthesisModels, after: SynthesisModels) -> float:
    """Mean absolute difference of the content priors, in nepers, of old lines by all voices that
    are not among those that were rehearsed."""
    lines: list[SaidLine] = say_lines(before, MADE_LINES + len(before.voices))[MADE_LINES:]
    batch = content_batch(lines)
    (one, _), (two, _) = before.content(**batch), after.content(**batch)
    return float(((one - two).abs() * batch["pair_mask"]).sum()
                 / batch["pair_mask"].sum() / one.shape[-1])  # fmt: skip
