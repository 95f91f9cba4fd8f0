"""EmoNet-Voice Bench: 12 600 machine-made clips in forty emotions, rated by psychologists.

Licence: CC BY 4.0. https://huggingface.co/datasets/laion/emonet-voice-bench (Schuhmann et al. 2025,
arXiv 2506.09827). Parquet files with the columns audioId (the audio) and label: a list of
{annotator: {emotion: 0, 1 or 2}}, absent, weak or strong. It says neither text nor voice nor
language, and the speech is machine-made: all of it is test, for recognizers. Votes are by score.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from emotts.corpora.audio import read_parquet
from emotts.corpora.layout import audio_files, relative, transcripts
from emotts.corpora.recording import Corpus, Recording, Splits
from emotts.errors import EmottsError

LAYOUT = "data/train-00000-of-00010.parquet"
LEVELS = {0: "", 1: "weak", 2: "strong"}


def _judged(label: object, where: str) -> tuple[str, Counter[int]]:
    """The emotion asked for, and how many gave each score."""
    try:
        rows = ast.literal_eval(label) if isinstance(label, str) else list(label)
        answers = [answer for row in rows for judged in row.values() for answer in judged.items()]
        (emotion,) = {word for word, _ in answers}
        return emotion, Counter(int(score) for _, score in answers)
    except (ValueError, SyntaxError, TypeError, AttributeError) as error:
        raise EmottsError(
            f"{where}: the label is no list of {{annotator: {{emotion: 0–2}}}}"
        ) from error


def read(root: Path) -> Iterator[Recording]:
    """Every clip; its emotion is empty where most judges heard none of it."""
    texts = transcripts(root)
    for path in audio_files(root, "**/*.parquet", layout=LAYOUT):
        table = read_parquet(path)
        if "label" not in table.columns:
            raise EmottsError(f"{path} has no column label; {LAYOUT}")
        for number, label in enumerate(table["label"]):
            name = f"{relative(path, root)}#row={number}"
            emotion, votes = _judged(label, name)
            heard = votes[1] + votes[2] > votes[0]
            level = LEVELS[2 if votes[2] > votes[1] else 1] if heard else ""
            yield Recording(
                name, "emonet", emotion if heard else "", texts.get(name, ""), split="test",
                level=level, votes={str(score): votes[score] for score in sorted(votes)},
            )  # fmt: skip


CORPUS = Corpus(
    name="emonet",
    title="EmoNet-Voice Bench",
    licence="CC BY 4.0",
    link="https://huggingface.co/datasets/laion/emonet-voice-bench",
    language="English, German, French, Spanish (not marked)",
    hours=36.3,
    emotions="forty, rated 0 to 2; votes",
    layout=LAYOUT,
    obtain="hf download laion/emonet-voice-bench --repo-type dataset; pip install pandas pyarrow",
    splits=Splits("all test: machine-made voices that are never trained on", official="speaker"),
    read=read,
)
