import json

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from emotts.audio.io import write_audio
from emotts.cli.evaluate_listen import listen
from emotts.errors import EmottsError

pytest.importorskip("jinja2")


@pytest.fixture
def run():
    app = typer.Typer()
    app.command()(listen)
    return lambda *arguments: CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.fixture
def pairs(tmp_path):
    """A list of two items by two systems."""
    lines = ["item,system,path,emotion"]
    for i in range(2):
        for system in ("new", "old"):
            name = f"{system}{i}.wav"
            write_audio(tmp_path / name, np.random.default_rng(i).normal(size=4800) * 0.05, 24000)
            lines.append(f"{i},{system},{name},sad")
    (tmp_path / "pairs.csv").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path / "pairs.csv"


def answer(key, folder, listener, wanted):
    """A result file of somebody who always takes the wanted system."""
    answers = [
        {"trial": t, "x": "", "values": {
            name: int(s["system"] == wanted)
            for name, s in key["stimuli"].items() if s["trial"] == t}}
        for t in key["trials"]
    ]  # fmt: skip
    path = folder / f"{listener}.json"
    sheet = {"test": key["test"], "kind": key["kind"], "listener": listener, "answers": answers}
    path.write_text(json.dumps(sheet), encoding="utf-8")
    return path


def test_from_list_to_scores(run, pairs, tmp_path):
    out = tmp_path / "deep" / "test"
    made = run(pairs, "--question", "Which sounds more {emotion}?", "-o", out, "--seed", 5)
    assert made.exit_code == 0, made.output
    assert "2 trials" in made.output and {p.name for p in out.iterdir()} == {
        "listen.html",
        "key.json",
    }
    key = json.loads((out / "key.json").read_text(encoding="utf-8"))
    files = [answer(key, tmp_path, who, "old") for who in ("ann", "bob", "cy")]
    scored = run("--results", *files, "--key", out / "key.json", "--json")
    (pair,) = json.loads(scored.output)["pairs"]
    assert (pair["a"], pair["chose_a"], pair["count"]) == ("new", 0, 6)
    assert pair["question"] == "Which sounds more sad?" and pair["p"] == 2 / 2**6
    table = run("--results", *files, "--key", out / "key.json").output
    assert "old was chosen over new: 100% of 6 answers" in table and "0.0312" in table


def test_mushra_scores_are_a_table(run, pairs, tmp_path):
    out = tmp_path / "test"
    made = run(pairs, "--kind", "mushra", "--reference", "new", "--trials", 1, "-o", out)
    assert made.exit_code == 0 and "1 trials" in made.output
    key = json.loads((out / "key.json").read_text(encoding="utf-8"))
    ratings = {"reference": 100, "system": 60, "anchor": 10}
    (trial,) = key["trials"]
    values = {n: ratings[s["role"]] for n, s in key["stimuli"].items() if s["role"] != "open"}
    sheet = {"test": key["test"], "kind": "mushra", "listener": "ann",
             "answers": [{"trial": trial, "values": values}]}  # fmt: skip
    (tmp_path / "r.json").write_text(json.dumps(sheet), encoding="utf-8")
    table = run("--results", tmp_path / "r.json", "--key", out / "key.json").output
    rows = [line.split()[:3] for line in table.splitlines() if line.startswith(("new ", "old "))]
    assert rows == [["new", "reference", "1"], ["old", "system", "1"]]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "give either one CSV list"),
        (["--kind", "mos", "{pairs}"], "unknown test 'mos'"),
        (["{pairs}", "--trials", "0"], "--trials must be a number from 1"),
        (["{pairs}", "--seed", "-1"], "--seed must be"),
        (["{pairs}", "--key", "key.json"], "belong to --results"),
        (["{pairs}", "--emotion", "angry"], "choose from sad"),
        (["--results", "r.json"], "--results needs --key"),
        (["--results", "r.json", "--key", "gone.json"], "there is no key gone.json"),
    ],
)
def test_bad_input_is_named_before_anything_is_written(run, pairs, tmp_path, arguments, said):
    arguments = [a.replace("{pairs}", str(pairs)) for a in arguments]
    result = run(*arguments, "-o", tmp_path / "out")
    assert isinstance(result.exception, EmottsError) and said in str(result.exception)
    assert not (tmp_path / "out").exists()
