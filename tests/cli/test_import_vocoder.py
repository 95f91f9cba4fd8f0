"""`emotts import-vocoder`, as the command line calls it."""

import sys
from pathlib import Path

import torch
import typer
import yaml
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from published import vocos_config, vocos_state  # noqa: E402

from emotts.cli.import_vocoder import import_vocoder  # noqa: E402
from emotts.errors import EmottsError  # noqa: E402


def called(*given):
    app = typer.Typer()
    app.command()(import_vocoder)
    return CliRunner().invoke(app, [str(part) for part in given])


def test_weights_become_a_folder_and_the_mel_is_named(tmp_path):
    torch.save(vocos_state(), tmp_path / "vocos.bin")
    (tmp_path / "c.yaml").write_text(yaml.safe_dump(vocos_config()))
    out = tmp_path / "out"
    done = called(
        tmp_path / "vocos.bin", "--config", tmp_path / "c.yaml", "--licence", "MIT", "-o", out
    )
    assert done.exit_code == 0, done.output
    assert "vocos" in done.output and "24000 Hz, 100 bands" in done.output
    assert "vocos.bin was trained for other mels" in done.output
    assert {p.suffix for p in out.iterdir()} == {".safetensors", ".json", ".md"}


def test_what_is_missing_is_named(tmp_path):
    done = called(tmp_path / "absent.bin", "-o", tmp_path / "out")
    assert isinstance(done.exception, EmottsError) and "do not exist" in str(done.exception)
