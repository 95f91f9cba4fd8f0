"""How much speech does a new voice need? Fine-tunes one on more and more of a held-out speaker.

    python scripts/how_much_data.py
    python scripts/how_much_data.py --speaker TP0 --seconds 10 60 300 --steps 200

The speaker is one that no network that ships has heard, so all of its clips are marked `test`.
Those whose sentence is held out for the other speakers too are scored and never trained on; the
rest is what a user would bring: neutral clips first, then acted ones, every larger amount with the
smaller one in it. Beside each tuned voice stands the zero-shot voice of the same clips (`emotts
add-voice`). Prints a markdown table; run again to go on where it stopped.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from emotts.audio.constants import SAMPLE_RATE
from emotts.audio.io import read_audio, write_audio
from emotts.checkpoints import resolve
from emotts.corpora.packed import read_packed
from emotts.corpora.utterance import Utterance
from emotts.errors import EmottsError
from emotts.evaluation.sets import checkpoint_tag

NAME = "newcomer"
CONSENT = "as the licence of the corpus says"
LEAST_NEW = 1.15  # an amount is tried if the speaker has so much more than the one before
COLUMNS = ("speech", "voice", "likeness, own", "likeness, Resemblyzer", "WER", "seconds")
Clips = list[Utterance]
Row = dict[str, str | float | None]


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """What was asked on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--speaker", default="MK0", help="one that no network has heard")
    parser.add_argument("--seconds", type=float, nargs="+", default=[10, 60, 300, 1200])
    parser.add_argument("--checkpoint", help="a folder or hub id; default: the embedded set")
    parser.add_argument("--steps", type=int, help="default: as the command chooses")
    parser.add_argument("--batch-size", type=int, default=8)
    parser.add_argument("--rank", type=int, default=16, help="of the adapters; 0: all weights")
    parser.add_argument("--replay", type=Path, help="a prepared folder of what the set was made of")
    parser.add_argument("--seeds", type=int, default=3, help="takes of every scored sentence")
    parser.add_argument("--sentences", type=int, help="score only the first of them")
    parser.add_argument("-o", "--output", type=Path, default=Path("runs/how_much_data"))
    return parser.parse_args(given)


def divide(rows: Clips, speaker: str) -> tuple[Clips, Clips]:
    """Clips of a held-out speaker to learn from, neutral ones first, and neutral clips to score.

    Scored are the sentences that no speaker of the corpus is trained on; no clip to learn from
    says one of them. Raises EmottsError for a speaker that is not held out, or has neither.
    """
    mine = [u for u in rows if u.speaker == speaker]
    if not mine or any(u.held_out != "speaker" for u in mine):
        able = sorted({u.speaker for u in rows if u.held_out == "speaker"})
        raise EmottsError(f"{speaker} is no held-out speaker; there are {', '.join(able)}")
    corpus = {u.corpus for u in mine}
    unseen = {u.text for u in rows if u.corpus in corpus and u.held_out == "sentence"}
    scored = [u for u in mine if u.text in unseen and u.emotion == "neutral"]
    # By name in a fixed shuffle, so that no sentence or emotion is learnt before the others.
    order = np.random.default_rng(0).permutation(len(mine))
    own = [mine[i] for i in order if mine[i].text not in unseen and 0.5 <= mine[i].seconds <= 30]
    own.sort(key=lambda u: u.emotion != "neutral")
    if not scored or not own:
        raise EmottsError(f"{speaker} says no sentence that is kept from training, or only those")
    return own, scored


def amounts(own: Clips, seconds: list[float]) -> list[Clips]:
    """The first clips of about so many seconds each; what is more than there is becomes all."""
    ends, out = np.cumsum([u.seconds for u in own]), []
    for wanted in sorted(seconds):
        count = int(np.searchsorted(ends, wanted)) + 1
        clips = own[: min(count, len(own))]
        if not out or total(clips) >= LEAST_NEW * total(out[-1]):
            out.append(clips)
    return out


def total(clips: Clips) -> float:
    """Seconds of speech."""
    return sum(u.seconds for u in clips)


