import sys
import types

import pytest

from emotts.errors import EmottsError
from emotts.evaluation import judges
from emotts.evaluation.judges import JUDGES, available, load

SOURCED = ("wavlm-sv", "utmos", "emotion2vec", "audeering-affect")


def test_every_judge_is_usable_or_absent_for_a_reason():
    usable, absent = available()
    assert sorted([*usable, *absent]) == sorted(JUDGES)
    assert all(len(reason) > 20 for reason in absent.values())
    assert set(SOURCED) <= set(absent), "they have no model of their own"


def test_metric_names_do_not_collide_but_for_the_word_judges():
    names = [m for name, e in JUDGES.items() if name != "pocketsphinx" for m in e.metrics]
    assert len(names) == len(set(names))
    assert {"wer", "cer", "dnsmos", "distill_mos", "spk_similarity", "utmos"} <= set(names)
    assert {e.needs for e in JUDGES.values()} == {("text",), ("reference",), ()}


def test_a_judge_with_its_folder_is_usable(wavlm_folder, classifier_folder):
    usable, _ = available({"wavlm-sv": wavlm_folder, "emotion2vec": str(classifier_folder)})
    assert {"wavlm-sv", "emotion2vec"} <= set(usable)


@pytest.mark.parametrize("name", SOURCED)
def test_no_source_and_a_missing_folder_are_different_reasons(name, tmp_path):
    pytest.importorskip("transformers")
    with pytest.raises(EmottsError, match=f"{name} is absent: no source was given"):
        load(name)
    gone = tmp_path / "gone"
    with pytest.raises(EmottsError, match="gone"):
        load(name, gone)
    assert "gone" in available({name: gone})[1][name]


def test_an_absent_package_is_named(monkeypatch):
    monkeypatch.setattr("emotts.evaluation.judges.base.find_spec", lambda package: None)
    usable, absent = available()
    assert usable == ()
    for name, package in (("dnsmos", "speechmos"), ("resemblyzer", "resemblyzer"),
                          ("whisper", "faster_whisper"), ("utmosv2", "utmosv2")):  # fmt: skip
        assert f"the package {package} is not installed: pip install" in absent[name]
    with pytest.raises(EmottsError, match="distillmos is absent: the package"):
        load("distillmos")


def test_unknown_names_get_the_choices():
    for call in (lambda: load("nisqa"), lambda: available({"nisqa": "x"})):
        with pytest.raises(EmottsError, match="unknown judge 'nisqa'; choose from whisper"):
            call()


def test_a_hub_id_is_fetched_only_when_it_is_named(monkeypatch, transformers, wavlm_folder):
    """What reaches transformers: a folder is read alone, a hub id may be fetched."""
    asked = []
    real = transformers.WavLMForXVector.from_pretrained

    def spy(where, local_files_only, **options):
        asked.append((str(where), local_files_only))
        return real(wavlm_folder, local_files_only=True, **options)

    monkeypatch.setattr(transformers.WavLMForXVector, "from_pretrained", spy)
    load("wavlm-sv", wavlm_folder)
    load("wavlm-sv", "microsoft/wavlm-base-plus-sv")
    assert asked == [(str(wavlm_folder), True), ("microsoft/wavlm-base-plus-sv", False)]


def test_the_package_that_fetches_by_itself_waits_to_be_told(monkeypatch, clips):
    heard = []

    class Model:
        def predict(self, input_path, device, verbose):
            heard.append((input_path, device))
            return 3.25

    package = types.ModuleType("utmosv2")
    package.__spec__ = types.SimpleNamespace()
    package.create_model = lambda pretrained, device: Model()
    monkeypatch.setitem(sys.modules, "utmosv2", package)
    with pytest.raises(EmottsError, match="name sarulab-speech/UTMOSv2 as the source"):
        load("utmosv2")
    judge = load("utmosv2", judges.JUDGES["utmosv2"].make.HUB_ID)
    assert judge.score(clips / "low.wav") == {"utmosv2": 3.25}
    assert heard == [(str(clips / "low.wav"), "cpu")]
    with pytest.raises(EmottsError, match="quiet.wav is silent"):
        judge.score(clips / "quiet.wav")
