import sys
import types

import pytest

from emotts.errors import EmottsError


@pytest.fixture
def calls(monkeypatch):
    """What reaches the library, which is not run here."""
    calls = []

    def prepare(folder, output, corpora=None, workers=2, progress=None):
        if corpora == ["unknown"]:
            raise EmottsError("there is no corpus 'unknown'; there are kathleen, lj")
        calls.append((folder, output, corpora, workers))
        progress(3, 4, "features")

    module = types.ModuleType("emotts.corpora.prepare")
    module.prepare = prepare
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return calls


def test_options_reach_the_library(emotts, calls, tmp_path):
    result = emotts(
        "prepare", tmp_path, "-o", tmp_path / "data", "--corpora", "lj, kathleen", "--workers", 1
    )
    assert result.exit_code == 0, result.output
    assert calls == [(tmp_path, tmp_path / "data", ["lj", "kathleen"], 1)]
    assert result.stdout == "" and "3/4" in result.stderr


def test_without_options_all_corpora_are_prepared_on_two_cores(emotts, calls, tmp_path):
    emotts("prepare", tmp_path, "-o", tmp_path / "data")
    assert calls == [(tmp_path, tmp_path / "data", None, 2)]


def test_bad_input(refused, calls, tmp_path):
    (tmp_path / "file").touch()
    assert "no corpus folder" in refused("prepare", tmp_path / "missing")
    assert "is a file" in refused("prepare", tmp_path, "-o", tmp_path / "file")
    assert "--workers must be" in refused("prepare", tmp_path, "--workers", 0)
    assert calls == []


def test_what_the_library_refuses_is_one_sentence(emotts, calls, tmp_path):
    result = emotts("prepare", tmp_path, "-o", tmp_path / "data", "--corpora", "unknown")
    assert result.exit_code == 2
    assert "emotts: there is no corpus 'unknown'; there are kathleen, lj" in result.stderr


@pytest.fixture
def own(tmp_path):
    """A folder with one good clip, one that holds silence, and their table."""
    import numpy as np

    from emotts.audio.io import write_audio

    t = np.arange(36000) / 24000
    voice = sum(np.sin(2 * np.pi * 150 * k * t) / k for k in range(1, 15))
    loud = (t > 0.2) & (t < 1.2)
    write_audio(tmp_path / "good.wav", 0.1 * voice * loud + 1e-5 * np.sin(9000 * t), 24000)
    write_audio(tmp_path / "still.wav", np.zeros(24000), 24000)
    table = tmp_path / "table.csv"
    table.write_text("path,text\ngood.wav,We may all call.\nstill.wav,We know.\n")
    return table


def test_a_table_of_ones_own_is_measured_and_prepared(emotts, own, tmp_path):
    result = emotts("prepare", tmp_path, "--csv", own, "-o", tmp_path / "data", "--workers", 1)
    assert result.exit_code == 0, result.output
    assert "still.wav" in result.stdout and "no speech found" in result.stdout
    assert "1 of 2 clips can be used" in result.stdout
    from emotts.corpora.store import FeatureStore

    (row,) = FeatureStore(tmp_path / "data").utterances
    assert (row.path, row.speaker) == ("good.wav", "me")


def test_a_check_writes_nothing(emotts, own, tmp_path):
    result = emotts("prepare", tmp_path, "--csv", own, "-o", tmp_path / "data", "--check")
    assert result.exit_code == 0 and not (tmp_path / "data").exists()


def test_nothing_usable_ends_with_2_after_the_table(emotts, own, tmp_path):
    own.write_text("path,text\nstill.wav,We know.\n")
    result = emotts("prepare", tmp_path, "--csv", own, "-o", tmp_path / "data")
    assert result.exit_code == 2
    assert "no speech found" in result.stdout
    assert "can be used" in result.stderr.splitlines()[-1] and not (tmp_path / "data").exists()


def test_a_corpus_as_distributed_is_prepared(emotts, tmp_path):
    import numpy as np

    from emotts.audio.io import write_audio

    for actor in ("01", "19"):
        folder = tmp_path / f"R/Actor_{actor}"
        folder.mkdir(parents=True)
        t = np.arange(12000) / 24000
        for code in ("01", "05"):
            tone = 0.1 * np.sign(np.sin(2 * np.pi * 150 * t))
            write_audio(folder / f"03-01-{code}-01-01-01-{actor}.wav", tone, 24000)
    result = emotts(
        "prepare", tmp_path / "R", "--corpus", "ravdess", "-o", tmp_path / "d", "--workers", 1
    )
    assert result.exit_code == 0, result.output
    from emotts.corpora.store import FeatureStore

    rows = FeatureStore(tmp_path / "d").utterances
    assert [(r.speaker, r.split) for r in rows] == [("actor01", "train")] * 2 + [
        ("actor19", "dev")
    ] * 2


def test_wrong_calls_of_corpora_and_tables(refused, tmp_path):
    assert "do not go together" in refused("prepare", tmp_path, "--csv", "t.csv", "--corpus", "esd")
    assert "unknown corpus 'x'; choose from esd" in refused("prepare", tmp_path, "--corpus", "x")
    assert "there is no table" in refused("prepare", tmp_path, "--csv", tmp_path / "t.csv")
    assert "--check goes with --csv" in refused("prepare", tmp_path, "--check")
