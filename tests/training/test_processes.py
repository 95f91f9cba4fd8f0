"""Two processes learn what one learns from twice as much."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import torch

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TRAIN = "from emotts.cli.main import run; run()"


def start(command: list, processes: int = 1) -> list[subprocess.Popen]:
    """Start a Python command in so many processes that know of each other through gloo."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    out = []
    for rank in range(processes):
        more = {"OMP_NUM_THREADS": "1", "ACCELERATE_USE_CPU": "true"}
        if processes > 1:
            more |= {"RANK": str(rank), "LOCAL_RANK": str(rank), "WORLD_SIZE": str(processes),
                     "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}  # fmt: skip
        out.append(
            subprocess.Popen(
                [sys.executable, *map(str, command)], env=os.environ | more, cwd=ROOT,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )
        )  # fmt: skip
    return out


def finish(started: list[subprocess.Popen]) -> list[str]:
    """Wait for all; returns what each said on stderr."""
    try:
        said = [process.communicate(timeout=300)[1] for process in started]
    finally:
        for process in started:
            process.kill()
    assert [p.returncode for p in started] == [0] * len(started), said
    return said


def weights(state: dict) -> dict[str, torch.Tensor]:
    return {f"{m}.{k}": v for m, part in state["modules"].items() for k, v in part.items()}


def assert_same_weights(a: Path, b: Path) -> dict:
    first, second = (torch.load(path, weights_only=True) for path in (a, b))
    assert first["step"] == second["step"] > 0
    for key, value in weights(first).items():
        torch.testing.assert_close(value, weights(second)[key], atol=2e-5, rtol=1e-4, msg=key)
    return first, second


@pytest.mark.slow
def test_two_processes_give_the_loss_of_one_with_twice_the_batch(tmp_path):
    script = HERE / "two_processes.py"
    finish(start([script, tmp_path / "two", 1, 1], processes=2))
    finish(start([script, tmp_path / "one", 2, 1]))
    two, one = assert_same_weights(tmp_path / "two/result.pt", tmp_path / "one/result.pt")
    assert len(two["told"]) == 3
    torch.testing.assert_close(torch.tensor(two["told"]), torch.tensor(one["told"]))
    finish(start([script, tmp_path / "parts", 1, 2]))
    assert_same_weights(tmp_path / "two/result.pt", tmp_path / "parts/result.pt")


@pytest.fixture
def train(prepared, tmp_path):
    """Starts `emotts train` of a debug recipe: train("speaker", "two", 2, "steps=3")."""

    def begin(task: str, name: str, processes: int, *settings: str):
        folder = tmp_path / name
        values = [f"data={prepared.data}", f"export={folder}/set", "log_every=1", *settings]
        sets = [word for value in values for word in ("--set", value)]
        recipe = ROOT / "recipes" / "debug" / f"{task}.yaml"
        return start(["-c", TRAIN, "train", recipe, "--run", folder / "run", *sets], processes)

    return begin


@pytest.mark.slow
@pytest.mark.parametrize("task", ["speaker", "vocoder", "content"])
def test_a_recipe_in_two_processes_equals_one_that_accumulates(train, tmp_path, task):
    """content has dropout, vocoder two optimizers that take turns, speaker a network of its own
    that is not exported."""
    said = finish(train(task, "two", 2, "steps=3", "validate_every=3"))
    finish(train(task, "one", 1, "steps=3", "validate_every=3", "accumulate=2"))
    assert_same_weights(tmp_path / "two/run/state.pt", tmp_path / "one/run/state.pt")
    assert "step 3" in said[0] and "items/s" in said[0]
    assert "step" not in said[1], "the second process speaks too"


@pytest.mark.slow
def test_a_signal_to_one_process_ends_both_with_one_state(train, tmp_path):
    started = train("speaker", "two", 2, "steps=100000", "save_every=100000")
    for line in started[0].stderr:
        if "step 2 " in line:
            break
    started[1].send_signal(signal.SIGTERM)
    finish(started)
    state = torch.load(tmp_path / "two/run/state.pt", weights_only=True)
    assert 2 <= state["step"] < 100000
    assert (tmp_path / "two/set/speaker.safetensors").is_file()
