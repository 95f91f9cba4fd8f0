import json

import numpy as np
import pytest

from emotts.errors import EmottsError
from emotts.evaluation import compare as comparing
from emotts.evaluation.compare import compare, holm, sign_flip_p


def made(count=40, shift=0.0, seed=0, system="files", **changes):
    """Rows of a report: one text each, a mark, an F0 and an emotion that is always heard."""
    rng = np.random.default_rng(seed)
    base = np.random.default_rng(9).normal(3, 1, size=count)
    return [
        {
            "row": i + 2, "entry": "files", "set": system, "path": f"{system}/{i}.wav",
            "text": f"Sentence {i}.", "voice": "x", "emotion": "happy", "intensity": 1.0,
            "seed": 0, "flags": [], "neutral": False,
            "dnsmos": float(base[i] + 0.1 * rng.normal() + shift),
            "f0_mean_semitones": float(30 + rng.normal()),
            "ser_b": "happy", "ser_b_probability": {"happy": 0.7, "sad": 0.3}, **changes,
        }
        for i in range(count)
    ]  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    def write(name, rows):
        (tmp_path / name).mkdir()
        lines = "\n".join(json.dumps(row) for row in rows)
        (tmp_path / name / "rows.jsonl").write_text(lines + "\n", encoding="utf-8")
        return tmp_path / name

    return write


def by_metric(found):
    return {one.metric: one for one in found.differences}


def test_identical_folders_differ_in_nothing(folder):
    found = compare(folder("a", made()), folder("b", made()))
    assert found.sentence.startswith("Nothing differs")
    assert found.pairs == 40 and found.alone_a == found.alone_b == 0
    for one in found.differences:
        assert one.difference == 0 and one.p == 1 and not one.different
    assert set(by_metric(found)) == {
        "dnsmos", "f0_mean_semitones", "ser_b_target", "ser_b_right",
    }  # fmt: skip


def test_a_planted_shift_and_nothing_else_is_named(folder):
    found = compare(folder("a", made(seed=1)), folder("b", made(seed=2, shift=-0.3)))
    planted = by_metric(found)["dnsmos"]
    assert planted.different and planted.low <= -0.3 <= planted.high
    assert planted.difference == pytest.approx(planted.b - planted.a)
    assert "worse in dnsmos" in found.sentence and "nothing else differs" in found.sentence
    assert "f0_mean" not in found.sentence


def test_pairing_finds_what_means_would_hide(folder):
    rows = made()
    a, b = folder("a", rows), folder("b", made(shift=0.15)[::-1])  # the order does not matter
    found = by_metric(compare(a, b))["dnsmos"]
    assert found.different and found.difference == pytest.approx(0.15)
    assert np.std([row["dnsmos"] for row in rows]) > 0.5


def test_systems_pair_by_what_was_said_and_strangers_by_place(folder):
    ours = folder("a", made(system="ours"))
    found = compare(ours, folder("b", made(system="theirs", seed=3)[:30]))
    assert found.pairs == 30 and found.alone_a == 10 and "set" not in found.paired_by.split(", ")
    silent = folder("c", made(text="", emotion=""))
    assert compare(ours, silent).paired_by == "place in the list"
    with pytest.raises(EmottsError, match="40 against 7"):
        compare(ours, folder("d", made(7, text="")))


def test_error_rates_weigh_by_words(folder):
    def rows(errors):
        words = [1, 9] * 10
        return [
            {"text": f"{i}", "wer": e / n, "word_count": n}
            for i, (e, n) in enumerate(zip(errors, words, strict=True))
        ]

    found = compare(folder("a", rows([0] * 20)), folder("b", rows([1, 0] * 10)))
    wer = by_metric(found)["wer"]
    assert wer.b == pytest.approx(10 / 100) and wer.different
    assert "worse in wer" in found.sentence


def test_takes_of_one_text_do_not_count_as_many_texts(folder):
    def rows(shift):
        return [{"text": f"{i % 4}", "seed": i, "mcd": 5 + shift + i / 100} for i in range(40)]

    found = compare(folder("a", rows(0)), folder("b", rows(1)))
    assert by_metric(found)["mcd"].p == pytest.approx(2 / 2**4)
    assert "4 texts are too few" in found.sentence


def test_the_p_value_is_exact_for_few_and_holds_its_level():
    groups = np.arange(8)
    assert sign_flip_p(np.arange(1.0, 9.0), groups) == pytest.approx(2 / 2**8)
    rng = np.random.default_rng(0)
    p = [sign_flip_p(rng.normal(size=9), np.arange(9), seed=i) for i in range(200)]
    assert 0.01 < np.mean(np.array(p) < 0.05) < 0.1


def test_holm_is_as_in_his_paper():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == pytest.approx([1.0, 1.0]) and holm([]) == []


def test_what_cannot_be_compared_is_refused(folder, tmp_path):
    good = folder("a", made())
    with pytest.raises(EmottsError, match="rows.jsonl"):
        compare(good, tmp_path / "none")
    with pytest.raises(EmottsError, match="no rows"):
        compare(good, folder("empty", []))
    torn = folder("torn", made())
    with (torn / "rows.jsonl").open("a") as file:
        file.write('{"row": 3')
    with pytest.raises(EmottsError, match="Line 41"):
        compare(good, torn)
    with pytest.raises(EmottsError, match="share no metric"):
        compare(good, folder("other", [{"text": f"Sentence {i}.", "mcd": 1.0} for i in range(40)]))


def test_the_table_holds_the_sentence_and_every_metric(folder):
    found = compare(folder("a", made(seed=1)), folder("b", made(seed=2)))
    text = comparing.markdown(found)
    assert found.sentence in text and "| dnsmos | 40 |" in text
    assert json.loads(json.dumps(found.as_dict()))["pairs"] == 40