def lay_out(clips: Clips, data: Path, folder: Path) -> Path:
    """A folder as a user would bring it: recordings and metadata.csv."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    table = ["file\ttext\temotion\tlevel"]  # between tabs a quotation mark is a letter
    for u in clips:
        shutil.copyfile(data / u.path, folder / Path(u.path).name)
        table.append("\t".join((Path(u.path).name, u.text, u.emotion, u.level)))
    (folder / "metadata.csv").write_text("\n".join(table) + "\n", encoding="utf-8")
    return folder


class Judges:
    """What scores voices: the set's own speaker encoder, and others where they are installed."""

    def __init__(self, folder: Path, scored: Clips, data: Path, language: str):
        from emotts.checkpoints import load_checkpoint
        from emotts.models.speaker import SpeakerEncoder
        from emotts.synthesis.networks import build

        stored = load_checkpoint(folder, "speaker")
        self._encoder = build(SpeakerEncoder, stored.config, stored.tensors)
        self._resemblyzer = self._words = None
        self.language = language
        if find_spec("resemblyzer"):
            from emotts.evaluation.identity import VoiceJudge

            self._resemblyzer = VoiceJudge()
        if find_spec("faster_whisper"):
            from emotts.evaluation.words import WordJudge

            self._words = WordJudge()
        self.real = [data / u.path for u in scored]
        self.own, self.others = self.own_embeddings(self.real), self.other_embeddings(self.real)

    def own_embeddings(self, files: list[Path]) -> np.ndarray:
        """By the set's speaker encoder, (n, s), after one gain for all files."""
        import torch

        from emotts.corpora.features import active_level_db, clip_features, speaker_gain_db

        clips = [read_audio(path, rate=SAMPLE_RATE) for path in files]
        gain = speaker_gain_db([active_level_db(c) for c in clips])
        mels = [torch.from_numpy(clip_features(c, gain).mel.copy())[None] for c in clips]
        with torch.inference_mode():
            return np.stack([self._encoder(mel)[0].numpy() for mel in mels])

    def other_embeddings(self, files: list[Path]) -> np.ndarray | None:
        """By Resemblyzer, (n, 256)."""
        if self._resemblyzer is None:
            return None
        return np.stack([self._resemblyzer.embed_file(path) for path in files])

    def score(self, files: list[Path], texts: list[str]) -> Row:
        """Mean likeness to the speaker's recordings, and word errors."""
        from emotts.evaluation.identity import similarity

        others = self.other_embeddings(files)
        return {
            "likeness, own": similarity(self.own_embeddings(files), self.own),
            "likeness, Resemblyzer": None if others is None else similarity(others, self.others),
            "WER": self.words(files, texts),
        }

    def score_recordings(self, texts: list[str]) -> Row:
        """The recordings among themselves."""
        from emotts.evaluation.identity import similarity_within as within

        return {
            "speech": "", "voice": "recordings", "likeness, own": within(self.own),
            "likeness, Resemblyzer": None if self.others is None else within(self.others),
            "WER": self.words(self.real, texts), "seconds": None,
        }  # fmt: skip

    def words(self, files: list[Path], texts: list[str]) -> float | None:
        """Share of words that are heard wrong."""
        from emotts.evaluation.words import word_errors

        if self._words is None:
            return None
        heard = [self._words.transcribe(path, self.language) for path in files]
        return word_errors(texts, heard, self.language[:2]).wer


def say(synthesizer, scored: Clips, seeds: int, folder: Path) -> tuple[list[Path], list[str]]:
    """The scored sentences by the new voice: files and their texts."""
    folder.mkdir(parents=True, exist_ok=True)
    files, texts = [], []
    for number, u in enumerate(scored):
        for seed in range(seeds):
            files.append(folder / f"{number:02d}-{seed}.wav")
            texts.append(u.text)
            made = synthesizer.synthesize(u.text, voice=NAME, seed=seed)
            write_audio(files[-1], made.samples, made.rate)
    return files, texts


