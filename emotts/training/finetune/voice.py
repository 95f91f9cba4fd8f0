"""`emotts finetune voice`: a folder of recordings and a set in, a set with one more voice out."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch

from emotts.checkpoints import load_checkpoint, resolve, save_checkpoint
from emotts.errors import EmottsError
from emotts.synthesis.models import SynthesisModels, load_models
from emotts.synthesis.stored_voices import checked_consent, checked_voice_name
from emotts.synthesis.voices import Voice
from emotts.training.acoustic.clips import AcousticClips
from emotts.training.acoustic.voices import neutral_rows
from emotts.training.alignment.corpus import FILE
from emotts.training.config import Recipe
from emotts.training.finetune.adapters import trained_parameters
from emotts.training.finetune.check import VoiceFigures, degraded, measure_voices
from emotts.training.finetune.features import align_own, is_told, prepare_own
from emotts.training.finetune.own_conditions import own_voice
from emotts.training.finetune.recordings import read_recordings
from emotts.training.finetune.task import VoiceTuning
from emotts.training.pacing import SPREAD_LIMITS, measure

COMMAND = "emotts finetune voice"
STEPS, LEAST_STEPS, STEPS_A_SECOND = 400, 40, 1.0
Weights = tuple[dict, dict]  # tensors and configuration of a network
STATED = ("log_f0", "pitch_deviation", "energy", "tempo")


@dataclass(frozen=True)
class VoiceRequest:
    """What is asked for. rank: of the adapters, 0 to tune all weights; steps (None: as many as
    the speech can teach, see `fitting_steps`), batch_size, learning_rate: as in a recipe; replay:
    a prepared folder of the recordings that the set was trained on; minutes: training at most."""

    data: Path
    output: Path
    name: str
    consent: str
    language: str = "en-us"
    sex: str = "unknown"
    base: str | Path | None = None
    run: Path | None = None
    replay: Path | None = None
    rank: int = 16
    steps: int | None = None
    batch_size: int = 8
    learning_rate: float | None = None
    minutes: float | None = None
    seed: int = 0
    restart: bool = False

    @property
    def work(self) -> Path:
        """Where features and the state of the run are."""
        return self.run or Path("runs") / f"finetune-{self.name}"


@dataclass(frozen=True)
class VoiceReport:
    """What came of it: figures of every voice before (the new one zero-shot) and after; flow loss
    of the new voice's dev clips before and after, None where it has none; voices that lost more
    than they may; numbers trained; steps; seconds of speech."""

    before: dict[str, VoiceFigures]
    after: dict[str, VoiceFigures]
    flow: tuple[float, float] | None
    degraded: list[str]
    parameters: int
    steps: int
    seconds: float


def finetune_voice(request: VoiceRequest) -> VoiceReport:
    """Tune the flow decoder of a set to a new speaker and write the whole set, with the voice.

    An interrupted run goes on where it stopped. Raises EmottsError for a name that is taken, no
    consent, recordings that cannot be used, and an output folder that holds something else.
    """
    base, models, licence = begin(request)
    if request.restart:
        shutil.rmtree(request.work, ignore_errors=True)
    recordings = read_recordings(request.data)
    store = prepare_own(recordings, request.work, request.name, request.language, request.sex)
    if request.steps is None:
        steps = fitting_steps(sum(u.seconds for u in store.utterances))
        request = replace(request, steps=steps)
    if not (store.folder / FILE).is_file():
        align_own(store, models)
    clips = AcousticClips(store, None)
    voice = own_voice(clips, models, request.name, licence)
    task = VoiceTuning(decoder_recipe(request, store.folder, base), store, models, voice, clips)
    return tune_voice(request, task, base, models)


def fitting_steps(seconds: float) -> int:
    """Training steps that so much speech can take before the decoder learns the clips by heart and
    words suffer: `scripts/how_much_data.py` measured 11 s to 17 minutes."""
    return int(np.clip(STEPS_A_SECOND * seconds, LEAST_STEPS, STEPS))


def begin(request: VoiceRequest) -> tuple[Path, SynthesisModels, str]:
    """The set that is tuned, its models, and the new voice's licence, once all is checked that can
    be before any work."""
    base = resolve(request.base)
    models = load_models(base, vocoder="griffin-lim")  # nothing is heard here but mels
    checked_voice_name(request.name, tuple(models.voices))
    licence = f"consent: {checked_consent(request.consent)}"
    check_output(request.output, base)
    return base, models, licence


def check_output(output: Path, base: Path) -> None:
    """Refuse an output folder that holds something other than an earlier result."""
    if output.exists() and not output.is_dir():
        raise EmottsError(f"the output {output} is a file; name a folder")
    if output.resolve() == Path(base).resolve():
        raise EmottsError(f"{output} is the set that is tuned; name another folder for the result")
    if output.is_dir() and any(output.iterdir()) and not (output / "voices.json").is_file():
        raise EmottsError(f"the output {output} is not empty and holds no set; name a new folder")


def tuning_recipe(request: VoiceRequest, task: str, name: str, data: Path, base: Path) -> Recipe:
    """What the tuning of a network of this name does, but for its size and options."""
    rate = request.learning_rate or (1e-3 if request.rank else 1e-4)
    steps = request.steps or STEPS
    return Recipe(
        task=task, name=name, data=data, run=request.work, export=base,
        seed=request.seed, steps=steps, batch_size=request.batch_size,
        learning_rate=rate, weight_decay=0.0, warmup=min(20, steps), decay_from=0.4,
        ema=0.99, log_every=10, save_every=50, validate_every=100, minutes=request.minutes,
    )  # fmt: skip


def decoder_recipe(request: VoiceRequest, data: Path, base: Path) -> Recipe:
    """What the tuning of the flow decoder does."""
    config = load_checkpoint(base, "acoustic").config
    options = {
        "rank": request.rank, "pairs": 112, "prior_noise": 0.1, "replay_weight": 1.0,
        "made_lines": 48, "replay": str(request.replay) if request.replay else None,
    }  # fmt: skip
    return tuning_recipe(request, "finetune_voice", "acoustic", data, base).model_copy(
        update={"model": {k: v for k, v in config.items() if k != "kind"}, "options": options}
    )


def tune_voice(
    request: VoiceRequest, task: VoiceTuning, base: Path, first: SynthesisModels,
    more: dict[str, Weights] | None = None, command: str = COMMAND,
) -> VoiceReport:  # fmt: skip
    """Tune the decoder, measure all voices before (by the models `first`) and after, and write
    the set, with `more` networks that were tuned before."""
    from accelerate import Accelerator

    from emotts.training.run import train_task

    models, voice = task.models, task.voice
    wanted = _dev_embedding(task)
    voices = [*models.voices.values(), voice]
    before = measure_voices(first, voices, wanted)
    loop, _ = train_task(task, task.recipe, Accelerator(), command)
    tensors, config, _ = loop.export()
    tuned = replace(models, decoder=_decoder(models, tensors))
    voice = paced(tuned, task.clips, voice)
    after = measure_voices(tuned, [*models.voices.values(), voice], wanted)
    flow = None
    if (untuned := task.dev_loss("decoder", models.decoder)) is not None:
        flow = (untuned, task.dev_loss("decoder", tuned.decoder))
    seconds = sum(task.store.utterances[i].seconds for i in task.clips.train)
    report = VoiceReport(
        before, after, flow, degraded(before, after, voice.name),
        trained_parameters(loop.raw["decoder"]), loop.step, round(seconds, 1),
    )  # fmt: skip
    networks = {**(more or {}), "acoustic": (tensors, config)}
    write_set(base, request.output, voice, networks, report, command)
    told = json.dumps(asdict(report), indent=1) + "\n"
    (request.work / "report.json").write_text(told, encoding="utf-8")
    return report


def _decoder(models: SynthesisModels, tensors: dict) -> torch.nn.Module:
    import copy

    decoder = copy.deepcopy(models.decoder)
    decoder.load_state_dict({k: v for k, v in tensors.items() if k != "scale"})
    return decoder.eval().requires_grad_(False)


def _dev_embedding(task: VoiceTuning) -> dict[str, np.ndarray]:
    """Speaker embedding of the recordings that are kept for dev, where there are any."""
    from emotts.training.finetune.own_conditions import embed_clips

    rows = [i for i in task.clips.dev if task.store.utterances[i].emotion == "neutral"]
    return {task.voice.name: embed_clips(task.clips, task.models.folder, rows)} if rows else {}


def paced(models: SynthesisModels, clips: AcousticClips, voice: Voice) -> Voice:
    """The voice at the tempo and with the spread of pitch that its recordings have, as
    `emotts.training.pacing` sets them for the voices that ship."""
    rows = [i for i in neutral_rows(clips)[voice.name] if is_told(clips.store, i)]
    rows = rows[:: max(1, len(rows) // 20)]
    if not rows:
        return voice
    for _ in range(2):
        slower, wider = measure(models, clips, voice, rows)
        voice = voice.model_copy(update={
            "tempo": voice.tempo + float(np.log(slower)),
            "pitch_deviation": voice.pitch_deviation * float(np.clip(wider, *SPREAD_LIMITS)),
        })  # fmt: skip
    return voice


def write_set(
    base: Path, output: Path, voice: Voice, networks: dict[str, Weights], report: VoiceReport,
    command: str = COMMAND,
) -> None:  # fmt: skip
    """Copy a set, with some other networks and one more voice."""
    output.mkdir(parents=True, exist_ok=True)
    index = json.loads((base / "index.json").read_text(encoding="utf-8"))
    for name in [*index["files"], "index.json"]:
        shutil.copyfile(base / name, output / name)
    stored = load_checkpoint(base, "voices")
    facts = voice.model_dump(exclude={"name"}) | {n: getattr(voice, n) for n in STATED}
    config = {**stored.config, "voices": {**stored.config["voices"], voice.name: facts}}
    tensors = dict(stored.tensors)
    tensors[f"embedding.{voice.name}"] = torch.tensor(voice.embedding)
    tensors[f"spectrum.{voice.name}"] = torch.tensor(voice.mel_mean)
    corpora = sorted({v["corpus"] for v in config["voices"].values()})
    card = {"corpora": corpora, "command": f"{command} --name {voice.name}", "steps": report.steps,
            "licence": "that of the set it was made from, and what the speaker agreed to",
            voice.name: f"{report.seconds:.0f} s of speech; {voice.licence}"}  # fmt: skip
    figures = {"similarity before": report.before[voice.name].similarity,
               "similarity after": report.after[voice.name].similarity}  # fmt: skip
    for name, weights in networks.items():
        save_checkpoint(output, name, *weights, card | {"figures": figures})
    save_checkpoint(output, "voices", tensors, config, card)
