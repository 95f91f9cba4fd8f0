"""`python -m emotts.onnx_runner FOLDER TEXT -o FILE`: say a text without torch."""

import argparse
import sys

from emotts.errors import EmottsError
from emotts.onnx_runner.synthesizer import OnnxSynthesizer


def main(arguments: list[str] | None = None) -> int:
    """Say a text; returns the exit status, 2 with one sentence for what cannot be done."""
    parser = argparse.ArgumentParser("python -m emotts.onnx_runner", description=__doc__)
    parser.add_argument("folder", help="what 'emotts export --format onnx' wrote")
    parser.add_argument("text")
    parser.add_argument("-o", "--output", required=True, help="a wav, flac, ogg or mp3 file")
    parser.add_argument("--voice", default="kathleen")
    parser.add_argument("--emotion", default="neutral", help="such as happy:0.8")
    parser.add_argument("--rate", type=float, default=1.0, help="tempo, 0.5 to 2")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=0, help="0: one a core")
    asked = parser.parse_args(arguments)
    try:
        synthesizer = OnnxSynthesizer(asked.folder, threads=asked.threads)
        speech = synthesizer.synthesize(
            asked.text, asked.voice, asked.emotion, rate=asked.rate, seed=asked.seed
        )
        speech.save(asked.output)
    except EmottsError as error:
        print(f"emotts: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
