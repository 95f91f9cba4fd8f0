"""A line made by the real synthesizer, and what is kept of it."""

import io
import math

import numpy as np
import pytest
import soundfile
from fake_studio import ToneStudio

from emotts.dubbing.script import Line
from emotts.dubbing.worker import Failure, Maker, Models, Task
from emotts.errors import EmottsError

TEXT = "We all know a long way home."


def task(text=TEXT, slot=None, limits=(0.8, 1.25), overflow="shift", **asked) -> Task:
    felt = {k: asked[k] for k in ("emotion", "intensity") if k in asked}
    line = Line(number=1, start=2.0, end=slot and 2.0 + slot, text=text, **felt)
    return Task("key", line, {"voice": "kathleen", **asked}, slot, limits, overflow)


def samples_of(take) -> np.ndarray:
    return soundfile.read(io.BytesIO(take.sound))[0]


@pytest.fixture(scope="module")
def maker(trained) -> Maker:
    return Maker(Models(str(trained.checkpoints)))


@pytest.fixture(scope="module")
def natural(maker) -> float:
    return maker.synthesizer.natural_seconds(TEXT, "kathleen")


@pytest.mark.parametrize("factor", [0.8001, 0.93, 1.0, 1.2499])
def test_a_slot_is_met_to_the_sample(maker, natural, factor):
    slot = round(natural * factor, 4)
    take = maker.make(task(slot=slot))
    facts = take.details["facts"]
    assert len(samples_of(take)) == facts["samples"] == round(slot * 24000)
    assert facts["stretch"] == pytest.approx(1 / factor, rel=1e-3)
    assert facts["warnings"] == [] and facts["overrun_seconds"] == 0


def test_what_does_not_fit_is_as_fast_as_allowed_and_says_so(maker, natural):
    facts = maker.make(task(slot=natural / 2)).details["facts"]
    assert facts["samples"] / 24000 == pytest.approx(natural / 1.25, abs=1e-4)
    assert "more than its slot" in facts["warnings"][0] and "cut about" in facts["hint"]
    failed = maker.make(task(slot=natural / 2, overflow="fail"))
    assert isinstance(failed, Failure) and "cut about" in failed.reason


def test_what_is_kept_of_a_take(maker):
    take = maker.make(task(emotion="happy", intensity=0.8))
    facts, timeline = take.details["facts"], take.details["timeline"]
    assert set(facts["heard"]) == {"emotion", "probability", "intensity"}
    assert -60 < facts["lufs"] < 0 and facts["peak_db"] <= 0
    assert facts["provenance"]["emotion"] == "happy"
    assert [word["text"] for word in timeline["words"]] == TEXT.rstrip(".").split()
    assert timeline["emotion"][0]["emotion"] == "happy"
    info = soundfile.info(io.BytesIO(take.sound))
    assert (info.subtype, info.samplerate, info.channels) == ("PCM_24", 24000, 1)


def test_the_same_task_gives_the_same_bits(maker, trained):
    again = Maker(Models(str(trained.checkpoints)))
    assert maker.make(task(seed=4)).sound == again.make(task(seed=4)).sound
    assert maker.make(task(seed=4)).sound != maker.make(task(seed=5)).sound


@pytest.mark.parametrize(
    "wrong, reason",
    [(dict(voice="nobody"), "unknown voice"), (dict(emotion="gloomy"), "gloomy"),
     (dict(text="..."), "nothing in the text"), (dict(rate=9), "rate is 9"),
     (dict(text="A [happy]b"), "")],
)  # fmt: skip
def test_what_cannot_be_made_is_one_failure(maker, wrong, reason):
    failed = maker.make(task(**wrong))
    assert isinstance(failed, Failure) and reason in failed.reason
    assert "\n" not in failed.reason


def test_names_without_loading_the_models(trained, maker):
    names = Models(str(trained.checkpoints)).names()
    assert set(names.voices) == set(maker.synthesizer.voices)
    assert len(names.mark) == 64 and "kathleen" in names.voices
    with pytest.raises(EmottsError, match="there is no folder"):
        Models("/nowhere/at/all").names()


def test_lines_shorter_than_a_gate_have_a_loudness_too():
    facts = Maker(ToneStudio()).make(task("Hm.")).details["facts"]
    assert facts["samples"] == 4800 and math.isfinite(facts["lufs"])
