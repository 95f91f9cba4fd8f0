import sys
import types
from dataclasses import dataclass, field

import pytest
from typer.testing import CliRunner

from emotts.errors import EmottsError


@dataclass
class Figures:
    similarity: float = 0.8
    emotion: float = 0.5


@dataclass
class Report:
    before: dict = field(default_factory=lambda: {"lj": Figures(), "anna": Figures(0.6)})
    after: dict = field(default_factory=lambda: {"lj": Figures(), "anna": Figures(0.7)})
    flow: tuple | None = (0.5, 0.4)
    degraded: list = field(default_factory=list)
    parameters: int = 1234567
    steps: int = 400
    seconds: float = 61.5


@dataclass
class LanguageReport:
    voice: Report
    begun: dict = field(default_factory=lambda: {"ø": "e", "2": "the average phone"})
    content: tuple | None = (0.9, 0.7)
    prosody: tuple | None = None
    drift: float = 0.0123


@pytest.fixture
def requests(monkeypatch):
    """What reaches the library, which is not run here; `requests.report` is what it answers."""
    given = types.SimpleNamespace(made=[], report=Report())

    def finetune_voice(request):
        given.made.append(request)
        return given.report

    def finetune_language(request):
        given.made.append(request)
        return LanguageReport(given.report)

    voices = types.ModuleType("emotts.training.finetune.voice")
    voices.VoiceRequest, voices.finetune_voice = types.SimpleNamespace, finetune_voice
    languages = types.ModuleType("emotts.training.finetune.language")
    languages.finetune_language = finetune_language
    for module in (voices, languages):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    return given


def run(*given):
    from emotts.cli.finetune import finetune

    return CliRunner().invoke(finetune, [str(x) for x in given])


def voice(folder, *more):
    return run("voice", "--data", folder, "-o", folder / "set", "--name", "anna",
               "--consent", "Anna, 2026", *more)  # fmt: skip


def test_options_reach_the_library_and_figures_come_back(requests, tmp_path):
    result = voice(tmp_path, "--full", "-l", "pl", "--steps", "7", "--replay", tmp_path / "data")
    assert result.exit_code == 0, result.output
    (asked,) = requests.made
    assert (asked.name, asked.rank, asked.language, asked.steps) == ("anna", 0, "pl", 7)
    assert asked.replay == tmp_path / "data" and not asked.restart
    assert "anna (new)" in result.stdout and "0.600 -> 0.700" in result.stdout
    assert "0.5000 -> 0.4000" in result.stdout and "1,234,567" in result.stdout


def test_adapters_are_the_rule(requests, tmp_path):
    assert voice(tmp_path).exit_code == 0
    assert requests.made[0].rank == 16


def test_an_old_voice_that_became_worse_ends_in_status_1(requests, tmp_path):
    requests.report = Report(degraded=["lj (similarity 0.800 -> 0.700)"])
    result = voice(tmp_path)
    assert result.exit_code == 1
    assert "lj (similarity 0.800 -> 0.700)" in result.stderr and "--replay" in result.stderr


def test_a_voice_without_dev_clips_says_so(requests, tmp_path):
    requests.report = Report(flow=None)
    assert "no clip is kept for dev" in voice(tmp_path).stdout


@pytest.mark.parametrize(
    "more", [("--rank", 0), ("--steps", 0), ("--sex", "none"), ("-l", "klingonish")]
)
def test_bad_values_are_refused_before_any_work(requests, tmp_path, more):
    result = voice(tmp_path, *more)
    assert isinstance(result.exception, EmottsError) and not requests.made


def emotion(folder, name):
    return run("emotion", name, "--data", folder, "-o", folder / "set", "--name", "anna",
               "--consent", "Anna, 2026")  # fmt: skip


def test_an_emotion_is_tuned_from_recordings_that_are_labelled_so(requests, tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.wav").write_bytes(b"")
    (tmp_path / "metadata.csv").write_text("file,text,emotion\na.wav,A.,neutral\nb.wav,B.,anger\n")
    assert emotion(tmp_path, "angry").exit_code == 0
    assert requests.made[0].name == "anna" and requests.made[0].rank == 16
    assert "no recording" in str(emotion(tmp_path, "sad").exception)
    assert "emotts learn-emotion" in str(emotion(tmp_path, "smug").exception)
    assert len(requests.made) == 1


def language(folder, code, *more):
    return run("language", code, "--data", folder, "-o", folder / "set", "--name", "greta",
               "--consent", "Greta, 2026", *more)  # fmt: skip


def test_a_language_says_what_its_new_phones_began_as(requests, tmp_path):
    result = language(tmp_path, "German", "--steps", "9", "--learning-rate", "0.01")
    assert result.exit_code == 0, result.output
    (asked,) = requests.made
    assert (asked.language, asked.name, asked.rank, asked.steps) == ("de", "greta", 16, 9)
    assert "ø as e, 2 as the average phone" in result.stdout
    assert "content loss of greta's dev clips: 0.9000 -> 0.7000" in result.stdout
    assert "prosody loss of greta's dev clips: no clip is kept for dev" in result.stdout
    assert "0.012 nepers" in result.stdout and "anna" in result.stdout


def test_a_language_that_espeak_does_not_know(requests, tmp_path):
    result = language(tmp_path, "klingonish")
    assert isinstance(result.exception, EmottsError) and not requests.made
    assert "emotts phonemes --languages" in str(result.exception)


def test_a_language_that_costs_an_old_voice_ends_in_status_1(requests, tmp_path):
    requests.report = Report(degraded=["lj (similarity 0.800 -> 0.700)"])
    assert language(tmp_path, "de").exit_code == 1


def test_all_three_have_the_same_options(requests, tmp_path):
    from typer.main import get_command

    from emotts.cli.finetune import finetune

    commands = get_command(finetune).commands
    names = {k: {p.name for p in c.params} for k, c in commands.items()}
    assert names["emotion"] - names["voice"] == {"emotion"}
    assert names["language"] ^ names["voice"] == {"code", "language"}
