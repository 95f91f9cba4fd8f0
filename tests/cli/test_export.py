import pytest
import typer
from typer.testing import CliRunner

from emotts.cli.export import export
from emotts.errors import EmottsError


@pytest.fixture
def exports(monkeypatch):
    """The calls of a stand-in that writes one file; tests/synthesis has the real export."""
    from emotts.synthesis import export_onnx

    calls = []

    def write(source, folder, half):
        calls.append((source, folder, half))
        folder.mkdir()
        (folder / "decoder.onnx").write_bytes(bytes(1_500_000))
        return folder

    monkeypatch.setattr(export_onnx, "export_onnx", write)
    return calls


def run(*arguments):
    app = typer.Typer()
    app.command()(export)
    return CliRunner().invoke(app, [str(a) for a in arguments])


def test_what_is_asked_is_exported_and_listed(exports, tmp_path):
    result = run("--format", "onnx", "--checkpoint", "mine", "-o", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert result.stdout == f"{tmp_path / 'out' / 'decoder.onnx'}\t1.50 MB\n"
    run("-o", tmp_path / "full", "--precision", "full")
    assert exports == [("mine", tmp_path / "out", True), (None, tmp_path / "full", False)]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--format", "coreml"), "unknown --format 'coreml'; choose from onnx"),
        (("--precision", "int4"), "unknown --precision 'int4'; choose from half, full"),
    ],
)
def test_unknown_choices(exports, tmp_path, arguments, said):
    result = run("-o", tmp_path / "out", *arguments)
    assert isinstance(result.exception, EmottsError) and str(result.exception) == said
    assert not exports


def test_output_must_be_a_folder(exports, tmp_path):
    (tmp_path / "file").write_text("")
    result = run("-o", tmp_path / "file")
    assert isinstance(result.exception, EmottsError) and "is a file" in str(result.exception)
