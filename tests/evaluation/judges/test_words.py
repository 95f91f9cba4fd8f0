import sys
import types

import pytest

from emotts.errors import EmottsError
from emotts.evaluation.judges import available, load
from emotts.evaluation.judges.words import Pocketsphinx, Whisper

pytest.importorskip("jiwer")


def make(judge_class, heard):
    """A word judge that hears one fixed sentence."""
    judge = judge_class.__new__(judge_class)
    judge.hear = lambda path, language="en": heard
    return judge


@pytest.mark.parametrize("judge_class", [Whisper, Pocketsphinx])
def test_known_errors_come_out_in_versas_names(judge_class, tmp_path):
    judge = make(judge_class, "One two free four.")
    found = judge.score(tmp_path / "a.wav", text="one two three four five")
    assert found["wer"] == pytest.approx(2 / 5)
    assert set(found) == {"wer", "cer"} == set(judge.metrics)
    assert make(judge_class, "").score("a.wav", text="one two")["wer"] == 1.0
    with pytest.raises(EmottsError, match=f"{judge_class.name} needs the text that a.wav"):
        judge.score("a.wav")


def test_whisper_of_any_folder_or_size(monkeypatch, tmp_path):
    made = []
    package = types.ModuleType("faster_whisper")
    package.__spec__ = types.SimpleNamespace()
    package.WhisperModel = lambda source, **options: made.append(source)
    monkeypatch.setitem(sys.modules, "faster_whisper", package)
    with pytest.raises(EmottsError, match="holds no model.bin of faster-whisper"):
        load("whisper", tmp_path)
    (tmp_path / "model.bin").touch()
    for source in (tmp_path, "small", "large-v3", "Systran/faster-whisper-tiny"):
        load("whisper", source)
    assert made == [str(tmp_path), "small", "large-v3", "Systran/faster-whisper-tiny"]


def test_without_packaged_whisper_a_source_is_asked_for(monkeypatch):
    monkeypatch.setattr("emotts.evaluation.judges.words.find_spec", lambda part: None)
    monkeypatch.setattr("emotts.evaluation.judges.base.find_spec", lambda package: True)
    assert "no source was given" in available()[1]["whisper"]


@pytest.mark.slow
def test_pocketsphinx_hears_english(shared_data, clips):
    pytest.importorskip("pocketsphinx")
    from emotts.evaluation.sets import recorded

    judge = load("pocketsphinx")
    found = [judge.score(c.path, text=c.text) for c in recorded(shared_data, "kathleen")[:4]]
    assert sum(row["wer"] for row in found) / len(found) < 0.6
    assert judge.score(clips / "quiet.wav", text="one two")["wer"] == 1.0
    with pytest.raises(EmottsError, match="English only"):
        judge.hear(clips / "low.wav", "pl")
    with pytest.raises(EmottsError, match="no acoustic model"):
        load("pocketsphinx", clips)
