"""A corpus as distributed to clips, and clips to what can be trained on."""

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path

from emotts.corpora.audio import clip_seconds, split_path
from emotts.corpora.labels import category
from emotts.corpora.manifest import spoken_words
from emotts.corpora.recording import Corpus, Recording
from emotts.corpora.utterance import Utterance
from emotts.emotion.vocabulary import CATEGORIES
from emotts.errors import EmottsError

READERS = 4

UNREADABLE = "audio that cannot be read"
NO_TEXT = "no text"
NO_EMOTION = "no emotion agreed on"
BEYOND = "a category beyond the eight"
HELD_SPEAKER = "train clip of a held-out speaker"
HELD_SENTENCE = "train clip of a held-out sentence"


@dataclass(frozen=True)
class Clip:
    """Everything known of one recording; what an `Utterance` needs may still be empty.

    Fields are those of `Utterance`. problem: why the audio cannot be read, or "".
    """

    id: str
    path: str
    corpus: str
    speaker: str
    sex: str
    age: str
    language: str
    emotion: str
    original_emotion: str
    level: str
    text: str
    seconds: float
    split: str
    held_out: str
    votes: dict[str, int] = field(default_factory=dict)
    description: str = ""
    problem: str = ""


def read_corpus(
    corpus: Corpus, root: str | Path, progress: Callable[[int, int, str], None] | None = None
) -> list[Clip]:
    """Every recording of a corpus below `root`, in order, with splits, categories and lengths.

    progress: called with (clips done, clips in all, what is being done). Audio that cannot be
    read is no error here but a clip with a `problem`. Raises EmottsError for a folder that is not
    laid out like the corpus, an unknown label, and a clip named twice.
    """
    root = Path(root)
    recordings = list(corpus.read(root))
    if not recordings:
        raise EmottsError(
            f"{root} holds no recordings of {corpus.title}; "
            f"the corpus's folder looks like: {corpus.layout}"
        )
    clips, seen = [], set()
    with ThreadPoolExecutor(READERS) as pool:
        lengths = pool.map(lambda r: _length(root, r.path), recordings)
        for recording, (seconds, problem) in zip(recordings, lengths, strict=True):
            clip = _clip(corpus, recording, seconds, problem)
            if clip.id in seen:
                raise EmottsError(f"{root} holds the clip {clip.id} twice")
            seen.add(clip.id)
            clips.append(clip)
            if progress:
                progress(len(clips), len(recordings), "looking at clips")
    return clips


def _length(root: Path, path: str) -> tuple[float, str]:
    try:
        return clip_seconds(root, path), ""
    except EmottsError as error:
        return 0.0, str(error)


def _clip(corpus: Corpus, recording: Recording, seconds: float, problem: str) -> Clip:
    split, held_out = corpus.splits.of(recording)
    file, kind, _ = split_path(recording.path)
    name = recording.path if kind else str(Path(file).with_suffix("").as_posix())
    return Clip(
        id=f"{corpus.name}/{name}",
        path=recording.path,
        corpus=corpus.name,
        speaker=recording.speaker,
        sex=recording.sex,
        age=recording.age,
        language=recording.language,
        emotion=_category(recording),
        original_emotion=recording.emotion,
        level=recording.level,
        text=" ".join(recording.text.split()),
        seconds=seconds,
        split=split,
        held_out=held_out,
        votes=dict(recording.votes),
        description=recording.description,
        problem=problem,
    )


def _category(recording: Recording) -> str:
    try:
        return category(recording.emotion) if recording.emotion else ""
    except EmottsError as error:
        raise EmottsError(f"{recording.path}: {error}") from error


def usable(clips: Iterable[Clip], further: bool = False) -> tuple[list[Utterance], Counter[str]]:
    """What can be trained on and measured with, and how many clips are left out for what.

    further: keep categories beyond the eight too. A train clip goes where its speaker or its
    sentence is held out, so that nothing of dev and test has been heard.
    """
    kept, left_out = [], Counter()
    for clip in clips:
        reason = unusable_because(clip, further)
        if reason:
            left_out[reason] += 1
        else:
            kept.append(clip)
    speakers = {c.speaker for c in kept if c.held_out == "speaker"}
    sentences = {spoken_words(c.text) for c in kept if c.held_out == "sentence"}
    rows = []
    for clip in kept:
        if clip.split == "train" and clip.speaker in speakers:
            left_out[HELD_SPEAKER] += 1
        elif clip.split == "train" and spoken_words(clip.text) in sentences:
            left_out[HELD_SENTENCE] += 1
        else:
            rows.append(utterance(clip))
    return rows, left_out


def unusable_because(clip: Clip, further: bool = False) -> str:
    """Why a clip by itself cannot be used, or ""; what others hold out is not looked at."""
    if clip.problem:
        return UNREADABLE
    if not clip.text:
        return NO_TEXT
    if not clip.emotion:
        return NO_EMOTION
    return "" if further or clip.emotion in CATEGORIES else BEYOND


def utterance(clip: Clip) -> Utterance:
    """A clip of which everything is known, as a manifest row."""
    values = asdict(clip)
    del values["problem"]
    return Utterance(**values)
