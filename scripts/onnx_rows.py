"""The protocol's rows of words, likeness, speed and size, by torch and by the ONNX runner.

    pip install "emotts[eval,export]"
    python scripts/onnx_rows.py
    python scripts/onnx_rows.py --count 2 --emotion happy:0.8

Both say the same sentences with the same seed, in turns, on one thread; each is loaded in a fresh
process for its load time. Prints a markdown table.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from emotts.audio.speech import Speech
from emotts.checkpoints import resolve
from emotts.errors import EmottsError
from emotts.evaluation.sets import read_sentences

SENTENCES = Path(__file__).resolve().parents[2] / "shared" / "sentences" / "english.txt"
SPOKEN = ("content", "prosody", "acoustic", "vocoder", "voices")  # what synthesis reads of a set
HEAD = (
    "path", "WER", "largest difference", "real-time factor", "CPU s per s", "load s", "models MB",
)  # fmt: skip
LOAD = {
    "torch": "from emotts.synthesis.synthesizer import Synthesizer as S; S.from_pretrained(folder)",
    "onnx": "from emotts.onnx_runner import OnnxSynthesizer as S; S(folder, threads=1)",
}


@dataclass
class Row:
    """What one path said and took."""

    speeches: list[Speech] = field(default_factory=list)
    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0

    def say(self, synthesize: Callable[..., Speech], text: str, **wishes) -> None:
        """Say a sentence against the clocks."""
        wall, cpu = time.perf_counter(), time.process_time()
        self.speeches.append(synthesize(text, **wishes))
        self.wall_seconds += time.perf_counter() - wall
        self.cpu_seconds += time.process_time() - cpu

    @property
    def seconds(self) -> float:
        """Of speech in all."""
        return sum(speech.seconds for speech in self.speeches)


def difference_db(ours: np.ndarray, other: np.ndarray) -> float:
    """Power of the difference over the power of `ours`; 0 dB and more where lengths differ."""
    size = max(len(ours), len(other))
    a, b = (np.pad(x.astype(np.float64), (0, size - len(x))) for x in (ours, other))
    if len(ours) != len(other):
        return max(0.0, _db(a, b))
    return _db(a, b)


def _db(a: np.ndarray, b: np.ndarray) -> float:
    return float(10 * np.log10((np.square(a - b).sum() + 1e-20) / (np.square(a).sum() + 1e-20)))


def load_seconds(path: str, folder: Path) -> float:
    """Seconds that a fresh process needs to import and load, the interpreter's own start not
    counted; the better of two, since the first reads the disk."""
    code = (
        "import sys, time; begun = time.perf_counter(); folder = sys.argv[1]; "
        f"{LOAD[path]}; print(time.perf_counter() - begun)"
    )
    given = [sys.executable, "-c", code, str(folder)]
    runs = (subprocess.run(given, capture_output=True, text=True, check=True) for _ in range(2))
    return min(float(run.stdout.split()[-1]) for run in runs)


def megabytes(path: str, folder: Path) -> float:
    """Of the files that speaking needs."""
    if path == "onnx":
        files = [f for f in folder.iterdir() if f.suffix in (".onnx", ".npz", ".json")]
    else:
        files = [folder / f"{name}{end}" for name in SPOKEN for end in (".safetensors", ".json")]
    return sum(file.stat().st_size for file in files) / 1e6


def transcripts(speeches: Sequence[Speech], work: Path, judge) -> list[str]:
    """What a judge of `emotts.evaluation.judges.words` hears in each."""
    heard = []
    for speech in speeches:
        speech.save(work / "said.wav")
        heard.append(judge.hear(work / "said.wav"))
    return heard


def measure(asked: argparse.Namespace, work: Path) -> tuple[list[tuple[str, ...]], str]:
    """Rows of the table, torch first, and what to know of them."""
    import torch

    from emotts.evaluation.judges.words import Whisper
    from emotts.evaluation.words import word_errors
    from emotts.onnx_runner import OnnxSynthesizer
    from emotts.synthesis.export_onnx import export_onnx
    from emotts.synthesis.synthesizer import Synthesizer

    if reason := Whisper.missing(asked.whisper):
        raise EmottsError(f"the judge of words cannot be made: {reason}")
    torch.set_num_threads(1)
    sentences = read_sentences(asked.sentences, asked.count)
    folders = {"torch": resolve(asked.checkpoint), "onnx": work / "onnx"}
    export_onnx(asked.checkpoint, folders["onnx"])
    speak = {
        "torch": Synthesizer.from_pretrained(folders["torch"]).synthesize,
        "onnx": OnnxSynthesizer(folders["onnx"], threads=1).synthesize,
    }
    wishes = {"voice": asked.voice, "emotion": asked.emotion, "seed": asked.seed}
    rows = {path: Row() for path in speak}
    for synthesize in speak.values():
        synthesize(sentences[0], **wishes)  # what is made at the first call is no speed
    for text in sentences:
        for path, synthesize in speak.items():
            rows[path].say(synthesize, text, **wishes)
    pairs = zip(rows["torch"].speeches, rows["onnx"].speeches, strict=True)
    largest = max(difference_db(a.samples, b.samples) for a, b in pairs)
    judge = Whisper(asked.whisper)
    heard = {path: transcripts(row.speeches, work, judge) for path, row in rows.items()}
    alike = sum(a == b for a, b in zip(*heard.values(), strict=True))
    note = f"The judge wrote down the same words for {alike} of {len(sentences)} sentences."
    table = [
        (
            path, f"{100 * word_errors(sentences, heard[path]).wer:.1f} %",
            "–" if path == "torch" else f"{largest:.1f} dB",
            f"{row.wall_seconds / row.seconds:.3f}", f"{row.cpu_seconds / row.seconds:.3f}",
            f"{load_seconds(path, folders[path]):.2f}", f"{megabytes(path, folders[path]):.1f}",
        )
        for path, row in rows.items()
    ]  # fmt: skip
    return table, note


def main() -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=10, help="sentences to say")
    parser.add_argument("--sentences", type=Path, default=SENTENCES, help="a file, one a line")
    parser.add_argument("--voice", default="kathleen")
    parser.add_argument("--emotion", help="such as happy:0.8; default: none")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--checkpoint", help="a folder or hub id; default: the embedded set")
    parser.add_argument("--whisper", help="a faster-whisper model; default: the packaged base")
    asked = parser.parse_args()
    if asked.count < 1:
        parser.error("--count must be 1 or more")
    try:
        with tempfile.TemporaryDirectory() as work:
            rows, note = measure(asked, Path(work))
    except EmottsError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{asked.count} sentences of {asked.sentences.name}, {asked.voice}, seed {asked.seed}:\n")
    for line in (HEAD, ("---",) * len(HEAD), *rows):
        print("| " + " | ".join(line) + " |")
    print(f"\n{note}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
