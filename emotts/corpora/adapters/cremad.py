"""CREMA-D: 91 actors say twelve sentences in six emotions, some at three levels, with votes.

Licence: Open Database License 1.0. https://github.com/CheyneyComputerScience/CREMA-D (Cao et al.
2014). LO, MD and HI are the acted levels (weak, normal, strong), XX is unspecified. Votes are of
those who heard the voice alone (queryType 1 of finishedResponses.csv), by category.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from emotts.corpora.labels import category
from emotts.corpora.layout import audio_files, code, name_parts, read_table, relative, sex_of
from emotts.corpora.recording import Corpus, Recording, Splits

LAYOUT = "AudioWAV/1001_DFA_ANG_XX.wav, VideoDemographics.csv and, for votes, finishedResponses.csv"
NAME = re.compile(
    r"(?P<actor>1\d{3})_(?P<sentence>[A-Z]{3})_(?P<emotion>[A-Z]{3})_(?P<level>[A-Z]{1,2})"
)
EMOTIONS = {"ANG": "anger", "DIS": "disgust", "FEA": "fear", "HAP": "happy", "NEU": "neutral",
            "SAD": "sad"}  # fmt: skip
LEVELS = {"LO": "weak", "MD": "normal", "HI": "strong", "XX": "", "X": ""}
ANSWERS = {"A": "anger", "D": "disgust", "F": "fear", "H": "happy", "N": "neutral", "S": "sad"}
SENTENCES = {
    "IEO": "It's eleven o'clock.",
    "TIE": "That is exactly what happened.",
    "IOM": "I'm on my way to the meeting.",
    "IWW": "I wonder what this is about.",
    "TAI": "The airplane is almost full.",
    "MTI": "Maybe tomorrow it will be cold.",
    "IWL": "I would like a new alarm clock.",
    "ITH": "I think I have a doctor's appointment.",
    "DFA": "Don't forget a jacket.",
    "ITS": "I think I've seen this before.",
    "TSI": "The surface is slick.",
    "WSI": "We'll stop in a couple of minutes.",
}


def _votes(root: Path) -> dict[str, Counter[str]]:
    path = root / "finishedResponses.csv"
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    if path.is_file():
        for row in read_table(path, ("clipName", "queryType", "respEmo")):
            if row["queryType"] == "1":
                answer = code(ANSWERS, row["respEmo"], "answer", path)
                votes[row["clipName"]][category(answer)] += 1
    return votes


def _actors(root: Path) -> dict[str, dict[str, str]]:
    path = root / "VideoDemographics.csv"
    if not path.is_file():
        return {}
    return {row["ActorID"]: row for row in read_table(path, ("ActorID", "Age", "Sex"))}


def read(root: Path) -> Iterator[Recording]:
    """Every recording of CREMA-D; a sentence is named by its code, such as DFA."""
    paths = audio_files(root, "AudioWAV/*.wav", layout=LAYOUT)
    votes, actors = _votes(root), _actors(root)
    for path in paths:
        parts = name_parts(path, NAME, "1001_DFA_ANG_XX.wav")
        about = actors.get(parts["actor"], {})
        yield Recording(
            relative(path, root), f"cremad{parts['actor']}",
            code(EMOTIONS, parts["emotion"], "emotion", path),
            code(SENTENCES, parts["sentence"], "sentence", path), sentence=parts["sentence"],
            sex=sex_of(about.get("Sex", "")), age=about.get("Age", ""),
            level=code(LEVELS, parts["level"], "level", path), votes=votes.get(path.stem, {}),
        )  # fmt: skip


CORPUS = Corpus(
    name="cremad",
    title="CREMA-D",
    licence="ODbL 1.0",
    link="https://github.com/CheyneyComputerScience/CREMA-D",
    language="English",
    hours=5.3,
    emotions="neutral, angry, disgust, fearful, happy, sad; weak, normal, strong",
    layout=LAYOUT,
    obtain="git clone, with git-lfs",
    splits=Splits(
        "actors whose number ends in 8 dev, in 9 test (nine each); EmoBox's fold is not used, as "
        "there every actor is in train and test",
        dev_speakers={f"cremad{n}" for n in range(1008, 1092, 10)},
        test_speakers={f"cremad{n}" for n in range(1009, 1092, 10)},
    ),
    read=read,
)
