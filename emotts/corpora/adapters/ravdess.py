"""RAVDESS, speech: 24 actors, two sentences, eight emotions, two levels, two takes.

Licence: CC BY-NC-SA 4.0. https://zenodo.org/records/1188976 (Livingstone, Russo 2018). Names are
modality-channel-emotion-intensity-statement-repetition-actor; odd actors are men.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from emotts.corpora.layout import audio_files, code, name_parts, relative
from emotts.corpora.recording import Corpus, Recording, Splits

LAYOUT = "Actor_01/03-01-05-02-01-01-01.wav"
NAME = re.compile(
    r"(?P<modality>0\d)-(?P<channel>0\d)-(?P<emotion>\d\d)-(?P<level>\d\d)-(?P<statement>\d\d)"
    r"-(?P<take>\d\d)-(?P<actor>\d\d)"
)
EMOTIONS = {"01": "neutral", "02": "calm", "03": "happy", "04": "sad", "05": "angry",
            "06": "fearful", "07": "disgust", "08": "surprised"}  # fmt: skip
LEVELS = {"01": "normal", "02": "strong"}
STATEMENTS = {"01": "Kids are talking by the door.", "02": "Dogs are sitting by the door."}
SPEECH = "01"


def read(root: Path) -> Iterator[Recording]:
    """Every recording of speech; songs (channel 02) are left out."""
    for path in audio_files(root, "**/Actor_*/*.wav", layout=LAYOUT):
        parts = name_parts(path, NAME, "03-01-05-02-01-01-01.wav")
        if parts["channel"] != SPEECH:
            continue
        yield Recording(
            relative(path, root), f"actor{parts['actor']}",
            code(EMOTIONS, parts["emotion"], "emotion", path),
            code(STATEMENTS, parts["statement"], "statement", path), sentence=parts["statement"],
            sex="male" if int(parts["actor"]) % 2 else "female",
            level=code(LEVELS, parts["level"], "level", path),
        )  # fmt: skip


CORPUS = Corpus(
    name="ravdess",
    title="RAVDESS (speech)",
    licence="CC BY-NC-SA 4.0",
    link="https://zenodo.org/records/1188976",
    language="English",
    hours=1.5,
    emotions="all eight; normal, strong",
    layout=LAYOUT,
    obtain="download Audio_Speech_Actors_01-24.zip, unpack",
    splits=Splits(
        "actors 19–20 dev, 21–24 test: those that the shipped models have not heard either",
        dev_speakers={"actor19", "actor20"},
        test_speakers={"actor21", "actor22", "actor23", "actor24"},
    ),
    read=read,
)
