from emotts.evaluation.score_cache import ScoreCache


def test_a_file_is_judged_once_until_it_changes(tmp_path):
    file, asked = tmp_path / "a.wav", []

    def score():
        asked.append(1)
        return {"heard": "ż", "n": len(asked)}

    file.write_bytes(b"one")
    cache = ScoreCache(tmp_path / "new" / "scores.jsonl")
    first = cache.get("words", file, score)
    assert cache.get("words", file, score) == first
    reopened = ScoreCache(tmp_path / "new" / "scores.jsonl")
    assert reopened.get("words", file, score) == first
    assert len(asked) == 1
    reopened.get("mos", file, score)
    file.write_bytes(b"two")
    assert reopened.get("words", file, score)["n"] == 3


def test_a_run_stopped_while_writing_goes_on(tmp_path):
    file, path = tmp_path / "a.wav", tmp_path / "scores.jsonl"
    file.write_bytes(b"one")
    ScoreCache(path).get("words", file, lambda: "kept")
    with path.open("a") as half:
        half.write('{"judge": "mos", "sha')
    cache = ScoreCache(path)
    assert cache.get("words", file, lambda: "again") == "kept"
    assert cache.get("mos", file, lambda: 3.5) == 3.5
    assert ScoreCache(path).get("mos", file, lambda: 0.0) == 3.5
