"""What a run was: its resolved configuration, code, data and environment, kept beside it.

`recipe.yaml` is the recipe with everything resolved; `experiment.json` holds the rest, one entry
in `sessions` for every start or resume.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import yaml

from emotts.errors import EmottsError
from emotts.training.config import Recipe

RECIPE, EXPERIMENT = "recipe.yaml", "experiment.json"
PACKAGES = ("emotts", "torch", "numpy", "accelerate", "peft", "transformers", "torchaudio")
WHOLE_BYTES, PART_BYTES = 4 << 20, 1 << 20


def fingerprint(path: Path) -> str:
    """First letters of the SHA-256 of a file; of a file above 4 MiB its size and three of its
    parts are hashed, so that large arrays cost nothing."""
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        if size <= WHOLE_BYTES:
            digest.update(file.read())
        else:
            for place in (0, size // 2, size - PART_BYTES):
                file.seek(place)
                digest.update(file.read(PART_BYTES))
    return digest.hexdigest()[:16]


def data_hashes(folder: Path) -> dict[str, str]:
    """Fingerprints of what a prepared folder holds: its tables by name, its shards in one."""
    tables = ("rows.sha256", "gains.json", "speakers.json", "alignment.npz")
    found = {name: fingerprint(folder / name) for name in tables if (folder / name).is_file()}
    arrays = sorted([*folder.glob("shard-*[0-9]/*"), *folder.glob("*-[0-9]*.tar")])
    joined = "".join(f"{p.parent.name}/{p.name} {fingerprint(p)}\n" for p in arrays)
    return found | {"shards": hashlib.sha256(joined.encode()).hexdigest()[:16]}


def built_on(recipe: Recipe) -> dict[str, str]:
    """Marks of the checkpoints that were there to build on, other than the recipe's own."""
    index = recipe.export / "index.json"
    if not index.is_file():
        return {}
    files = json.loads(index.read_text(encoding="utf-8"))["files"]
    return {
        Path(name).stem: entry["sha256"][:16] for name, entry in sorted(files.items())
        if name.endswith(".safetensors") and Path(name).stem != recipe.name
    }  # fmt: skip


def git_commit(folder: Path | None = None) -> str | None:
    """Commit of the code in use, with "+" if files differ from it; None outside a repository."""
    folder = folder or Path(__file__).parent

    def ask(*words: str) -> str | None:
        try:
            done = subprocess.run(
                ["git", *words], cwd=folder, capture_output=True, text=True, timeout=20, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        return done.stdout.strip() if done.returncode == 0 else None

    if ask("ls-files", "--error-unmatch", Path(__file__).name) is None:
        return None  # installed somewhere inside a repository that is not ours
    commit = ask("rev-parse", "--short=12", "HEAD")
    return commit and commit + ("+" if ask("status", "--porcelain", "-uno") else "")


def environment(device, processes: int) -> dict[str, str | int]:
    """Python, packages, system and device."""
    found = {"python": platform.python_version(), "system": f"{platform.system()} "
             f"{platform.machine()}", "processes": processes}  # fmt: skip
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    found["device"] = str(device.type)
    if device.type == "cuda":
        import torch

        found["device"] = torch.cuda.get_device_name(device)
    return found


def resolved(recipe: Recipe) -> dict:
    """The recipe as plain values."""
    return json.loads(recipe.model_dump_json())


def begin(recipe: Recipe, command: str, step: int, device, processes: int = 1) -> dict:
    """Write `recipe.yaml` and open a session in `experiment.json`; returns the experiment."""
    values = resolved(recipe)
    told = _read(recipe.run) or {"command": command, "sessions": []}
    before = told.get("recipe")
    session = {"started": _now(), "from_step": step, "commit": git_commit(),
               "environment": environment(device, processes)}  # fmt: skip
    if before is not None and (changed := differences(before, values)):
        session["changed"] = {key: list(pair) for key, pair in changed.items()}
    told |= {"recipe": values, "data": data_hashes(recipe.data), "built_on": built_on(recipe)}
    told["sessions"].append(session)
    recipe.run.mkdir(parents=True, exist_ok=True)
    (recipe.run / RECIPE).write_text(yaml.safe_dump(values, sort_keys=False), encoding="utf-8")
    _write(recipe.run, told)
    return told


def finish(run: Path, told: dict, step: int, figures: dict[str, float]) -> None:
    """Close the last session with the step that was reached and the figures on dev."""
    told["sessions"][-1] |= {"ended": _now(), "to_step": step}
    _write(run, told | {"step": step, "figures": figures})


def read_experiment(run: str | Path) -> dict:
    """What was kept beside a run. Raises EmottsError for a folder without it."""
    told = _read(Path(run))
    if told is None:
        raise EmottsError(
            f"{run} holds no {EXPERIMENT}; name the folder of a run of 'emotts train', such as "
            "runs/acoustic"
        )
    return told


def find_experiments(folder: str | Path) -> dict[str, dict]:
    """Experiments below a folder by the run's path in it, sorted."""
    folder = Path(folder)
    if not folder.is_dir():
        raise EmottsError(f"there is no folder {folder}; runs are kept in 'runs' by default")
    found = sorted(path.parent for path in folder.rglob(EXPERIMENT))
    return {p.relative_to(folder).as_posix(): read_experiment(p) for p in found}


def flat(values: dict, prefix: str = "") -> dict[str, object]:
    """{"model": {"dim": 4}} → {"model.dim": 4}."""
    out: dict[str, object] = {}
    for key, value in values.items():
        if isinstance(value, dict) and value:
            out |= flat(value, f"{prefix}{key}.")
        else:
            out[prefix + key] = value
    return out


def differences(a: dict, b: dict) -> dict[str, tuple[object, object]]:
    """What differs between two nested settings, by dotted key; None where one has it not."""
    left, right = flat(a), flat(b)
    keys = [*left, *(k for k in right if k not in left)]
    return {k: (left.get(k), right.get(k)) for k in keys if left.get(k) != right.get(k)}


def compare(a: dict, b: dict) -> dict[str, dict[str, tuple[object, object]]]:
    """Differences of recipe, data, what they build on, commit and environment; and the final
    figures of both, equal or not. Folders that only say where a run lives are left out."""
    parts = {}
    for part in ("recipe", "data", "built_on"):
        parts[part] = differences(a.get(part, {}), b.get(part, {}))
    for key in ("run", "export"):
        parts["recipe"].pop(key, None)
    last = [told["sessions"][-1] for told in (a, b)]
    code = differences(*({"commit": s["commit"]} | s["environment"] for s in last))
    figures = [{"step": told.get("step")} | told.get("figures", {}) for told in (a, b)]
    keys = [*figures[0], *(k for k in figures[1] if k not in figures[0])]
    return parts | {
        "environment": code,
        "figures": {k: (figures[0].get(k), figures[1].get(k)) for k in keys},
    }


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def _read(run: Path) -> dict | None:
    path = run / EXPERIMENT
    if not path.is_file():
        return None
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise EmottsError(f"{path} is not JSON: {error}") from error


def _write(run: Path, told: dict) -> None:
    temporary = run / f"{EXPERIMENT}.part"
    temporary.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(temporary, run / EXPERIMENT)
