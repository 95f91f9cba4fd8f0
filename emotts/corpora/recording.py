"""What an adapter says: the recordings of a corpus as distributed, and facts of the corpus."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Level = Literal["", "weak", "normal", "strong"]


@dataclass(frozen=True)
class Recording:
    """One recording, in the corpus's own words; what the corpus does not say stays empty.

    path: relative to the corpus folder, with "/"; "#t=1.5,2.75" behind it means a stretch in
    seconds, "#row=3" a row of a parquet file. emotion: the corpus's word; empty where its judges
    did not agree. sentence: what names the sentence within the corpus (for splits). split: the
    corpus's own, if it publishes one. votes: listeners' answers by category or score.
    """

    path: str
    speaker: str
    emotion: str
    text: str = ""
    sentence: str = ""
    sex: str = ""
    age: str = ""
    language: str = "en-us"
    level: Level = ""
    split: str = ""
    votes: Mapping[str, int] = field(default_factory=dict)
    description: str = ""


@dataclass(frozen=True)
class Splits:
    """Who and what is held out, by name: no hashing, so that anybody can check it.

    Speakers go first: a clip of a held-out speaker belongs to that speaker's split, whatever is
    said. Then sentences. official: what the corpus's own split holds out, where that is used.
    note: the rule in a sentence.
    """

    note: str
    dev_speakers: Collection[str] = ()
    test_speakers: Collection[str] = ()
    dev_sentences: Collection[str] = ()
    test_sentences: Collection[str] = ()
    official: Literal["", "speaker", "sentence"] = ""

    def of(self, recording: Recording) -> tuple[str, str]:
        """The split of a recording and what it holds out, as in `Utterance`."""
        if self.official:
            split = recording.split
            return split, "" if split == "train" else self.official
        for kind, name, dev, test in (
            ("speaker", recording.speaker, self.dev_speakers, self.test_speakers),
            ("sentence", recording.sentence, self.dev_sentences, self.test_sentences),
        ):
            if name in test:
                return "test", kind
            if name in dev:
                return "dev", kind
        return "train", ""


@dataclass(frozen=True)
class Corpus:
    """A corpus: what people need to know of it, and how to read it.

    hours and licence are as published. layout: what its folder must hold, for errors and docs.
    obtain: how one gets it. checked: what the layout was taken from. read: yields every recording
    below a folder, or raises EmottsError saying what is not as it should be.
    """

    name: str
    title: str
    licence: str
    link: str
    language: str
    hours: float
    emotions: str
    layout: str
    obtain: str
    splits: Splits
    read: Callable[[Path], Iterator[Recording]]
