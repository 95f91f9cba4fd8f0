"""What one visitor may ask for."""

import numpy as np
import pytest

from emotts.audio.io import write_audio
from emotts.demo.limits import Limits
from emotts.errors import EmottsError

LIMITS = Limits(characters=20, seconds=2.0, megabytes=1, files=2)


def clip(folder, seconds, name="clip.wav"):
    t = np.arange(int(24000 * seconds)) / 24000
    return write_audio(folder / name, 0.3 * np.sin(2 * np.pi * 200 * t), 24000)


def test_a_text_of_exactly_the_limit_passes_without_its_blanks():
    assert LIMITS.check_text("  " + "a" * 20 + "\n") == "a" * 20


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "empty"), ("", "empty"), (" \n ", "empty"), ("a" * 21, "21 characters"),
        ("?!…", "pronounced"), ("hello\x00", "control character"),
        ("a" * 100_000, "100000 characters"),
    ],
)  # fmt: skip
def test_texts_nobody_could_say_are_refused(text, reason):
    with pytest.raises(EmottsError, match=reason):
        LIMITS.check_text(text)


def test_a_recording_within_the_limits_is_its_path(tmp_path):
    assert LIMITS.check_audio(str(clip(tmp_path, 2.0))) == tmp_path / "clip.wav"


@pytest.mark.parametrize(("seconds", "reason"), [(2.1, "takes 2 s"), (0.2, "0.3 s or more")])
def test_recordings_that_are_too_long_or_too_short_are_refused(tmp_path, seconds, reason):
    with pytest.raises(EmottsError, match=reason):
        LIMITS.check_audio(clip(tmp_path, seconds))


def test_what_is_no_recording_is_refused_without_its_folder(tmp_path):
    (tmp_path / "script.wav").write_bytes(b"#!/bin/sh\nrm -rf /\n")
    with pytest.raises(EmottsError, match="cannot be read as audio") as caught:
        LIMITS.check_audio(tmp_path / "script.wav")
    assert str(tmp_path) not in str(caught.value)
    (tmp_path / "large.wav").write_bytes(bytes(2**20 + 1))
    with pytest.raises(EmottsError, match="takes 1 MB"):
        LIMITS.check_audio(tmp_path / "large.wav")
    with pytest.raises(EmottsError, match="upload one"):
        LIMITS.check_audio(None)
    with pytest.raises(EmottsError, match="gone"):
        LIMITS.check_audio(tmp_path / "missing.wav")


def test_several_files_are_each_checked(tmp_path):
    good, bad = clip(tmp_path, 1.0), clip(tmp_path, 3.0, "long.wav")
    assert LIMITS.check_files([good, good]) == [good, good]
    with pytest.raises(EmottsError, match="takes 2 s"):
        LIMITS.check_files([good, bad])
    with pytest.raises(EmottsError, match="takes 2 at once"):
        LIMITS.check_files([good] * 3)
    with pytest.raises(EmottsError, match="at least one"):
        LIMITS.check_files([])
