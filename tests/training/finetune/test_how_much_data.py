"""scripts/how_much_data.py: which clips are learnt from, which are scored, and its table."""

import importlib.util
from pathlib import Path

import pytest

from emotts.corpora.utterance import Utterance
from emotts.errors import EmottsError
from emotts.training.finetune.recordings import read_recordings

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "how_much_data.py"


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("how_much_data", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def clip(speaker, number, emotion="neutral", split="test", held_out="speaker", seconds=4.0):
    name = f"{speaker}_{emotion}_{number}"
    return Utterance(
        id=name, path=f"a/{name}.wav", corpus="nemo", speaker=speaker, sex="female",
        language="pl", emotion=emotion, text=f'Zdanie "{number}".', seconds=seconds, split=split,
        held_out=held_out,
    )  # fmt: skip


@pytest.fixture
def rows():
    """One held-out speaker of 20 sentences in two emotions; another whose sentences 15 to 19 are
    held out."""
    mine = [clip("new", i, emotion) for i in range(20) for emotion in ("neutral", "happy")]
    others = [
        clip("old", i, split="train" if i < 15 else "dev", held_out="" if i < 15 else "sentence")
        for i in range(20)
    ]
    return mine + others


def test_what_is_scored_is_never_learnt_from(script, rows):
    own, scored = script.divide(rows, "new")
    assert len(own) == 30 and len(scored) == 5
    assert all(u.speaker == "new" and u.held_out == "speaker" for u in own + scored)
    assert not {u.text for u in own} & {u.text for u in scored}
    assert {u.text for u in scored} == {f'Zdanie "{i}".' for i in range(15, 20)}
    assert all(u.emotion == "neutral" for u in own[:15] + scored)
    assert [u.id for u in own] == [u.id for u in script.divide(rows, "new")[0]]


@pytest.mark.parametrize("speaker", ["old", "nobody"])
def test_only_a_speaker_that_no_network_has_heard_will_do(script, rows, speaker):
    with pytest.raises(EmottsError, match="no held-out speaker; there are new"):
        script.divide(rows, speaker)


def test_a_speaker_whose_sentences_are_all_trained_on_cannot_be_scored(script, rows):
    with pytest.raises(EmottsError, match="says no sentence"):
        script.divide([u for u in rows if u.held_out != "sentence"], "new")


def test_every_larger_amount_holds_the_smaller_one_and_what_is_not_there_becomes_all(script, rows):
    own, _ = script.divide(rows, "new")
    found = script.amounts(own, [300, 10, 60, 1200])
    assert [script.total(clips) for clips in found] == [12, 60, 120]
    assert all(more[: len(less)] == less for less, more in zip(found, found[1:], strict=False))


def test_clips_are_laid_out_as_a_user_brings_them(script, rows, tmp_path):
    (tmp_path / "a").mkdir()
    clips = [u for u in rows if u.speaker == "new"][:2]
    for u in clips:
        (tmp_path / u.path).write_bytes(b"")
    found = read_recordings(script.lay_out(clips, tmp_path, tmp_path / "own"))
    assert sorted((r.path.name, r.text, r.emotion) for r in found) == [
        ("new_happy_0.wav", 'Zdanie "0".', "happy"),
        ("new_neutral_0.wav", 'Zdanie "0".', "neutral"),
    ]


def test_rows_of_other_settings_are_not_mixed_in(script, tmp_path):
    given = ["-o", str(tmp_path), "--seconds", "10"]
    script.keep_settings(script.arguments(given))
    script.keep_settings(script.arguments([*given, "60"]))
    with pytest.raises(EmottsError, match="rows of other settings"):
        script.keep_settings(script.arguments([*given, "--steps", "3"]))


def test_rows_of_another_checkpoint_are_not_mixed_in(script, tmp_path):
    given = ["-o", str(tmp_path / "out"), "--checkpoint", str(tmp_path)]
    (tmp_path / "index.json").write_text("{}", encoding="utf-8")
    script.keep_settings(script.arguments(given))
    (tmp_path / "index.json").write_text('{"files": {}}', encoding="utf-8")
    with pytest.raises(EmottsError, match="rows of other settings"):
        script.keep_settings(script.arguments(given))


def test_the_table_has_a_dash_for_what_was_not_measured(script):
    row = {"speech": "12 s", "voice": "tuned", "likeness, own": 0.91349, "WER": None,
           "likeness, Resemblyzer": None, "seconds": 128.7}  # fmt: skip
    assert script.markdown([row]).splitlines()[1:] == [
        "|---|---|---|---|---|---|", "| 12 s | tuned | 0.913 | – | – | 129 |",
    ]  # fmt: skip
