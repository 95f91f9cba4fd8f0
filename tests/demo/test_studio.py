"""Models, their lock, files, and how errors reach visitors."""

import os
import threading
import time

import gradio as gr
import pytest

from emotts.demo.studio import KEPT_SECONDS, Studio, guard
from emotts.errors import EmottsError


@pytest.fixture
def bare():
    made = Studio()
    yield made
    made.close()


def test_files_lie_in_the_folder_whatever_the_hint(bare):
    hints = ["speech", "../../etc/passwd", "", "Zażółć\x00", "a" * 500, "/root"]
    paths = [bare.file(hint, ".wav") for hint in hints * 2]
    assert {path.parent for path in paths} == {bare.folder}
    assert len(set(paths)) == len(paths)
    assert max(len(path.name) for path in paths) < 100
    for path in paths:
        path.touch()


def test_old_files_are_deleted_when_new_ones_are_made(bare):
    old, young = bare.file("old", ".wav"), bare.file("young", ".wav")
    for path in (old, young):
        path.touch()
    long_ago = time.time() - KEPT_SECONDS - 1
    os.utime(old, (long_ago, long_ago))
    bare.file("new", ".wav")
    assert not old.exists()
    assert young.exists()


def test_the_oldest_files_go_when_all_are_too_large_together(bare, monkeypatch):
    monkeypatch.setattr("emotts.demo.studio.MOST_BYTES", 2500)
    uploads = bare.folder / "page" / "ab12"
    uploads.mkdir(parents=True)
    job = bare.folder / "job"
    job.mkdir()
    (job / "track.wav").write_bytes(bytes(5000))
    paths = [uploads / "first.wav", bare.file("second", ".wav"), bare.file("third", ".wav")]
    for number, path in enumerate(paths):
        path.write_bytes(bytes(1000))
        os.utime(path, (time.time() - 10 + number,) * 2)
    bare.file("new", ".wav")
    assert [path.exists() for path in paths] == [False, True, True]
    assert (job / "track.wav").exists()  # what belongs to a job is deleted with it


def test_work_is_done_in_one_thread_and_in_turn(bare):
    threads, inside = set(), []

    def work(value):
        threads.add(threading.get_ident())
        inside.append(value)
        assert len(inside) == 1
        assert bare.run(lambda: value) == value  # who works may ask again
        inside.pop()
        return value

    found = []
    visitors = [threading.Thread(target=lambda n=n: found.append(bare.run(work, n)))
                for n in range(8)]  # fmt: skip
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join(10)
    assert sorted(found) == list(range(8)) and len(threads) == 1
    assert threading.get_ident() not in threads
    with pytest.raises(EmottsError, match="not so"):
        bare.run(_fail)
    assert bare.run(work, 9) == 9


def _fail():
    raise EmottsError("not so")


def test_many_clips_leave_no_figures_threads_or_files_beyond_the_limit(studio, monkeypatch):
    import matplotlib.pyplot as plt

    from emotts.demo.commands import Wish
    from emotts.demo.result import perform

    def visit(number):
        perform(studio, Wish("No one.", studio.voices[0], options={"seed": number}))

    visit(0)
    most = 200_000
    monkeypatch.setattr("emotts.demo.studio.MOST_BYTES", most)
    started = threading.active_count()
    visitors = [threading.Thread(target=visit, args=(n,)) for n in range(20)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join(60)
    assert plt.get_fignums() == [] and threading.active_count() == started
    sizes = sorted(path.stat().st_size for path in studio.folder.iterdir() if path.is_file())
    latest = studio.file("next", ".wav")
    kept = sum(path.stat().st_size for path in studio.folder.iterdir() if path.is_file())
    assert kept <= most < kept + 2 * sizes[-1] and not latest.exists()


def test_closing_deletes_the_folder():
    studio = Studio()
    (studio.folder / "page").mkdir()
    (studio.folder / "page" / "upload.wav").touch()
    studio.close()
    assert not studio.folder.exists()


def test_one_visitor_holds_the_models_at_a_time(bare):
    came, order = threading.Event(), []

    def second():
        came.set()
        with bare.turn():
            order.append("second")

    with bare.turn():
        other = threading.Thread(target=second)
        other.start()
        assert came.wait(10)
        other.join(0.05)
        order.append("first")
        with bare.turn():  # the holder may ask again
            order.append("first again")
    other.join(10)
    assert order == ["first", "first again", "second"]


def test_models_are_loaded_once_for_all(bare, monkeypatch):
    begun, loads = threading.Barrier(4), []
    monkeypatch.setattr(bare, "_load_synthesizer", lambda: loads.append(1) or object())
    found = []

    def visit():
        begun.wait(10)
        found.append(bare.synthesizer)

    visitors = [threading.Thread(target=visit) for _ in range(4)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join(10)
    assert len(loads) == 1
    assert len(set(map(id, found))) == 1


def test_missing_checkpoints_are_told_in_a_sentence(tmp_path):
    studio = Studio(tmp_path)
    with pytest.raises(EmottsError, match="no checkpoints"):
        _ = studio.voices
    studio.close()


def test_an_error_is_shown_as_its_sentence_and_cannot_be_markup(bare):
    @guard
    def fails(text):
        raise EmottsError(f"cannot read {bare.folder}/page/ab12/{text}")

    with pytest.raises(gr.Error) as caught:
        fails("<img src=x>.wav")
    assert caught.value.message == "Cannot read &lt;img src=x&gt;.wav"


def test_a_guarded_function_is_otherwise_as_before():
    @guard
    def doubled(value: int, event: gr.EventData | None = None) -> int:
        """Twice."""
        return 2 * value

    @guard
    def broken():
        raise ZeroDivisionError

    assert doubled(21) == 42
    assert doubled.__doc__ == "Twice."
    with pytest.raises(ZeroDivisionError):
        broken()


def test_generators_are_guarded_while_they_run():
    @guard
    def steps():
        yield 1
        raise EmottsError("the second step failed")

    going = steps()
    assert next(going) == 1
    with pytest.raises(gr.Error, match="The second step failed"):
        next(going)


def test_the_neutral_of_a_voice_is_heard_once(studio):
    voice = studio.voices[0]
    assert studio.neutral(voice) is studio.neutral(voice)
    assert studio.emotions[0] == "neutral"
