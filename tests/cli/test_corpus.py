import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "corpora/adapters"))

from trees import TREES  # noqa: E402

from emotts.cli.corpus import corpus  # noqa: E402
from emotts.cli.main import _Commands  # noqa: E402
from emotts.corpora.registry import CORPORA  # noqa: E402


@pytest.fixture
def emotts():
    """The command line with this command alone, its errors as the whole one has them."""
    app = typer.Typer(cls=_Commands)
    app.add_typer(corpus, name="corpus")

    def invoke(*arguments):
        return CliRunner().invoke(app, [str(a) for a in arguments])

    return invoke


@pytest.fixture
def cremad(tmp_path):
    TREES["cremad"](tmp_path / "CREMA-D")
    return tmp_path / "CREMA-D"


def test_the_list_names_every_corpus_and_its_licence(emotts):
    result = emotts("corpus", "list")
    assert result.exit_code == 0
    for made in CORPORA.values():
        assert made.name in result.stdout and made.licence in result.stdout


def test_one_corpus_is_described_whole(emotts):
    result = emotts("corpus", "list", "CREMA-D")
    assert "licence: ODbL 1.0" in result.stdout and "1001_DFA_ANG_XX.wav" in result.stdout
    assert "EmoBox's fold is not used" in result.stdout


def test_stats_count_emotions_levels_and_votes(emotts, cremad, tmp_path):
    pytest.importorskip("matplotlib")
    result = emotts(
        "corpus", "stats", cremad, "--corpus", "cremad", "--plots", tmp_path / "pictures"
    )
    assert result.exit_code == 0, result.output
    assert "12 clips" in result.stdout and "3 speakers" in result.stdout
    for word in ("angry", "weak", "strong", "dev", "cremad1001", "listeners mostly heard it"):
        assert word in result.stdout
    assert len(list((tmp_path / "pictures").glob("*.png"))) == 5


def test_a_check_says_what_is_missing(emotts, cremad):
    result = emotts("corpus", "check", cremad, "--corpus", "cremad")
    assert result.exit_code == 0, result.output
    assert "shorter than 0.4 s" in result.stdout and "12 of 12 clips" in result.stdout
    (cremad / "AudioWAV/1001_DFA_NEU_XX.wav").write_bytes(b"no audio")
    result = emotts("corpus", "check", cremad, "--corpus", "cremad")
    assert result.exit_code == 1 and "1001_DFA_NEU_XX.wav" in result.stdout
    for path in (cremad / "AudioWAV").iterdir():
        path.write_bytes(b"no audio")
    assert emotts("corpus", "check", cremad, "--corpus", "cremad").exit_code == 2


def test_packed_corpora_need_no_name(emotts, shared_data):
    result = emotts("corpus", "stats", shared_data)
    assert result.exit_code == 0 and "7550 clips" in result.stdout


@pytest.mark.parametrize(
    "arguments, message",
    [
        (("list", "timit"), "unknown corpus 'timit'; choose from esd"),
        (("stats", "missing"), "there is no corpus folder missing"),
        (("stats", "."), "say which corpus it is with --corpus"),
        (("check", ".", "--corpus", "esd"), "folder looks like: 0011/0011.txt"),
    ],
)
def test_bad_input_is_one_sentence(emotts, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    result = emotts("corpus", *arguments)
    assert result.exit_code == 2 and result.stdout == ""
    assert message in result.stderr and len(result.stderr.splitlines()) == 1
