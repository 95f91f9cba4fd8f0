import threading

import pytest

from emotts.serve.metrics import Metrics
from emotts.serve.turns import Step, Turns


def taken(size: int, *steps, cancel=()) -> tuple[list[list[str]], list]:
    """Who was taken with whom, in order; results and exceptions of the steps, which all wait
    before the first is taken."""
    groups: list[list[str]] = []
    go, busy = threading.Event(), threading.Event()
    inside = []

    def together(jobs):
        groups.append([])
        inside.append(True)
        for job in jobs:
            job()
        inside.pop()

    def work(name):
        def note():
            if not inside:
                groups.append([])
            groups[-1].append(name)
            if name.startswith("wrong"):
                raise ValueError(name)
            return name

        return note

    def hold():
        busy.set()
        assert go.wait(60)

    turns = Turns(Metrics(), together, size)
    turns.put(Step(hold))
    assert busy.wait(60)
    kinds = {"f": dict(joins=True, first=True), "l": dict(joins=True), "c": {}}
    futures = [turns.put(Step(work(name), **kinds[name[-1]])) for name in steps]
    for number in cancel:
        assert futures[number].cancel()
    go.set()
    turns.close()
    return groups, futures


def test_those_who_wait_are_taken_together_and_nobody_is_overtaken():
    steps = ("1l", "2l", "3l", "4c", "5l", "6l")
    assert taken(2, *steps)[0] == [["1l", "2l"], ["3l"], ["4c"], ["5l", "6l"]]
    assert taken(8, *steps)[0] == [["1l", "2l", "3l"], ["4c"], ["5l", "6l"]]
    assert taken(1, *steps)[0] == [[name] for name in steps]


def test_who_waits_for_first_audio_waits_for_no_neighbour():
    assert taken(4, "1f", "2f", "3l", "4l", "5f", "6l")[0] == [
        ["1f"], ["2f"], ["5f", "3l", "4l"], ["6l"]
    ]  # fmt: skip


def test_results_and_errors_go_to_whom_they_belong():
    futures = taken(4, "1l", "wrong l", "3l")[1]
    assert futures[0].result() == "1l" and futures[2].result() == "3l"
    with pytest.raises(ValueError, match="wrong"):
        futures[1].result()


def test_what_was_cancelled_while_it_waited_is_left_out_of_its_batch():
    groups, futures = taken(3, "1l", "2l", "3l", cancel=[1])
    assert groups == [["1l", "3l"]] and futures[1].cancelled()
    assert taken(3, "1l", "2l", cancel=[0, 1])[0] == []


def test_a_batch_that_fails_as_a_whole_tells_all_and_the_queue_goes_on():
    def broken(jobs):
        raise RuntimeError("no threads")

    turns = Turns(Metrics(), broken, 4)
    go, busy = threading.Event(), threading.Event()

    def hold():
        busy.set()
        assert go.wait(60)

    turns.put(Step(hold))
    assert busy.wait(60)
    futures = [turns.put(Step(str, joins=True)) for _ in range(2)]
    go.set()
    for future in futures:
        with pytest.raises(RuntimeError, match="no threads"):
            future.result(60)
    assert turns.put(Step(lambda: 5)).result(60) == 5
    turns.close()
    with pytest.raises(RuntimeError, match="closed"):
        turns.put(Step(str))


def test_batch_sizes_are_counted():
    metrics = Metrics()
    turns = Turns(metrics)
    turns.put(Step(str, joins=True)).result(60)
    turns.put(Step(str)).result(60)
    turns.close()
    assert b"emotts_batch_sentences_count 1.0" in metrics.text()
