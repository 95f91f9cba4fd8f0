import base64
import hashlib
import io
import json
from html.parser import HTMLParser

import numpy as np
import pytest
import soundfile

from emotts.audio.io import write_audio
from emotts.errors import EmottsError
from emotts.evaluation.listen import Plan, build_test, read_key, write_test
from emotts.evaluation.listen_sources import Item

pytest.importorskip("jinja2")

RATE = 24000
HOSTILE = "</script><script>alert(1)</script><b>'\""


class Scripts(HTMLParser):
    """The page's scripts, links and policy."""

    def __init__(self, path):
        super().__init__()
        self.scripts, self.urls, self.policy, self._in = [], [], "", False
        self.source = path.read_text(encoding="utf-8")
        self.feed(self.source)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.urls += [values[name] for name in ("src", "href", "action") if name in values]
        if values.get("http-equiv"):
            self.policy = values["content"]
        self._in = tag == "script"
        if self._in:
            self.scripts.append("")

    def handle_endtag(self, tag):
        self._in = False

    def handle_data(self, data):
        if self._in:
            self.scripts[-1] += data


@pytest.fixture(scope="module")
def items(tmp_path_factory):
    """Two utterances by three systems, each a noise of its own length and level."""
    folder = tmp_path_factory.mktemp("SECRETFOLDER")
    rng = np.random.default_rng(0)
    found = []
    for i in range(2):
        item = Item(f"item{i}", {}, f"Text {i}", "sad")
        for k, system in enumerate(("zebra", "quagga", "okapi")):
            path = folder / f"SECRET-{system}-{i}.wav"
            noise = rng.normal(size=int(RATE * (0.2 + 0.05 * k))) * 0.02 * (k + 1)
            write_audio(path, noise, RATE, {"comment": f"SECRET {system}"})
            item.systems[system] = path
        found.append(item)
    return found


def sound(test, name):
    data = base64.b64decode(test.page["audio"][name].split(",")[1])
    return soundfile.read(io.BytesIO(data), dtype="float32")


def by_system(test, trial):
    return {
        (s["system"], s["role"]): name
        for name, s in test.key["stimuli"].items()
        if s["trial"] == trial
    }


def test_every_pair_of_systems_meets_at_every_item(items):
    test = build_test(items, Plan("ab"))
    pairs = set()
    for trial in test.page["trials"]:
        systems = sorted(test.key["stimuli"][name]["system"] for name in trial["sounds"])
        pairs.add((test.key["trials"][trial["id"]]["item"], *systems))
    assert len(test.page["trials"]) == len(pairs) == 6
    assert ("item1", "quagga", "zebra") in pairs


def test_the_key_says_whose_sound_it_is(items):
    test = build_test(items, Plan("ab"))
    for name, about in test.key["stimuli"].items():
        item = next(i for i in items if i.name == test.key["trials"][about["trial"]]["item"])
        expected, _ = soundfile.read(item.systems[about["system"]], dtype="float32")
        samples, rate = sound(test, name)
        assert rate == RATE and samples == pytest.approx(expected, abs=2 / 32768)


@pytest.mark.parametrize("kind", ["ab", "abx", "mushra"])
def test_the_page_gives_nothing_away(items, tmp_path, kind):
    plan = Plan(kind, reference="zebra" if kind == "mushra" else None)
    test = build_test(items, plan)
    page, key = write_test(test, tmp_path / "out")
    source = page.read_text(encoding="utf-8")
    everything = source.encode() + b"".join(
        base64.b64decode(uri.split(",")[1]) for uri in test.page["audio"].values()
    )
    for word in ("zebra", "quagga", "okapi", "SECRET", "item0", "anchor:"):
        assert word.encode() not in everything, word
    assert {"zebra", "quagga", "okapi"} <= {
        s["system"] for s in json.loads(key.read_text(encoding="utf-8"))["stimuli"].values()
    }
    assert "SECRETFOLDER" not in key.read_text(encoding="utf-8")


def test_names_in_the_page_are_in_no_telling_order(items):
    """The first sound of a trial is not always the same system's."""
    firsts = set()
    for seed in range(8):
        test = build_test(items[:1], Plan("ab", seed=seed))
        firsts |= {test.key["stimuli"][t["sounds"][0]]["system"] for t in test.page["trials"]}
    assert firsts == {"zebra", "quagga", "okapi"}


def test_the_page_is_whole_and_asks_no_other_host(items, tmp_path):
    test = build_test(items, Plan("abx"))
    page = Scripts(write_test(test, tmp_path)[0])
    data, script = page.scripts
    assert json.loads(data) == test.page
    assert all(uri.startswith("data:audio/flac;base64,") for uri in test.page["audio"].values())
    assert page.urls == [] and "http://" not in page.source and "https://" not in page.source
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page.policy and "default-src 'none'" in page.policy
    assert "localStorage" in script


def test_hostile_texts_stay_texts(items, tmp_path):
    item = Item(HOSTILE, items[0].systems, HOSTILE, HOSTILE)
    plan = Plan("ab", question=HOSTILE + "{emotion}{text}")
    page = Scripts(write_test(build_test([item], plan), tmp_path)[0])
    assert len(page.scripts) == 2
    trial = json.loads(page.scripts[0])["trials"][0]
    assert trial["text"] == HOSTILE and trial["question"] == HOSTILE * 3


