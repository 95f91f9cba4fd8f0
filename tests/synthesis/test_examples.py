import pytest

from emotts.errors import EmottsError
from emotts.synthesis.examples import find_clips


@pytest.fixture
def folder(tmp_path):
    for name in ("b.wav", "a.flac", "notes.txt", "anna/1.wav", "anna/deep/2.OGG", "ben/1.mp3"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def names(clips, folder):
    return {who: [str(p.relative_to(folder)) for p in found] for who, found in clips.items()}


def test_sub_folders_are_speakers(folder):
    assert names(find_clips(folder), folder) == {
        "": ["a.flac", "b.wav"],
        "anna": ["anna/1.wav", "anna/deep/2.OGG"],
        "ben": ["ben/1.mp3"],
    }


def test_one_recording(folder):
    assert names(find_clips(str(folder / "b.wav")), folder) == {"": ["b.wav"]}


@pytest.mark.parametrize(
    "name, text",
    [
        ("m.jsonl", '{"path": "anna/1.wav", "speaker": "anna"}\n\n{"path": "b.wav"}\n'),
        ("m.tsv", "speaker\tpath\nanna\tanna/1.wav\n\tb.wav\n"),
        ("m.csv", "\ufeffpath,speaker\nanna/1.wav,anna\nb.wav,\n"),
    ],
)
def test_manifests_name_paths_and_speakers(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")
    found = names(find_clips(folder / name), folder)
    assert found == {"anna": ["anna/1.wav"], "": ["b.wav"]}


def test_a_list_of_paths(folder):
    (folder / "notes.txt").write_text("b.wav\n anna/1.wav\n")
    assert names(find_clips(folder / "notes.txt"), folder) == {"": ["b.wav", "anna/1.wav"]}


@pytest.mark.parametrize(
    "name, text, message",
    [
        ("m.jsonl", '{"path": "b.wav"}\n{', "m.jsonl, line 2: not JSON"),
        ("m.jsonl", "[1]", "line 1: every entry needs a path"),
        ("m.jsonl", '{"path": 3}', "line 1: every entry needs a path"),
        ("m.tsv", "file\nb.wav", "line 2: every entry needs a path"),
        ("m.txt", "b.wav\nabsent.wav", "line 2: there is no recording"),
        ("m.txt", "\n", "no recordings in"),
        ("m.yaml", "b.wav", "is no recording"),
    ],
)
def test_entries_that_are_wrong_are_named(folder, name, text, message):
    (folder / name).write_text(text)
    with pytest.raises(EmottsError, match=message):
        find_clips(folder / name)


def test_places_without_recordings(folder):
    (folder / "empty").mkdir()
    (folder / "bad.txt").write_bytes(b"\xff\xfe\xff")
    for name, message in (("empty", "no recordings"), ("no", "there is no"), ("bad.txt", "read")):
        with pytest.raises(EmottsError, match=message):
            find_clips(folder / name)
