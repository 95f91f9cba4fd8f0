"""Figures of speech conversion on test speakers, with what recordings give beside them.

    python scripts/conversion_figures.py --checkpoint checkpoints -o runs/conversion
    python scripts/conversion_figures.py --only emotion,words --limit 2

Neutral recordings of the speakers that no model has heard (ravdess actor21, actor22; nemo MK0, TP0)
are converted into every emotion at intensity 1. What is made is kept, with figures.json, below the
output in a folder of the checkpoint's name, so that a run that was stopped goes on; delete it after
a change of code. Speed and memory are those of scripts/conversion_speed.py.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from functools import cached_property
from pathlib import Path

import numpy as np
from conversion_probes import probes

from emotts.audio.io import read_audio, write_audio
from emotts.checkpoints import resolve
from emotts.corpora.packed import read_packed
from emotts.evaluation.agreement import finite_mean, spearman
from emotts.evaluation.clips import Clip
from emotts.evaluation.sets import checkpoint_tag
from emotts.synthesis.vocode import resynthesize

LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25)
POLISH = ("happy", "sad", "angry", "fearful", "surprised")
TARGETS = ("kathleen", "actor02")
RATE = 24000


class Bench:
    """The recordings, the converter, and the files that it makes once."""

    def __init__(self, asked: argparse.Namespace):
        self.asked, self.data = asked, asked.data
        # what another checkpoint made is never taken for this one's
        self.folder = asked.output / checkpoint_tag(resolve(asked.checkpoint))
        (self.folder / "audio").mkdir(parents=True, exist_ok=True)
        rows = read_packed(asked.data)
        self.rows = [r for r in rows if r.split == "test" and r.held_out == "speaker"]
        self.train = [r for r in rows if r.split == "train"]
        self.acted = [r for r in rows if r.corpus == "ravdess"]
        self.sources: dict[str, list] = defaultdict(list)
        for row in self.rows:
            if row.emotion == "neutral" and len(self.sources[row.speaker]) < asked.limit:
                self.sources[row.speaker].append(row)

    @cached_property
    def converter(self):
        from emotts.synthesis.converter import Converter

        return Converter.from_pretrained(self.asked.checkpoint)

    @cached_property
    def judge(self):
        from emotts.evaluation.ser_b import SerB

        return SerB.load(self.asked.ser_b)

    def emotions(self, row) -> tuple[str, ...]:
        return POLISH if row.language == "pl" else self.converter.emotions[1:]

    def all_sources(self) -> list:
        return [row for rows in self.sources.values() for row in rows]

    def place(self, row) -> Path:
        return self.data / row.path

    def converted(self, row, emotion: str | None, level: float = 1.0, **wishes) -> Path:
        """The file of a conversion."""
        named = "_".join([emotion or "kept", f"{level:g}", *map(str, wishes.values())])
        path = self.folder / "audio" / f"{row.id.replace('/', '_')}_{named}.wav"
        if not path.is_file():
            given = {} if emotion in (None, "neutral") else {"intensity": level}
            if wishes.pop("transcribed", False):
                wishes |= {"transcript": row.text, "language": row.language}
            made = self.converter.convert(self.place(row), emotion, **given, **wishes)
            write_audio(path, made.samples, made.rate)
        return path

    def resynthesized(self, row) -> Path:
        path = self.folder / "audio" / f"{row.id.replace('/', '_')}_resynthesis.wav"
        if not path.is_file():
            made = resynthesize(read_audio(self.place(row)), self.asked.checkpoint)
            write_audio(path, made, RATE)
        return path

    def clips(self, speaker: str, levels=(1.0,)) -> list[Clip]:
        """Conversions of a speaker's neutral clips, the neutral ones first."""
        out = []
        for row in self.sources[speaker]:
            for emotion in ("neutral", *self.emotions(row)):
                for level in (1.0,) if emotion == "neutral" else levels:
                    path = self.converted(row, emotion, level)
                    out.append(Clip(str(path), row.text, speaker, emotion, level,
                                    language=row.language))  # fmt: skip
        return out


def emotion(bench: Bench) -> dict:
    """Target emotion named by SER B, against the converted neutral; share of the recordings'."""
    from sklearn.metrics import recall_score

    out = {}
    for corpus in ("ravdess", "nemo"):
        made, real = [], []
        for speaker, rows in bench.sources.items():
            if rows[0].corpus != corpus:
                continue
            made += bench.judge.judge(bench.clips(speaker))
            own = [r for r in bench.rows if r.speaker == speaker]
            asked = ("neutral", *bench.emotions(rows[0]))
            few = 4 * bench.asked.limit
            recorded = [r for name in asked for r in [r for r in own if r.emotion == name][:few]]
            real += bench.judge.judge([
                Clip(str(bench.place(r)), r.text, speaker, r.emotion, language=r.language)
                for r in recorded
            ])  # fmt: skip
        named = f"{corpus}: UAR by SER B,"
        for name, readings in (("converted", made), ("recordings", real)):
            asked = [r.clip.emotion for r in readings]
            uar = recall_score(asked, [r.emotion for r in readings], average="macro")
            out[f"{named} {name}"] = float(uar)
        out[f"{corpus}: share"] = out[f"{named} converted"] / out[f"{named} recordings"]
        hit = [r.emotion == r.clip.emotion for r in made if r.clip.emotion != "neutral"]
        out[f"{corpus}: target named, emotions only"] = float(np.mean(hit))
    return out


