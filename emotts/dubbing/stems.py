"""Sound files of a job: the track, and one stem a character, of 24 bits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from emotts.dubbing.folder import STEMS, put, safe_name
from emotts.dubbing.mix import Placed, lay, track_length
from emotts.errors import EmottsError

FORMATS = ("wav", "flac")
SUBTYPE = "PCM_24"
_BLOCK = 1 << 18


def write_sound(folder: Path, name: str, samples: np.ndarray, rate: int) -> Path:
    """Put samples (n,) or (n, channels) into the job's folder, wav or flac by the name's ending."""
    import soundfile

    ending = Path(name).suffix.lstrip(".").lower()
    if ending not in FORMATS:
        raise EmottsError(f"a track is written as {' or '.join(FORMATS)}, not {name!r}")
    channels = 1 if samples.ndim == 1 else samples.shape[1]

    def write(path: Path) -> None:
        try:
            with soundfile.SoundFile(
                path, "w", rate, channels, subtype=SUBTYPE, format=ending
            ) as file:
                for start in range(0, len(samples), _BLOCK):
                    file.write(np.clip(samples[start : start + _BLOCK], -1, 1))
        except (soundfile.LibsndfileError, AssertionError) as error:
            raise EmottsError(
                f"{name} cannot be written ({error or 'the disk took less than was given'}); is "
                "there room on the disk?"
            ) from error

    return put(folder, name, write)


def write_stems(
    folder: Path, placed: Sequence[Placed], rate: int, length: int, gain_db: float, ending: str
) -> dict[str, str]:
    """Write each character's lines as one file as long as the track, raised as in the mix.

    Together, and with the bed, they are the track before its limiter. Older stems go. Returns
    the file names by character.
    """
    characters = list(dict.fromkeys(p.clip.character for p in placed))
    length = max(length, track_length(placed, rate))
    names = {c: f"{STEMS}/{safe_name(c, n)}.{ending}" for n, c in enumerate(characters, 1)}
    for character, name in names.items():
        mine = [p for p in placed if p.clip.character == character]
        stem = lay(mine, length, rate) * np.float32(10 ** (gain_db / 20))
        write_sound(folder, name, stem, rate)
    for path in (folder / STEMS).glob("*"):
        if f"{STEMS}/{path.name}" not in names.values() and path.suffix[1:] in FORMATS:
            path.unlink()
    return names
