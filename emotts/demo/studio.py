"""Studio: what stands between the tabs and the library; models, their lock, files and limits."""

from __future__ import annotations

import functools
import html
import inspect
import re
import secrets
import stat
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from emotts.demo.limits import Limits
from emotts.errors import EmottsError

if TYPE_CHECKING:
    from emotts.audio.speech import Speech
    from emotts.emotion.palette import Palette
    from emotts.synthesis.converter import Converter
    from emotts.synthesis.recognizer import Neutral, Recognizer
    from emotts.synthesis.reference import Embedder
    from emotts.synthesis.synthesizer import Synthesizer

T = TypeVar("T")
KEPT_SECONDS = 1800.0
MOST_BYTES = 512 * 2**20  # of all files, with what Gradio copies and keeps of uploads
_NEUTRAL = "neutral of "
WARM_UP = "The kettle is ready."


class Studio:
    """The models of one checkpoint set, used by one visitor at a time.

    checkpoint: a folder or hub id, None for the set that ships. folder: where every file of the
    app lies, deleted with the studio. Models are loaded when first asked for.
    """

    def __init__(self, checkpoint: str | Path | None = None, limits: Limits | None = None):
        self.checkpoint, self.limits = checkpoint, limits or Limits()
        self._lock, self._loading = threading.RLock(), threading.RLock()
        self._loaded: dict[str, Any] = {}
        self._thread, self._busy = ThreadPoolExecutor(1, "emotts-models"), None
        self._kept = tempfile.TemporaryDirectory(prefix="emotts-demo-")
        self.folder = Path(self._kept.name).resolve()

    @contextmanager
    def turn(self) -> Iterator[Studio]:
        """Wait for the models, and hold them: `with studio.turn(): …`."""
        with self._lock:
            self.refresh()
            yield self

    def run(self, work: Callable[..., T], *given: Any, **named: Any) -> T:
        """What work returns, done in a turn and in the one thread where the models work.

        Every thread that has worked a model or drawn a picture keeps some ten megabytes, and
        Gradio has forty threads.
        """
        if threading.get_ident() == self._busy:
            return work(*given, **named)

        def held() -> T:
            with self.turn():
                self._busy = threading.get_ident()
                try:
                    return work(*given, **named)
                finally:
                    self._busy = None

        return self._thread.submit(held).result()

    def refresh(self) -> None:
        """Know what the user has taught since, and no longer what is gone."""
        with self._loading:
            personal = self._loaded.get("personal")
            if personal and personal.refresh():
                for name in [n for n in self._loaded if n.startswith(_NEUTRAL)]:
                    del self._loaded[name]

    def _once(self, name: str, load: Callable[[], Any]) -> Any:
        """What `load` returns, asked for once, whoever comes first."""
        with self._loading:
            if name not in self._loaded:
                self._loaded[name] = load()
            return self._loaded[name]

    @property
    def synthesizer(self) -> Synthesizer:
        """Text to speech, with the learnt emotions and stored voices of this machine's user."""
        return self._once("synthesizer", self._load_synthesizer)

    def _load_synthesizer(self) -> Synthesizer:
        from emotts.synthesis.personal import Personal
        from emotts.synthesis.synthesizer import Synthesizer

        made = Synthesizer.from_pretrained(self.checkpoint)
        self._loaded["personal"] = Personal(made)
        return made

    @property
    def converter(self) -> Converter:
        """Speech to speech; knows the same emotions and voices."""
        return self._once("converter", self._load_converter)

    def _load_converter(self) -> Converter:
        from emotts.synthesis.converter import Converter

        self._once("synthesizer", self._load_synthesizer)
        made = Converter.from_pretrained(self.checkpoint)
        self._loaded["personal"].add(made)
        return made

    @property
    def recognizer(self) -> Recognizer:
        """Recordings to emotions: SER A."""
        from emotts.synthesis.recognizer import Recognizer

        return self._once("recognizer", lambda: Recognizer.from_pretrained(self.checkpoint))

    @property
    def embedder(self) -> Embedder:
        """Recordings to offsets in the emotion space."""
        from emotts.synthesis.reference import Embedder

        known = self.synthesizer
        return Embedder(self.recognizer, known.models.space, known.mark)

    def neutral(self, voice: str) -> Neutral:
        """What a voice sounds like when it speaks neutrally, heard once."""
        return self._once(f"{_NEUTRAL}{voice}", lambda: self._hear_neutral(voice))

    def _hear_neutral(self, voice: str) -> Neutral:
        from emotts.synthesis.hearing import TEXTS

        known = self.synthesizer
        texts = TEXTS.get(known.voice(voice).language[:2], TEXTS["en"])
        clips = [known.synthesize(text, voice).samples for text in texts]
        return self.recognizer.hear_neutral(clips)

    @property
    def voices(self) -> list[str]:
        """Names of the voices."""
        return list(self.synthesizer.voices)

    @property
    def emotions(self) -> list[str]:
        """Names of the emotions that ship, neutral first."""
        return list(self.synthesizer.emotions)

    @property
    def feelings(self) -> list[str]:
        """Names of the emotions, neutral first, and of those that the user has taught."""
        return [*self.emotions, *sorted(self.synthesizer.learned)]

    @property
    def palette(self) -> Palette:
        """What emotion words mean with these models."""
        return self.synthesizer.palette()

    def warm(self) -> None:
        """Load what the first visitor would wait for, and say a sentence to nobody."""
        from emotts.demo.commands import Wish
        from emotts.demo.result import perform

        perform(self, Wish(WARM_UP, self.voices[0]))

    def check_text(self, text: str | None) -> str:
        """See `Limits.check_text`."""
        return self.limits.check_text(text)

    def check_audio(self, path: str | Path | None, what: str = "recording") -> Path:
        """See `Limits.check_audio`."""
        return self.limits.check_audio(path, what)

    def file(self, name_hint: str, suffix: str) -> Path:
        """A fresh path in the studio's folder that nobody can guess; what was made or uploaded more
        than half an hour ago is deleted, and the oldest of more than `MOST_BYTES`."""
        self._sweep()
        name = re.sub(r"[^a-z0-9]+", "-", name_hint.lower()).strip("-")[:40] or "file"
        return self.folder / f"{name}-{secrets.token_hex(8)}{suffix}"

    def save(self, speech: Speech, name_hint: str = "speech", suffix: str = ".wav") -> str:
        """Write speech to a fresh file and return its path."""
        path = self.file(name_hint, suffix)
        speech.save(path)
        return str(path)

    def _sweep(self) -> None:
        long_ago, total = time.time() - KEPT_SECONDS, 0
        uploads = (self.folder / "page").rglob("*")
        for made, size, path in sorted(_facts([*self.folder.iterdir(), *uploads]), reverse=True):
            total += size
            if made < long_ago or total > MOST_BYTES:
                path.unlink(missing_ok=True)

    def close(self) -> None:
        """Delete the folder with all that is in it."""
        self._thread.shutdown(wait=False)
        self._kept.cleanup()