def intensity(bench: Bench) -> dict:
    """Spearman's correlation of asked levels with SER B's probability of the target."""
    found = []
    for speaker in bench.sources:
        curves: dict[str, list] = defaultdict(list)
        for reading in bench.judge.judge(bench.clips(speaker, LEVELS)):
            clip = reading.clip
            if clip.emotion != "neutral":
                p = reading.probabilities[clip.emotion]
                curves[clip.emotion].append((clip.intensity, p))
        for points in curves.values():
            means = [np.mean([p for at, p in points if at == level]) for level in LEVELS]
            found.append(spearman(LEVELS, means))
    return {"Spearman's rho over levels, mean over speakers and emotions": finite_mean(found)}


def words(bench: Bench) -> dict:
    """Word errors by Whisper base of English sources and of what is made of them."""
    from emotts.evaluation.words import WordJudge, word_errors

    judge, out = WordJudge(), {}
    heard: dict[str, list] = defaultdict(list)
    for row in (r for r in bench.all_sources() if r.corpus == "ravdess"):
        heard["sources"].append((row.text, judge.transcribe(bench.place(row))))
        heard["resynthesis"].append((row.text, judge.transcribe(bench.resynthesized(row))))
        for name in ("neutral", *bench.emotions(row)):
            text = judge.transcribe(bench.converted(row, name))
            heard[name].append((row.text, text))
            heard["converted"].append((row.text, text))
    for name, pairs in heard.items():
        out[f"WER, {name}"] = 100 * word_errors(*zip(*pairs, strict=True)).wer
    out["WER, converted minus sources"] = out["WER, converted"] - out["WER, sources"]
    return out


def identity(bench: Bench) -> dict:
    """Resemblyzer: emotional conversions to their source, over resynthesis to its source."""
    from emotts.evaluation.identity import VoiceJudge, similarity

    judge, made, plain = VoiceJudge(), [], []
    for row in bench.all_sources():
        source = judge.embed_file(bench.place(row))
        plain.append(similarity(judge.embed_file(bench.resynthesized(row)), source))
        for name in bench.emotions(row):
            made.append(similarity(judge.embed_file(bench.converted(row, name)), source))
    return {
        "similarity to the source, converted": finite_mean(made),
        "similarity to the source, resynthesis": finite_mean(plain),
        "ratio": finite_mean(made) / finite_mean(plain),
    }


def voice(bench: Bench) -> dict:
    """Resemblyzer: voice conversions to the target's recordings minus to the source.

    As they are, without the push from the source's voice, and from the text known; with what the
    sources themselves and the target's recordings among themselves have.
    """
    from emotts.evaluation.identity import VoiceJudge, similarity, similarity_within

    judge, found = VoiceJudge(), defaultdict(list)
    ways = {"": {}, ", no push": {"voice_guidance": 1.0}, ", transcript": {"transcribed": True}}
    for target in (t for t in TARGETS if t in bench.converter.voices):
        own = [r for r in bench.train if r.speaker == target and r.emotion == "neutral"][:8]
        recorded = np.stack([judge.embed_file(bench.place(r)) for r in own])
        found["target's recordings among themselves"].append(similarity_within(recorded))
        for row in bench.all_sources():
            source = judge.embed_file(bench.place(row))
            found["source to target"].append(similarity(source, recorded))
            for way, wishes in ways.items():
                path = bench.converted(row, None, voice=target, **wishes)
                made = judge.embed_file(path)
                near, far = similarity(made, recorded), similarity(made, source)
                found[f"to target{way}"].append(near)
                found[f"to source{way}"].append(far)
                found[f"to {target}, minus to the source{way}"].append(near - far)
                found[f"minus to the source, mean{way}"].append(near - far)
    return {name: finite_mean(values) for name, values in found.items()}


def parallel(bench: Bench) -> dict:
    """MCD-DTW and log-F0 RMSE to the same speaker's recording of the text in that emotion."""
    from emotts.evaluation.metrics.f0_metrics import against_reference

    found = defaultdict(list)
    for row in bench.all_sources():
        source = read_audio(bench.place(row))
        for name in bench.emotions(row):
            same = [r for r in bench.rows if (r.speaker, r.text, r.emotion) ==
                    (row.speaker, row.text, name)]  # fmt: skip
            same = [r for r in same if r.level == "strong"] or same
            if not same:
                continue
            real = read_audio(bench.place(same[0]))
            made = read_audio(bench.converted(row, name))
            for who, samples in (("converted", made), ("source", source)):
                scores = against_reference(samples, real)
                for metric in ("mcd", "log_f0_rmse"):
                    if scores[metric] is not None:
                        found[f"{row.corpus}: {metric}, {who}"].append(scores[metric])
    return {name: finite_mean(values) for name, values in sorted(found.items())}


FIGURES = {f.__name__: f for f in (emotion, words, identity, voice, intensity, probes, parallel)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", help="a folder or hub id; default: the embedded set")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--ser-b", type=Path, default=None, help="another than the one that ships")
    parser.add_argument("-o", "--output", type=Path, default=Path("runs/conversion"))
    parser.add_argument("--only", default=",".join(FIGURES), help=f"of {', '.join(FIGURES)}")
    parser.add_argument("--limit", type=int, default=4, help="neutral clips a speaker")
    asked = parser.parse_args()
    wanted = [name.strip() for name in asked.only.split(",")]
    unknown = [name for name in wanted if name not in FIGURES]
    if unknown:
        parser.error(f"no figure {unknown[0]!r}; choose from {', '.join(FIGURES)}")
    bench = Bench(asked)
    path = bench.folder / "figures.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    for name in wanted:
        start = time.perf_counter()
        known[name] = FIGURES[name](bench) | {"seconds to measure": time.perf_counter() - start}
        path.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
        rows = [f"| {figure} | {value:.3f} |" for figure, value in known[name].items()]
        print("\n".join([f"## {name}", "", "| figure | value |", "|---|---|", *rows, ""]))


if __name__ == "__main__":
    main()
