"""JL-Corpus: four New Zealand actors, five primary and five secondary emotions.

Licence: CC0 1.0. https://www.kaggle.com/tli725/jl-corpus (James, Tian, Watson 2018). A name such
as female1_angry_10a_1 is speaker, emotion, sentence 10 of session a, repetition 1; a text file
lies beside it.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from emotts.corpora.layout import audio_files, name_parts, numbers, read_text, relative
from emotts.corpora.recording import Corpus, Recording, Splits

LAYOUT = "Raw JL corpus (unchecked and unannotated)/JL(wav+txt)/female1_angry_10a_1.wav with .txt"
NAME = re.compile(
    r"(?P<speaker>(?:fe)?male[12])_(?P<emotion>[a-z]+)_(?P<sentence>\d+)(?P<session>[ab])"
    r"_(?P<take>[12])"
)


def read(root: Path) -> Iterator[Recording]:
    """Every recording of the JL-Corpus; a sentence is named by its number."""
    for path in audio_files(root, "**/*male[12]_*.wav", layout=LAYOUT):
        parts = name_parts(path, NAME, "female1_angry_10a_1.wav")
        text = path.with_suffix(".txt")
        yield Recording(
            relative(path, root), f"jl_{parts['speaker']}", parts["emotion"],
            read_text(text) if text.is_file() else "", sentence=parts["sentence"],
            sex=parts["speaker"][:-1], language="en-gb",
        )  # fmt: skip


CORPUS = Corpus(
    name="jl",
    title="JL-Corpus",
    licence="CC0 1.0",
    link="https://www.kaggle.com/tli725/jl-corpus",
    language="New Zealand English",
    hours=1.4,
    emotions="neutral, angry, happy, sad, excited; anxious, apologetic, assertive, concerned, "
    "encouraging",
    layout=LAYOUT,
    obtain="download from Kaggle, unpack",
    splits=Splits(
        "male2 test; of the others sentence 13 dev and 14–15 test",
        test_speakers={"jl_male2"},
        dev_sentences={"13"},
        test_sentences=numbers(14, 15),
    ),
    read=read,
)
