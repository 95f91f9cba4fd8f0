"""ESD, Emotional Speech Dataset: 10 English and 10 Chinese speakers, 350 sentences, five emotions.

Licence: for research only, by an agreement on paper.
https://github.com/HLTSingapore/Emotional-Speech-Data (Zhou et al. 2021). Files run on through the
emotions: 0011_000001 to 350 are neutral, then angry, happy, sad and surprised, always the same 350
sentences.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from emotts.corpora.layout import audio_files, code, name_parts, numbers, read_text, relative
from emotts.corpora.recording import Corpus, Recording, Splits
from emotts.errors import EmottsError

LAYOUT = "0011/0011.txt and 0011/Angry/0011_000351.wav (or 0011/Angry/train/…)"
NAME = re.compile(r"(?P<speaker>\d{4})_(?P<number>\d{6})")
EMOTIONS = ("Neutral", "Angry", "Happy", "Sad", "Surprise")
SENTENCES = 350
FEMALE = {"0001", "0002", "0003", "0007", "0009", "0015", "0016", "0017", "0018", "0019"}
SPEAKERS = numbers(1, 20, "{:04d}")


def _texts(folder: Path) -> dict[str, str]:
    """Texts of a speaker by file name, from `0011/0011.txt`: name, text, emotion by tabs."""
    path = folder / f"{folder.name}.txt"
    if not path.is_file():
        raise EmottsError(f"{folder} lacks {path.name}, the speaker's texts; {LAYOUT}")
    rows = (line.split("\t") for line in read_text(path).splitlines())
    return {row[0].strip(): row[1].strip() for row in rows if len(row) > 1}


def read(root: Path) -> Iterator[Recording]:
    """Every recording of ESD; a sentence is named by its place among the 350."""
    texts: dict[str, dict[str, str]] = {}
    for path in audio_files(root, "**/[0-9]*_[0-9]*.wav", layout=LAYOUT):
        parts = name_parts(path, NAME, "0011_000351.wav")
        speaker, number = parts["speaker"], int(parts["number"]) - 1
        if speaker not in SPEAKERS or not 0 <= number < SENTENCES * len(EMOTIONS):
            raise EmottsError(f"{path}: ESD has speakers 0001 to 0020 and files 000001 to 001750")
        folder = next((p for p in path.parents if p.name == speaker), None)
        if folder is None:
            raise EmottsError(f"{path} lies in no folder {speaker}; {LAYOUT}")
        if speaker not in texts:
            texts[speaker] = _texts(folder)
        emotion = EMOTIONS[number // SENTENCES]
        label = path.parent.name if path.parent.name in EMOTIONS else path.parent.parent.name
        if code({e: e for e in EMOTIONS}, label, "emotion folder", path) != emotion:
            raise EmottsError(f"{path} lies under {label}, but its number is of {emotion}")
        yield Recording(
            relative(path, root), f"esd{speaker}", emotion, texts[speaker].get(path.stem, ""),
            sentence=str(number % SENTENCES + 1), sex="female" if speaker in FEMALE else "male",
            language="cmn" if int(speaker) <= 10 else "en-us",
        )  # fmt: skip


CORPUS = Corpus(
    name="esd",
    title="ESD",
    licence="research only, agreement needed",
    link="https://github.com/HLTSingapore/Emotional-Speech-Data",
    language="English, Chinese",
    hours=29.0,
    emotions="neutral, angry, happy, sad, surprised",
    layout=LAYOUT,
    obtain="sign the agreement on its page, unpack",
    splits=Splits(
        "speakers 0009, 0010 (Chinese), 0019, 0020 (English) test; of the others sentences 1–20 "
        "dev and 21–50 test, as the corpus's own evaluation and test folders",
        test_speakers={"esd0009", "esd0010", "esd0019", "esd0020"},
        dev_sentences=numbers(1, 20),
        test_sentences=numbers(21, 50),
    ),
    read=read,
)
