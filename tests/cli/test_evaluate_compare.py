import json

import pytest
import typer
from typer.testing import CliRunner

from emotts.cli.evaluate_compare import compare
from emotts.cli.main import _Commands


@pytest.fixture
def invoke(tmp_path):
    """Runs the command on two folders a and b whose DNSMOS is 0.2 apart."""
    for name, shift in (("a", 0.0), ("b", 0.2)):
        rows = [{"text": f"{i}", "dnsmos": 3 + i / 10 + shift, "cer": i / 100} for i in range(20)]
        (tmp_path / name).mkdir()
        (tmp_path / name / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    app = typer.Typer(cls=_Commands, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command()(compare)
    app.command("other")(lambda: None)
    return lambda *arguments: CliRunner().invoke(app, ["compare", *map(str, arguments)])


def test_the_difference_is_told_and_written(invoke, tmp_path):
    for ending in ("md", "json"):
        out = tmp_path / f"c.{ending}"
        result = invoke(tmp_path / "a", tmp_path / "b", "-o", out)
        assert result.exit_code == 0, result.output
        sentence = result.stdout.splitlines()[-1]
        assert "better in dnsmos (+0.2)" in sentence and "nothing else" in sentence
        assert sentence in out.read_text()
    assert json.loads((tmp_path / "c.json").read_text())["pairs"] == 20


def test_one_report_does_not_differ_from_itself(invoke, tmp_path):
    result = invoke(tmp_path / "a", tmp_path / "a")
    assert result.exit_code == 0 and "Nothing differs" in result.stdout


@pytest.mark.parametrize(
    "wrong", [("a", "none"), ("a", "b", "-o", "x.txt"), ("a", "b", "-o", "no/x.md")]
)
def test_what_cannot_be_compared_is_one_sentence(invoke, tmp_path, monkeypatch, wrong):
    monkeypatch.chdir(tmp_path)
    result = invoke(*wrong)
    assert result.exit_code == 2 and result.stdout == "" and "emotts: " in result.stderr
