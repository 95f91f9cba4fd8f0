import subprocess
import sys

import pytest

COMMANDS = ("say", "voices", "emotions", "recognize", "phonemes", "prepare", "align", "train")


def test_help_lists_the_commands(emotts):
    result = emotts("--help")
    assert result.exit_code == 0
    assert all(f" {command} " in result.stdout for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_examples(emotts, command):
    result = emotts(command, "--help")
    assert result.exit_code == 0
    assert "Examples:" in result.stdout and f"  emotts {command}" in result.stdout


def test_the_version_is_the_packages(emotts):
    from emotts import __version__

    assert emotts("--version").stdout == f"emotts {__version__}\n"


@pytest.mark.parametrize("arguments", [["sing"], ["say", "--loud"], ["recognize"]])
def test_a_wrong_call_ends_with_status_2(emotts, arguments):
    result = emotts(*arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_the_command_starts_without_the_heavy_packages():
    heavy = "{'torch', 'librosa', 'soundfile', 'phonemizer', 'scipy', 'numba'}"
    code = f"import sys, emotts.cli.main; print({heavy} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"


def test_the_console_script_says_errors_and_warnings_as_sentences(tmp_path, monkeypatch, capsys):
    import warnings

    from emotts.cli.main import run

    monkeypatch.setattr(sys, "argv", ["emotts", "recognize", str(tmp_path / "no.wav")])
    with warnings.catch_warnings():
        with pytest.raises(SystemExit) as stop:
            run()
        assert stop.value.code == 2
        assert capsys.readouterr().err == f"emotts: there is no audio file {tmp_path / 'no.wav'}\n"
        warnings.simplefilter("always")
        warnings.warn("too loud", stacklevel=1)
    assert capsys.readouterr().err == "emotts: warning: too loud\n"