def zero_shot(asked: argparse.Namespace, clips: Clips, work: Path):
    """A synthesizer with the voice of `emotts add-voice` from the neutral clips."""
    from emotts.synthesis.converter import Converter
    from emotts.synthesis.stored_voices import make_voice
    from emotts.synthesis.synthesizer import Synthesizer

    files = [asked.data / u.path for u in clips if u.emotion == "neutral"]
    converter = Converter.from_pretrained(asked.checkpoint)
    voice, _, _ = make_voice(converter, NAME, files, CONSENT, clips[0].language, clips[0].sex)
    return Synthesizer(converter.models, stored={NAME: voice})


def tuned(asked: argparse.Namespace, clips: Clips, work: Path):
    """A synthesizer with the voice of `emotts finetune voice`."""
    from emotts.synthesis.synthesizer import Synthesizer
    from emotts.training.finetune.voice import VoiceRequest, finetune_voice

    request = VoiceRequest(
        lay_out(clips, asked.data, work / "recordings"), work / "set", NAME, CONSENT,
        language=clips[0].language, sex=clips[0].sex or "unknown", base=asked.checkpoint,
        run=work / "run", replay=asked.replay, rank=asked.rank, steps=asked.steps,
        batch_size=asked.batch_size,
    )  # fmt: skip
    report = finetune_voice(request)
    if report.degraded:
        print(f"old voices became worse: {', '.join(report.degraded)}", file=sys.stderr)
    return Synthesizer.from_pretrained(work / "set")


def measure(
    asked: argparse.Namespace, make: Callable, clips: Clips, scored: Clips, judges: Judges
) -> Row:
    """One row of the table, kept beside the work so that it is made once."""
    work = asked.output / asked.speaker / f"{total(clips):.0f}s" / make.__name__
    kept = work / "row.json"
    if kept.is_file():
        return json.loads(kept.read_text(encoding="utf-8"))
    begun = time.monotonic()
    synthesizer = make(asked, clips, work)
    took = time.monotonic() - begun
    calm = total([u for u in clips if u.emotion == "neutral"])
    files, texts = say(synthesizer, scored, asked.seeds, work / "said")
    speech = f"{total(clips):.0f} s, of it neutral {calm:.0f}"
    row = {"speech": speech, "voice": make.__name__.replace("_", "-")}
    row |= judges.score(files, texts) | {"seconds": took}
    kept.write_text(json.dumps(row, indent=1) + "\n", encoding="utf-8")
    return row


def keep_settings(asked: argparse.Namespace) -> None:
    """Refuse to go on in a folder whose rows were made in another way."""
    told = {k: str(v) for k, v in sorted(vars(asked).items()) if k not in ("output", "seconds")}
    told["checkpoint"] = checkpoint_tag(resolve(asked.checkpoint))  # the embedded set changes, too
    kept = asked.output / asked.speaker / "settings.json"
    if kept.is_file() and json.loads(kept.read_text(encoding="utf-8")) != told:
        raise EmottsError(f"{kept.parent} holds rows of other settings; give another --output")
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def markdown(rows: list[Row]) -> str:
    """The table; what was not measured is a dash."""
    lines = ["| " + " | ".join(COLUMNS) + " |", "|---" * len(COLUMNS) + "|"]
    for row in rows:
        lines.append("| " + " | ".join(_cell(name, row[name]) for name in COLUMNS) + " |")
    return "\n".join(lines)


def _cell(name: str, value: str | float | None) -> str:
    if value is None:
        return "–"
    return (
        value if isinstance(value, str) else f"{value:.0f}" if name == "seconds" else f"{value:.3f}"
    )


def main(given: list[str] | None = None) -> int:
    """Tune, score, print; return the exit status."""
    asked = arguments(given)
    try:
        own, scored = divide(read_packed(asked.data), asked.speaker)
        scored = scored[: asked.sentences]
        keep_settings(asked)
        judges = Judges(resolve(asked.checkpoint), scored, asked.data, scored[0].language)
        rows = [judges.score_recordings([u.text for u in scored])]
        for clips in amounts(own, asked.seconds):
            for make in (zero_shot, tuned):
                rows.append(measure(asked, make, clips, scored, judges))
                print(rows[-1], file=sys.stderr)
    except EmottsError as error:
        print(error, file=sys.stderr)
        return 2
    print(markdown(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
