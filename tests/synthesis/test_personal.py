import os

import numpy as np
import pytest

from emotts.emotion.learned import Facts, LearnedEmotions
from emotts.errors import EmottsError
from emotts.synthesis.personal import Personal
from emotts.synthesis.stored_voices import StoredVoices, speaker_mark
from emotts.synthesis.synthesizer import Synthesizer


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("EMOTTS_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def fresh(synthesizer, home) -> Synthesizer:
    return Synthesizer(synthesizer.models, {"given": np.ones(synthesizer.models.space.dim)})


def teach(synthesizer, name: str, size: float = 1.0, replace: bool = False) -> None:
    vector = np.full(synthesizer.models.space.dim, size, np.float32)
    facts = Facts(1, "2026-01-01", "everybody's neutral", synthesizer.mark)
    LearnedEmotions().save(name, vector, facts, replace)


def add_voice(synthesizer, name: str) -> None:
    voice = next(iter(synthesizer.models.voices.values())).model_copy(update={"name": name})
    card = {"consent": "me", "created": "2026-01-01", "seconds": 5.0,
            "checkpoint": speaker_mark(synthesizer.models.folder), "files": []}  # fmt: skip
    StoredVoices().save(voice, card, np.zeros(64, np.float32))


def test_what_comes_goes_or_changes_is_noticed(fresh):
    teach(fresh, "smug")
    personal = Personal(fresh)
    assert list(fresh.learned) == ["given", "smug"] and not personal.refresh()
    teach(fresh, "wry")
    add_voice(fresh, "anna")
    assert personal.refresh() and set(fresh.learned) == {"given", "smug", "wry"}
    assert "anna" in fresh.voices and "wry" in fresh.palette().names
    assert len(fresh.synthesize("No one.", "anna", "wry").samples) > 0
    teach(fresh, "wry", 2.0, replace=True)
    os.utime(LearnedEmotions().folder / "wry.safetensors", (1, 1))
    assert personal.refresh() and fresh.learned["wry"][0] == 2
    LearnedEmotions().delete("smug")
    StoredVoices().delete("anna")
    assert personal.refresh() and set(fresh.learned) == {"given", "wry"}
    assert "anna" not in fresh.voices and not personal.refresh()


def test_those_who_come_later_are_kept_up_to_date_too(fresh):
    personal, other = Personal(fresh), Synthesizer(fresh.models)
    teach(fresh, "smug")
    assert personal.refresh()
    personal.add(other)
    assert "smug" in other.learned
    teach(fresh, "wry")
    assert personal.refresh() and "wry" in other.learned


def test_who_reads_what_was_there_is_not_disturbed(fresh):
    personal, before = Personal(fresh), fresh.learned
    teach(fresh, "smug")
    personal.refresh()
    assert list(before) == ["given"]


def test_a_broken_file_ends_the_start_but_not_what_runs(fresh):
    teach(fresh, "smug")
    personal = Personal(fresh)
    broken = LearnedEmotions().folder / "broken.safetensors"
    broken.write_bytes(b"nothing")
    with pytest.warns(UserWarning, match="broken"):
        assert not personal.refresh()
    assert "smug" in fresh.learned and not personal.refresh()
    with pytest.raises(EmottsError, match="broken"):
        Personal(fresh)
    broken.unlink()
    assert personal.refresh() and "smug" in fresh.learned
