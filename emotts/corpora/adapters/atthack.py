"""Att-HACK: twenty French actors, a hundred phrases, four social attitudes, three to five takes.

Licence: CC BY-NC-ND 4.0. https://www.openslr.org/88/ (Le Moine, Obin 2020). Attitudes are no
emotions: they are categories of their own here.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from emotts.corpora.layout import audio_files, code, name_parts, numbers, read_text, relative
from emotts.corpora.recording import Corpus, Recording, Splits

LAYOUT = "wav/F01_a1_s001_v01.wav and txt/F01_a1_s001_v01.txt"
NAME = re.compile(r"(?P<speaker>[FM]\d\d)_(?P<attitude>a\d)_(?P<sentence>s\d{3})_(?P<take>v\d\d)")
ATTITUDES = {"a1": "friendly", "a2": "distant", "a3": "dominant", "a4": "seductive"}


def read(root: Path) -> Iterator[Recording]:
    """Every recording of Att-HACK; a sentence is named by its code, such as s001."""
    texts = {path.stem: path for path in root.glob("**/*.txt")}
    for path in audio_files(root, "**/[FM][0-9][0-9]_a?_s*.wav", layout=LAYOUT):
        parts = name_parts(path, NAME, "F01_a1_s001_v01.wav")
        text = texts.get(path.stem)
        yield Recording(
            relative(path, root), f"atthack{parts['speaker']}",
            code(ATTITUDES, parts["attitude"], "attitude", path),
            read_text(text) if text else "", sentence=parts["sentence"], language="fr-fr",
            sex="female" if parts["speaker"][0] == "F" else "male",
        )  # fmt: skip


CORPUS = Corpus(
    name="atthack",
    title="Att-HACK",
    licence="CC BY-NC-ND 4.0",
    link="https://www.openslr.org/88/",
    language="French",
    hours=25.0,
    emotions="friendly, distant, dominant, seductive",
    layout=LAYOUT,
    obtain="download the archives of OpenSLR 88, unpack",
    splits=Splits(
        "F01 and M01 dev, F02 and M02 test; of the others phrases s091–s095 dev, s096–s100 test",
        dev_speakers={"atthackF01", "atthackM01"},
        test_speakers={"atthackF02", "atthackM02"},
        dev_sentences=numbers(91, 95, "s{:03d}"),
        test_sentences=numbers(96, 100, "s{:03d}"),
    ),
    read=read,
)