def _facts(paths: Iterable[Path]) -> Iterator[tuple[float, int, Path]]:
    """When files were written, and their bytes; of those that are still there."""
    for path in paths:
        try:
            found = path.stat()
        except OSError:  # another visitor's sweep was quicker
            continue
        if stat.S_ISREG(found.st_mode):
            yield found.st_mtime, found.st_size, path


def guard(function: Callable) -> Callable:
    """Show an EmottsError of a tab's function to the visitor, as its sentence and nothing else.

    For functions and generators; paths in the system's temporary folder are shortened to names.
    """
    if inspect.isgeneratorfunction(function):

        @functools.wraps(function)
        def guarded(*values: Any, **named: Any) -> Any:
            try:
                yield from function(*values, **named)
            except EmottsError as error:
                raise _shown(error) from error

    else:

        @functools.wraps(function)
        def guarded(*values: Any, **named: Any) -> Any:
            try:
                return function(*values, **named)
            except EmottsError as error:
                raise _shown(error) from error

    return guarded


def _shown(error: EmottsError) -> Exception:
    import gradio as gr

    hidden = rf"{re.escape(tempfile.gettempdir())}/\S*/"
    sentence = re.sub(hidden, "", " ".join(str(error).split()))
    sentence = sentence[:1].upper() + sentence[1:]
    # The page shows the message as HTML, and it may quote what a visitor wrote.
    return gr.Error(html.escape(sentence), print_exception=False, title="That did not work")
