"""Is a corpus whole, and can it be trained on? What is not as it should be, in sentences."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from emotts.corpora.clips import BEYOND, Clip, unusable_because, usable
from emotts.corpora.manifest import assert_no_leak, training_rows
from emotts.corpora.utterance import Utterance
from emotts.errors import EmottsError

SHORT_SECONDS, LONG_SECONDS = 0.4, 20.0
EXAMPLES = 3


@dataclass(frozen=True)
class Note:
    """One thing found. clips: how many it concerns. examples: some of them, or their kinds.

    grave: it must be mended, or the clips are left out; otherwise it is only good to know.
    """

    what: str
    clips: int
    examples: tuple[str, ...]
    grave: bool


def check(clips: Sequence[Clip], further: bool = False) -> tuple[list[Utterance], list[Note]]:
    """Look for what stands in the way of training: rows that can be used, and notes.

    No note means that nothing was found.
    """
    rows, _ = usable(clips, further)
    kept = {row.id for row in rows}
    notes = []

    def note(what: str, concerned: Sequence[str], grave: bool = False) -> None:
        if concerned:
            examples = tuple(dict.fromkeys(concerned))[:EXAMPLES]
            notes.append(Note(what, len(concerned), examples, grave))

    note("the audio cannot be read", [c.path for c in clips if c.problem], True)
    note("no text: give a transcripts.tsv", [c.path for c in clips if not c.text], True)
    note("no emotion that its judges agree on", [c.path for c in clips if not c.emotion])
    reasons = {c.id: unusable_because(c, further) for c in clips}
    note("beyond the eight: --further keeps them",
         sorted(c.emotion for c in clips if reasons[c.id] == BEYOND))  # fmt: skip
    note("train clips of held-out speakers or sentences",
         [c.path for c in clips if c.id not in kept and not reasons[c.id]])  # fmt: skip
    note("shorter than 0.4 s", [c.path for c in clips if 0 < c.seconds < SHORT_SECONDS])
    note("longer than 20 s", [c.path for c in clips if c.seconds > LONG_SECONDS])
    note("speakers whose sex is not known", sorted({c.speaker for c in clips if not c.sex}))
    note("speakers with emotions but no neutral clip", _without_neutral(rows))
    note("no clip for training", [] if training_rows(rows) else ["train"], True)
    note("no clip for testing", [] if any(r.split == "test" for r in rows) else ["test"])
    try:
        assert_no_leak(training_rows(rows), rows)
    except EmottsError as error:
        note(str(error), ["train"], True)
    return rows, notes


def _without_neutral(rows: Sequence[Utterance]) -> list[str]:
    """Emotions are measured relative to a speaker's own neutral; elsewhere the corpus stands in."""
    emotions: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        emotions[row.speaker][row.emotion] += 1
    return sorted(speaker for speaker, counts in emotions.items() if not counts["neutral"])
