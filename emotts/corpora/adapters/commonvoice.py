"""Common Voice: volunteers of more than a hundred languages read sentences at home.

Licence: CC0 1.0. https://commonvoice.mozilla.org/ (Ardila et al. 2020). The folder is one
language's; its name says which. Its train, dev and test share no speaker.
"""

from collections.abc import Iterator
from pathlib import Path

from emotts.corpora.layout import needed, read_table, sex_of
from emotts.corpora.recording import Corpus, Recording, Splits
from emotts.errors import EmottsError

LAYOUT = "en/train.tsv, dev.tsv, test.tsv and clips/common_voice_en_1.mp3; name the folder en"
COLUMNS = ("client_id", "path", "sentence", "age", "gender")
SPLITS = ("train", "dev", "test")
# Common Voice's codes where espeak-ng has others.
LANGUAGES = {"en": "en-us", "fr": "fr-fr", "zh-CN": "cmn", "zh-HK": "yue", "pt": "pt-br",
             "nn-NO": "nb", "sv-SE": "sv", "ga-IE": "ga", "hy-AM": "hy", "ne-NP": "ne",
             "pa-IN": "pa"}  # fmt: skip


def _language(root: Path) -> str:
    name = root.resolve().name
    code = LANGUAGES.get(name, name)
    from emotts.text.phonemes import languages

    if code not in languages():
        raise EmottsError(
            f"{root}: the folder of Common Voice is named by its language, such as en or "
            f"zh-CN; {name!r} is none that espeak-ng speaks"
        )
    return code


def read(root: Path) -> Iterator[Recording]:
    """Every recording of the three tables, all neutral; people are known by a code alone."""
    needed(root, *(f"{split}.tsv" for split in SPLITS), layout=LAYOUT)
    language = _language(root)
    for split in SPLITS:
        if not (root / f"{split}.tsv").is_file():
            continue
        rows = read_table(root / f"{split}.tsv", COLUMNS, delimiter="\t", quotes=False)
        for row in rows:
            yield Recording(
                f"clips/{row['path']}", f"cv{row['client_id'][:16]}", "neutral", row["sentence"],
                sex=sex_of(row["gender"]), age=row["age"], language=language, split=split,
            )  # fmt: skip


CORPUS = Corpus(
    name="commonvoice",
    title="Common Voice",
    licence="CC0 1.0",
    link="https://commonvoice.mozilla.org/",
    language="more than a hundred",
    hours=20000.0,
    emotions="neutral (reading)",
    layout=LAYOUT,
    obtain="download a language from its page, unpack",
    splits=Splits("its own, by speaker", official="speaker"),
    read=read,
)
