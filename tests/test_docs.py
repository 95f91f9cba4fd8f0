"""What the documentation says exists: commands, Python names, links, tables, pictures."""

import ast
import builtins
import importlib
import inspect
import re
import runpy
import shlex
from dataclasses import fields
from pathlib import Path

import pytest
import typer

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *(ROOT / "docs" / f"{n}.md" for n in ("controls", "evaluation"))]
ALL_PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SCRIPT_OPTIONS = {"--set", "--run"}  # of scripts and recipes that are no command of emotts


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text("utf-8"), re.DOTALL)


def commands(page: Path) -> list[list[str]]:
    """Every call of emotts in a page's shell blocks, as words without the name."""
    found = []
    for block in blocks(page, "sh"):
        for line in block.replace("\\\n", " ").splitlines():
            lexer = shlex.shlex(line, posix=True, punctuation_chars=";&|<>")
            lexer.whitespace_split = True
            call: list[str] = []
            for word in [*lexer, ";"]:
                if set(word) <= set(";&|<>"):
                    found += [call[1:]] if call[:1] == ["emotts"] else []
                    call = []
                else:
                    call.append(word)
    return found


def mentions(page: Path) -> list[list[str]]:
    """Every call of emotts inside a sentence, which may leave out what is required."""
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    spans = re.findall(r"`(emotts [^`]*)`", text)
    return [shlex.split(span)[1:] for span in spans]


def parse(arguments: list[str]) -> str:
    """Parse as the command line does, without running; return the command's name."""
    from emotts.cli.main import app

    command, names = typer.main.get_command(app), []
    while hasattr(command, "commands"):
        assert arguments, f"emotts {' '.join(names)} names no command"
        name, *arguments = arguments
        assert name in command.commands, f"there is no command emotts {' '.join([*names, name])}"
        command, names = command.commands[name], [*names, name]
        if not arguments and hasattr(command, "commands"):
            return " ".join(names)
    command.make_context(names[-1], list(arguments))
    return " ".join(names)


def refusal(arguments: list[str]) -> str:
    """The name of what parsing raises, or nothing."""
    try:
        parse(arguments)
    except Exception as error:
        return type(error).__name__
    return ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_line_can_be_parsed(page):
    calls = commands(page)
    assert calls, "a page about use shows commands"
    for call in calls:
        assert refusal(call) == "", f"emotts {shlex.join(call)}"


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: page.name)
def test_every_command_in_a_sentence_exists(page):
    for call in mentions(page):
        assert refusal(call) in ("", "MissingParameter"), f"emotts {shlex.join(call)}"


def options_of(command) -> set[str]:
    """Every option of a command and of those below it."""
    own = {name for param in command.params for name in (*param.opts, *param.secondary_opts)}
    return own.union(*map(options_of, getattr(command, "commands", {}).values()))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_option_in_a_sentence_exists(page):
    from emotts.cli.main import app

    known = options_of(typer.main.get_command(app)) | {"--no-deps", "--help"}
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    named = {o for span in re.findall(r"`([^`]+)`", text) for o in re.findall(r"--[a-z-]+", span)}
    assert named - known - SCRIPT_OPTIONS == set()


def test_a_wrong_option_would_be_noticed():
    assert refusal(["say", "Hello.", "--intensity", "0.5"]) == ""
    assert refusal(["say", "Hello.", "--loudness", "3"]) == "NoSuchOption"
    assert refusal(["say", "Hello.", "--intensity", "high"]) == "BadParameter"
    assert refusal(["evaluate", "suit"]) == "AssertionError"


class Names:
    """Follows the types of names through a page's Python, as far as annotations tell them."""

    def __init__(self) -> None:
        self.known: dict[str, object] = {}  # a class, function or module, or an instance's class

    def check(self, source: str) -> None:
        for statement in ast.parse(source).body:
            for node in ast.walk(statement):
                if isinstance(node, ast.ImportFrom):
                    module = importlib.import_module(node.module)
                    for alias in node.names:
                        assert hasattr(module, alias.name), f"{node.module} has no {alias.name}"
                        self.known[alias.asname or alias.name] = getattr(module, alias.name)
                elif isinstance(node, ast.Import):
                    self.known |= {a.name: importlib.import_module(a.name) for a in node.names}
            for node in ast.walk(statement):
                if isinstance(node, ast.Call | ast.Attribute):
                    self.kind(node)
            if isinstance(statement, ast.Assign):
                for target in statement.targets:
                    names = target.elts if isinstance(target, ast.Tuple) else [target]
                    kind = self.kind(statement.value) if len(names) == 1 else None
                    self.known |= {n.id: kind for n in names if isinstance(n, ast.Name)}

    def kind(self, node: ast.expr) -> object:
        """What an expression is: a callable, or the class of its value; None is unknown."""
        if isinstance(node, ast.Name):
            assert node.id in self.known or hasattr(builtins, node.id), f"{node.id} is not made"
            return self.known.get(node.id)
        if isinstance(node, ast.Attribute):
            owner = self.kind(node.value)
            if owner is None:
                return None
            parts = set(getattr(owner, "__annotations__", {})) | set(dir(owner))
            parts |= set(re.findall(r"self\.(\w+)\b.*=", _source(owner)))
            assert node.attr in parts, f"{owner} has no {node.attr}"
            found = getattr(owner, node.attr, None)
            return found if callable(found) else None
        if isinstance(node, ast.Call):
            return self._called(node)
        return None

    def _called(self, node: ast.Call) -> object:
        called = self.kind(node.func)
        if called is None or getattr(called, "__module__", "").split(".")[0] != "emotts":
            return None
        from emotts.synthesis.options import Options

        taken = inspect.signature(called).parameters
        for word in node.keywords:
            more = {f.name for f in fields(Options)} if "options" in taken else set()
            assert word.arg in taken or word.arg in more, f"{called} takes no {word.arg}"
        if inspect.isclass(called):
            return called
        result = str(inspect.signature(called).return_annotation).strip("'\"")
        home = inspect.getmodule(inspect.unwrap(called))
        owner = getattr(called, "__self__", None)
        return owner if inspect.isclass(owner) and result == owner.__name__ else getattr(
            home, result, None
        )  # fmt: skip


