import json
import sys
import types

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from emotts.cli.learn_emotion import learn_emotion, learned
from emotts.cli.main import _Commands
from emotts.emotion.learned import Facts, LearnedEmotions

app = typer.Typer(cls=_Commands, pretty_exceptions_enable=False)
app.command("learn-emotion")(learn_emotion)
app.add_typer(learned, name="learned")
VECTOR = np.array([1.0, 2.0, 0.0], dtype=np.float32)


class Embedder:
    mark = "abc"
    space = types.SimpleNamespace(
        dim=3, directions={"happy": np.array([1.0, 2.1, 0]), "sad": np.array([0, 0, 1.0])}
    )
    calls: list = []

    @classmethod
    def from_pretrained(cls, source=None):
        return cls()


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A user's own folder, and stand-ins for the models."""
    module = types.ModuleType("emotts.synthesis.reference")
    module.Embedder, module.load_space = Embedder, lambda source: Embedder.space
    module.recognizer_mark = lambda source: "abc"

    def learn_from_clips(embedder, examples, neutral):
        Embedder.calls.append((examples, neutral))
        return VECTOR

    module.learn_from_clips = learn_from_clips
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setenv("EMOTTS_HOME", str(tmp_path / "home"))
    Embedder.calls.clear()
    for name in ("clips/a.wav", "clips/b.wav", "plain/anna/c.wav"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def run(*arguments, code=0):
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    assert result.exit_code == code, result.output
    return result


def refused(*arguments):
    result = run(*arguments, code=2)
    assert result.stdout == "" and "Traceback" not in result.stderr
    return result.stderr


def test_what_is_learnt_is_kept_with_its_facts(home):
    said = run("learn-emotion", "Smug", "--examples", home / "clips").stdout
    assert "smug: learnt from 2 recordings against everybody's neutral" in said
    assert "most like happy (cosine 1.00)" in said
    vector, facts = LearnedEmotions().load("smug")
    assert np.array_equal(vector, VECTOR)
    assert (facts.clips, facts.neutral, facts.checkpoint) == (2, "everybody's neutral", "abc")
    assert LearnedEmotions().folder == home / "home" / "emotions"


def test_neutral_clips_of_unnamed_speakers_are_everyones(home):
    run("learn-emotion", "smug", "--examples", home / "clips", "--neutral", home / "plain")
    ((examples, neutral),) = Embedder.calls
    assert set(examples) == {""} and neutral == {"": [home / "plain" / "anna" / "c.wav"]}


def test_names_and_folders_are_looked_at_before_anything_is_loaded(home):
    assert "that ships" in refused("learn-emotion", "happy", "--examples", home / "clips")
    assert "cannot be" in refused("learn-emotion", "../x", "--examples", home / "clips")
    assert "there is no" in refused("learn-emotion", "smug", "--examples", home / "absent")
    run("learn-emotion", "smug", "--examples", home / "clips")
    assert "--replace" in refused("learn-emotion", "smug", "--examples", home / "clips")
    run("learn-emotion", "smug", "--examples", home / "clips", "--replace")
    assert len(Embedder.calls) == 2


def test_listing(home):
    empty = run("learned", "list")
    assert empty.stdout == "" and "no emotions learnt yet" in empty.stderr
    assert json.loads(run("learned", "list", "--json").stdout) == []
    run("learn-emotion", "smug", "--examples", home / "clips")
    (record,) = json.loads(run("learned", "list", "--json").stdout)
    assert record["emotion"] == "smug" and record["clips"] == 2
    assert "smug" in run("learned", "list").stdout


def test_renaming_and_deleting(home):
    run("learn-emotion", "smug", "--examples", home / "clips")
    run("learned", "rename", "smug", "wry")
    assert LearnedEmotions().names() == ("wry",)
    assert "there are: wry" in refused("learned", "delete", "smug")
    run("learned", "delete", "wry")
    assert LearnedEmotions().names() == ()


def test_a_file_goes_out_and_comes_in(home):
    run("learn-emotion", "smug", "--examples", home / "clips")
    file = home / "given.safetensors"
    assert run("learned", "export", "smug", "-o", file).stdout.strip() == str(file)
    assert run("learned", "import", file, "--name", "wry").stdout.strip() == "wry"
    assert "exists already" in refused("learned", "export", "smug", "-o", file)
    assert "already" in refused("learned", "import", file, "--name", "smug")
    assert LearnedEmotions().names() == ("smug", "wry")


def test_files_of_other_checkpoints_stay_out(home):
    other = LearnedEmotions(home / "other")
    other.save("smug", VECTOR, Facts(1, "2030-01-02", "none", "xyz"))
    file = other.export_file("smug", home)
    assert "other checkpoints" in refused("learned", "import", file)
    assert LearnedEmotions().names() == ()