def test_questions_are_the_items_then_the_plans(items):
    own = Item("own", items[0].systems, "", "", question="Who is nearer?")
    test = build_test([items[0], own], Plan("ab", question="More {emotion}?"))
    assert {t["question"] for t in test.page["trials"]} == {"More sad?", "Who is nearer?"}


def test_mushra_hides_the_reference_and_an_anchor(items):
    test = build_test(items, Plan("mushra", reference="zebra"))
    assert len(test.page["trials"]) == 2
    for trial in test.page["trials"]:
        names = by_system(test, trial["id"])
        roles = sorted(role for _, role in names)
        assert roles == ["anchor", "open", "reference", "system", "system"]
        assert trial["reference"] == names["zebra", "open"] not in trial["sounds"]
        hidden, _ = sound(test, names["zebra", "reference"])
        shown, _ = sound(test, trial["reference"])
        assert np.array_equal(hidden, shown) and names["zebra", "reference"] in trial["sounds"]
        (anchor,) = [name for (_, role), name in names.items() if role == "anchor"]
        low, _ = sound(test, anchor)
        power, hertz = np.abs(np.fft.rfft(low)) ** 2, np.fft.rfftfreq(len(low), 1 / RATE)
        full = np.abs(np.fft.rfft(hidden)) ** 2
        assert len(low) == len(hidden)
        assert power[hertz > 5000].sum() < 1e-3 * full[hertz > 5000].sum()
        assert power[hertz < 2500].sum() == pytest.approx(full[hertz < 2500].sum(), rel=0.05)


def test_an_anchor_may_be_a_system(items):
    test = build_test(items, Plan("mushra", reference="zebra", anchor="okapi"))
    for trial in test.page["trials"]:
        assert ("okapi", "anchor") in by_system(test, trial["id"]) and len(trial["sounds"]) == 3


def test_levels_can_be_matched_and_are_kept_otherwise(items):
    def spread(plan):
        test = build_test(items, plan)
        levels = [np.std(sound(test, name)[0]) for name in test.page["audio"]]
        return max(levels) / min(levels)

    assert spread(Plan("ab", match_level=True)) == pytest.approx(1, abs=0.02)
    assert spread(Plan("ab")) > 2.5


def test_the_same_seed_gives_the_same_page_and_another_does_not(items, tmp_path):
    tests = [build_test(items, Plan("ab", seed=seed)) for seed in (3, 3, 4)]
    assert tests[0].page == tests[1].page and tests[0].key == tests[1].key
    assert tests[0].page["test"] != tests[2].page["test"]
    assert not set(tests[0].page["audio"]) & set(tests[2].page["audio"])
    for test in tests[:2]:
        write_test(test, tmp_path)  # again is no harm
    with pytest.raises(EmottsError, match="key of another test"):
        write_test(tests[2], tmp_path)
    assert read_key(tmp_path / "key.json") == tests[0].key


def test_ogg_is_smaller(items):
    sizes = {
        f: sum(map(len, build_test(items[:1], Plan("ab", format=f)).page["audio"].values()))
        for f in ("ogg", "flac")
    }
    assert sizes["ogg"] < sizes["flac"] / 2


def test_silent_and_broken_clips_are_named(items, tmp_path):
    write_audio(tmp_path / "silent.wav", np.zeros(RATE), RATE)
    (tmp_path / "broken.wav").write_bytes(b"RIFF")
    for name in ("silent", "broken"):
        systems = {**items[0].systems, "new": tmp_path / f"{name}.wav"}
        with pytest.raises(EmottsError, match=f"{name}.wav"):
            build_test([Item("x", systems)], Plan("ab"))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"kind": "mos"}, "unknown test 'mos'; choose from ab, abx, mushra"),
        ({"kind": "ab", "format": "aiff"}, "unknown format 'aiff'; choose from flac, ogg"),
        ({"kind": "mushra"}, "needs a reference"),
        ({"kind": "ab", "reference": "zebra"}, "belong to mushra"),
        ({"kind": "mushra", "reference": "lion"}, "'lion' is no system; choose from okapi"),
        ({"kind": "mushra", "reference": "zebra", "anchor": "x"}, "anchor 'x' is no system"),
        ({"kind": "mushra", "reference": "zebra", "anchor": "zebra"}, "cannot be both"),
    ],
)
def test_wrong_wishes_are_named(items, options, said):
    with pytest.raises(EmottsError, match=said):
        build_test(items, Plan(**options))


def test_no_items_and_no_key_are_named(tmp_path):
    with pytest.raises(EmottsError, match="at least one item"):
        build_test([], Plan("ab"))
    for content in (None, "{", "[]", '{"test": "x", "kind": "mos", "stimuli": {}, "trials": {}}'):
        if content is not None:
            (tmp_path / "key.json").write_text(content, encoding="utf-8")
        with pytest.raises(EmottsError, match="key.json"):
            read_key(tmp_path / "key.json")