def _source(owner: object) -> str:
    return inspect.getsource(owner) if inspect.isclass(owner) else ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_snippets_name_what_exists(page):
    names = Names()
    for block in blocks(page, "python"):
        names.check(block)


@pytest.mark.parametrize(
    "line", ["synthesizer.speak('a')", "synthesizer.synthesize('a', loud=1)", "speech.play()",
             "from emotts import Speaker"],
)  # fmt: skip
def test_a_wrong_name_in_a_snippet_would_be_noticed(line):
    names = Names()
    names.check("from emotts import Synthesizer\nsynthesizer = Synthesizer.from_pretrained()\n"
                "speech = synthesizer.synthesize('a', rate=1.1)")  # fmt: skip
    with pytest.raises(AssertionError):
        names.check(line)


def anchors(page: Path) -> set[str]:
    """The places that headings of a page make, as GitHub names them."""
    heads = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: page.name)
def test_local_links_lead_somewhere(page):
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, place = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), f"{page.name} links to {link}"
        assert not place or place in anchors(target), f"{page.name} links to {link}"


def test_tables_of_words_agree_with_the_code():
    page = (ROOT / "docs" / "controls.md").read_text("utf-8")
    filled = runpy.run_path(str(ROOT / "scripts" / "control_tables.py"))["filled"]
    assert filled(page) == page, "run: python scripts/control_tables.py"
    with pytest.raises(ValueError, match="adverbs"):
        filled(page.replace("<!-- adverbs -->", ""))


def rows_of(page: str, head: str) -> list[list[str]]:
    """Cells of the table that begins with a head."""
    lines = page[page.index(head) :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_suite_and_the_judges_are_all_named():
    from emotts.evaluation.entries import ENTRIES
    from emotts.evaluation.judges import JUDGES
    from emotts.evaluation.suite_judges import FINDERS

    page = (ROOT / "docs" / "evaluation.md").read_text("utf-8")
    assert [row[0] for row in rows_of(page, "| entry |")] == [f"`{name}`" for name in ENTRIES]
    named = {row[0].strip("`"): row[1] for row in rows_of(page, "| judge |")}
    assert set(named) == {*JUDGES, "SER A", "SER B", "SER B with Whisper"}
    for name, judge in JUDGES.items():
        assert all(f"`{metric}`" in named[name] for metric in judge.metrics), name
    assert ", ".join(f"`{name}`" for name in FINDERS) in page


@pytest.fixture
def spoken(tmp_path, monkeypatch):
    """An empty folder with the recordings and texts that docs/controls.md speaks of."""
    from emotts import Synthesizer

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EMOTTS_HOME", str(tmp_path / "home"))
    synthesizer = Synthesizer.from_pretrained()
    for name, emotion in (("clip", "angry"), ("plain", None), ("smug_clips/a", "happy:0.5"),
                          ("smug_clips/b", "disgust"), ("plain_clips/a", None)):  # fmt: skip
        (tmp_path / name).parent.mkdir(exist_ok=True)
        speech = synthesizer.synthesize("The kettle was on the stove.", "actor03", emotion)
        speech.save(f"{name}.wav")
    (tmp_path / "story.txt").write_text("How lovely! I hate it.", encoding="utf-8")
    return tmp_path


@pytest.mark.slow
def test_the_python_of_every_control_runs(spoken):
    space: dict = {}
    for block in blocks(ROOT / "docs" / "controls.md", "python"):
        exec(compile(block, "controls.md", "exec"), space)
    assert len(list(spoken.glob("*.wav"))) > 15


@pytest.mark.slow
def test_the_commands_of_every_control_run(spoken):
    from typer.testing import CliRunner

    from emotts.cli.main import app

    for call in commands(ROOT / "docs" / "controls.md"):
        if call[0] == "calibrate":  # minutes, and tested where it lives
            continue
        result = CliRunner().invoke(app, call)
        assert result.exit_code == 0, f"emotts {shlex.join(call)}: {result.output}"
        if "-o" in call and "--takes" not in call:
            assert (spoken / call[call.index("-o") + 1]).stat().st_size > 100
