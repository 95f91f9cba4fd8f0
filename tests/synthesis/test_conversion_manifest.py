import pytest

from emotts.errors import EmottsError
from emotts.synthesis.conversion_manifest import read_rows


@pytest.mark.parametrize(
    "name, text",
    [
        ("a.jsonl", '{"path": "x.wav", "emotion": "sad", "intensity": 0.5, "note": 1}\n\n'
                    '{"path": "y.wav"}\n'),
        ("a.tsv", "path\temotion\tintensity\nx.wav\tsad\t0.5\ny.wav\t\t\n"),
        ("a.csv", "\ufeffpath,emotion,intensity\nx.wav,sad,0.5\ny.wav,,\n"),
    ],
)  # fmt: skip
def test_rows_have_wishes_of_their_own(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert read_rows(tmp_path / name) == [
        {"path": "x.wav", "emotion": "sad", "intensity": 0.5}, {"path": "y.wav"},
    ]  # fmt: skip


def test_a_list_of_paths(tmp_path):
    (tmp_path / "a.txt").write_text("x.wav\n\n sub/y.wav \n")
    assert read_rows(tmp_path / "a.txt") == [{"path": "x.wav"}, {"path": "sub/y.wav"}]


@pytest.mark.parametrize(
    "name, text, said",
    [
        ("a.jsonl", '{"path": "x.wav"}\n{path}\n', "line 2: not JSON"),
        ("a.jsonl", "[1]\n", "line 1: every entry needs a path"),
        ("a.csv", "file\nx.wav\n", "line 2: every entry needs a path"),
        ("a.csv", "path,intensity\nx.wav,much\n", "'much', not a number"),
        ("a.doc", "x", "no recording and no manifest"),
    ],
)
def test_what_is_no_manifest(tmp_path, name, text, said):
    (tmp_path / name).write_text(text)
    with pytest.raises(EmottsError, match=said):
        read_rows(tmp_path / name)
