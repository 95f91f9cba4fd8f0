"""IEMOCAP: ten American actors in five sessions of two, scripted and improvised dialogues.

Licence: for research, by an agreement. https://sail.usc.edu/iemocap/ (Busso et al. 2008). The label
is the majority of those who listened and watched; xxx (no majority) and oth are left empty.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from emotts.corpora.labels import category
from emotts.corpora.layout import audio_files, code, name_parts, numbers, read_text, relative
from emotts.corpora.recording import Corpus, Recording, Splits
from emotts.errors import EmottsError

LAYOUT = (
    "Session1/sentences/wav/Ses01F_impro01/Ses01F_impro01_F000.wav, "
    "Session1/dialog/transcriptions/Ses01F_impro01.txt and "
    "Session1/dialog/EmoEvaluation/Ses01F_impro01.txt"
)
NAME = re.compile(r"Ses0(?P<session>[1-5])[FM]_(?P<dialogue>\w+)_(?P<speaker>[FM])\w*")
EMOTIONS = {
    "ang": "anger", "hap": "happiness", "sad": "sadness", "neu": "neutral", "fru": "frustration",
    "exc": "excited", "fea": "fear", "sur": "surprise", "dis": "disgust", "oth": "", "xxx": "",
}  # fmt: skip
LABEL = re.compile(r"^\[[\d.]+ - [\d.]+\]\t(?P<name>\S+)\t(?P<emotion>[a-z]{3})\t", re.MULTILINE)
LINE = re.compile(r"^(?P<name>Ses\S+) \[[\d.]+-[\d.]+\]: (?P<text>.*)$", re.MULTILINE)
ANSWERS = re.compile(r"^C-E\S*:\t(?P<words>[^\t(]*)", re.MULTILINE)


def _file(session: Path, kind: str, dialogue: str) -> str:
    path = session / "dialog" / kind / f"{dialogue}.txt"
    if not path.is_file():
        raise EmottsError(f"{session} lacks dialog/{kind}/{dialogue}.txt; {LAYOUT}")
    return read_text(path)


def _labels(text: str) -> dict[str, tuple[str, Counter[str]]]:
    """Majority and votes by utterance; each one's answers follow its line, until a blank one."""
    found = {}
    for block in text.split("\n\n"):
        line = LABEL.search(block)
        if line:
            answers = "".join(ANSWERS.findall(block)).replace(",", ";").split(";")
            words = [w.strip() for w in answers if w.strip() and w.strip() != "Other"]
            found[line["name"]] = line["emotion"], Counter(category(w) for w in words)
    return found


def read(root: Path) -> Iterator[Recording]:
    """Every utterance; a speaker is named by session and sex, such as iemocap1F."""
    for folder in sorted({p.parent for p in audio_files(
        root, "Session*/sentences/wav/*/*.wav", layout=LAYOUT
    )}):  # fmt: skip
        session, dialogue = folder.parents[2], folder.name
        texts = {
            m["name"]: m["text"] for m in LINE.finditer(_file(session, "transcriptions", dialogue))
        }
        labels = _labels(_file(session, "EmoEvaluation", dialogue))
        for path in sorted(p for p in folder.glob("*.wav") if not p.name.startswith(".")):
            parts = name_parts(path, NAME, "Ses01F_impro01_F000.wav")
            emotion, votes = labels.get(path.stem, ("xxx", Counter()))
            yield Recording(
                relative(path, root), f"iemocap{parts['session']}{parts['speaker']}",
                code(EMOTIONS, emotion, "emotion", path), texts.get(path.stem, ""),
                sentence=parts["dialogue"], votes=votes,
                sex="female" if parts["speaker"] == "F" else "male",
            )  # fmt: skip


CORPUS = Corpus(
    name="iemocap",
    title="IEMOCAP",
    licence="research only, agreement needed",
    link="https://sail.usc.edu/iemocap/",
    language="English",
    hours=12.0,
    emotions="neutral, angry, disgust, excited, fearful, frustrated, happy, sad, surprised; votes",
    layout=LAYOUT,
    obtain="ask on its page, unpack",
    splits=Splits(
        "session 4 dev, session 5 test: two actors each, whom nobody else meets",
        dev_speakers=numbers(4, 4, "iemocap{}F") | numbers(4, 4, "iemocap{}M"),
        test_speakers=numbers(5, 5, "iemocap{}F") | numbers(5, 5, "iemocap{}M"),
    ),
    read=read,
)
