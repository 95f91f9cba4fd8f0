from importlib.util import find_spec

import numpy as np
import pytest

from emotts.errors import EmottsError
from emotts.evaluation import naturalness


@pytest.mark.parametrize("samples", [np.zeros(0), np.full(9, np.nan), np.zeros((2, 9))])
def test_what_cannot_be_judged_is_refused(samples):
    for judge in (naturalness.DistillMos(), naturalness.Dnsmos()):
        with pytest.raises(EmottsError):
            naturalness._judged_samples(samples)
        assert judge.name in ("distillmos", "dnsmos")


def test_dnsmos_runs_on_one_thread():
    pytest.importorskip("speechmos")
    judge = naturalness.Dnsmos()
    options = judge._model.onnx_sess.get_session_options()
    assert options.intra_op_num_threads == options.inter_op_num_threads == 1


@pytest.mark.slow
def test_both_judges_prefer_a_clean_recording(shared_data):
    pytest.importorskip("speechmos")
    if find_spec("distillmos") is None:  # not imported: torchaudio's stand-in has to come first
        pytest.skip("distillmos is not installed")
    from emotts.audio.io import read_audio
    from emotts.evaluation.sets import recorded

    clean = read_audio(recorded(shared_data, "kathleen")[1].path, rate=naturalness.RATE)
    noise = np.random.default_rng(0).normal(size=len(clean)).astype(np.float32)
    noisy = clean + 0.5 * clean.std() * noise
    for judge in (naturalness.DistillMos(), naturalness.Dnsmos()):
        assert judge(clean) > judge(noisy) + 0.5
        assert 1 <= judge(noisy) <= 5
