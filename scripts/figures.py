"""Every figure of the results table for a checkpoint folder, with its anchor rows.

    python scripts/figures.py --data ../shared/data --sentences ../shared/sentences
    python scripts/figures.py --quick --only words,emotion

Synthesizes what is needed into runs/figures (files already there are kept, judged files are not
judged again), writes runs/figures/report.json and prints markdown. SER B is fitted once by
`python -m emotts.evaluation.ser_b fit ../shared/data -o runs/ser_b`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import cached_property, partial
from pathlib import Path

from emotts.emotion.vocabulary import CATEGORIES
from emotts.errors import EmottsError
from emotts.evaluation import sets, suite
from emotts.evaluation.report import TABLES, machine, markdown, write_report
from emotts.evaluation.score_cache import ScoreCache

EMOTION_VOICES = ("kathleen", "lj", "actor03", "actor04")
ACTORS = ("actor01", "actor02", "actor03", "actor04")
EMOTION_SENTENCES, QUICK_SENTENCES = 12, 10


class Figures:
    """The sets and judges of one checkpoint, each made when first asked for."""

    def __init__(self, asked: argparse.Namespace):
        from emotts.checkpoints import resolve

        self.asked, self.quick = asked, asked.quick
        self.checkpoint = sets.checkpoint_tag(resolve(asked.checkpoints))
        self.anchors = asked.output / "anchors"
        self.folder = asked.output / self.checkpoint
        self.cache = ScoreCache(asked.output / "scores.jsonl")
        self.seeds = range(1 if self.quick else asked.seeds)

    @cached_property
    def synthesizer(self):
        from emotts.synthesis.synthesizer import Synthesizer

        return Synthesizer.from_pretrained(self.asked.checkpoints)

    @cached_property
    def recognizer(self):
        from emotts.synthesis.recognizer import Recognizer

        return Recognizer.from_pretrained(self.asked.checkpoints)

    @cached_property
    def ser_b(self):
        from emotts.evaluation.ser_b import SerB

        return SerB.load(self.asked.ser_b)

    @cached_property
    def word_judge(self):
        from emotts.evaluation.words import WordJudge

        return WordJudge(cpu_threads=self.asked.threads)

    @cached_property
    def sentences(self) -> list[str]:
        return sets.read_sentences(
            self.asked.sentences / "english.txt", QUICK_SENTENCES if self.quick else None
        )

    @cached_property
    def neutral(self) -> list:
        return sets.synthesized(
            self.synthesizer, self.folder / "neutral", self.sentences, ["kathleen"],
            seeds=self.seeds,
        )  # fmt: skip

    @cached_property
    def actors(self) -> list:
        voices = [v for v in self.asked.actors if v in self.synthesizer.voices]
        if not voices:
            raise EmottsError(f"No voice among {', '.join(self.asked.actors)} in the checkpoint.")
        voices = voices[:1] if self.quick else voices
        return sets.synthesized(self.synthesizer, self.folder / "actors", self.sentences, voices)

    @cached_property
    def emotional(self) -> list:
        voices = EMOTION_VOICES[:2] if self.quick else EMOTION_VOICES
        return sets.synthesized(
            self.synthesizer, self.folder / "emotional", self.sentences[:EMOTION_SENTENCES],
            voices, CATEGORIES,
        )  # fmt: skip

    @cached_property
    def recordings(self) -> list:
        clips = sets.recorded(self.asked.data, "kathleen")
        return clips[:QUICK_SENTENCES] if self.quick else clips

    @cached_property
    def acted(self) -> list:
        return sets.recorded(self.asked.data, "ravdess")

    @cached_property
    def piper(self) -> list:
        return sets.spoken_by_piper(self.sentences, self.anchors / "piper")

    def resynthesis(self, clips: list, name: str) -> list:
        from emotts.synthesis.vocode import resynthesize

        make = partial(resynthesize, source=self.asked.checkpoints)
        return sets.resynthesized(clips, self.folder / name, make)

    def rows(self, sets_of: dict[str, Callable[[], list]]) -> dict[str, list]:
        """Make the sets that were not left out by --skip."""
        return {
            name: make()
            for name, make in sets_of.items()
            if not name.startswith(tuple(self.asked.skip))
        }

    def spoken(self) -> dict[str, list]:
        """The sets that words and naturalness are measured on."""
        return self.rows(
            {
                "recordings": lambda: self.recordings,
                "resynthesis": lambda: self.resynthesis(self.recordings, "resynthesis"),
                "Piper, joe": lambda: self.piper,
                "kathleen, neutral": lambda: self.neutral,
                "actors, neutral": lambda: self.actors,
                "emotional, all voices": lambda: self.emotional,
            }
        )

    def words(self) -> dict:
        return {
            name: suite.score_words(clips, self.word_judge, self.cache)
            for name, clips in self.spoken().items()
        }

    def emotion(self) -> dict:
        rows = self.rows(
            {
                "recordings, unseen ravdess actors": lambda: self.acted,
                "resynthesis of these": lambda: self.resynthesis(self.acted, "resynthesis_acted"),
                "synthesis, unseen sentences": lambda: self.emotional,
            }
        )
        recognizer = None if "SER A" in self.asked.skip else self.recognizer
        return {
            name: suite.score_emotion(clips, self.ser_b, recognizer) for name, clips in rows.items()
        }

    def identity(self) -> dict:
        from emotts.evaluation.identity import VoiceJudge

        judge = VoiceJudge()
        rows = self.rows(
            {
                "recordings, unseen ravdess actors": lambda: self.acted,
                "synthesis, unseen sentences": lambda: self.emotional,
            }
        )
        return {name: suite.score_identity(c, judge, self.cache) for name, c in rows.items()}

    def naturalness(self) -> dict:
        from emotts.evaluation.naturalness import DistillMos, Dnsmos

        judges = [DistillMos(), Dnsmos()]
        return {
            name: suite.score_naturalness(clips, judges, self.cache)
            for name, clips in self.spoken().items()
        }

    def speed(self) -> dict:
        from emotts.evaluation.speed import measure

        texts = self.sentences[:QUICK_SENTENCES]
        jobs = {
            "emotts, kathleen": ("emotts_speaker", {"checkpoints": self.asked.checkpoints}),
            "Piper, joe": ("piper_speaker", {}),
        }
        return {
            name: asdict(measure(f"emotts.evaluation.speed:{loader}", texts, options))
            for name, (loader, options) in jobs.items()
            if not name.startswith(tuple(self.asked.skip))
        }


def arguments() -> argparse.Namespace:
    """What was asked on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoints", nargs="?", help="a folder or hub id; default: the embedded")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--sentences", type=Path, default=Path("../shared/sentences"))
    parser.add_argument("--ser-b", type=Path, default=Path("runs/ser_b"))
    parser.add_argument("-o", "--output", type=Path, default=Path("runs/figures"))
    parser.add_argument("--only", default=",".join(TABLES), help="a comma-separated choice")
    parser.add_argument("--quick", action="store_true", help="10 sentences, 2 voices, one seed")
    parser.add_argument("--seeds", type=int, default=3, help="seeds of the neutral sentences")
    parser.add_argument("--threads", type=int, default=1, help="of the word judge")
    parser.add_argument(
        "--skip", nargs="+", default=[], metavar="ROW",
        help="leave rows out whose name begins so (recordings, resynthesis, Piper), or SER A",
    )  # fmt: skip
    parser.add_argument("--actors", nargs="+", default=ACTORS)
    return parser.parse_args()


def main() -> int:
    """Score, write the report after each figure, print it; return the exit status."""
    asked = arguments()
    chosen = [name.strip() for name in asked.only.split(",") if name.strip()]
    try:
        if unknown := set(chosen) - set(TABLES):
            raise EmottsError(f"No figure {sorted(unknown)}; choose from {', '.join(TABLES)}.")
        asked.output.mkdir(parents=True, exist_ok=True)
        figures = Figures(asked)
        path = asked.output / "report.json"
        report = json.loads(path.read_text()) if path.is_file() else {}
        if (report.get("checkpoint"), report.get("quick")) != (figures.checkpoint, asked.quick):
            report = {"checkpoint": figures.checkpoint, "quick": asked.quick}
        report |= {"machine": machine(), "seeds": list(figures.seeds)}
        for name in chosen:
            report[name] = getattr(figures, name)()
            write_report(path, report)
    except EmottsError as error:
        print(error, file=sys.stderr)
        return 2
    print(markdown(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
