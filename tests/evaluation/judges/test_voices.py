import json
import shutil
import types

import numpy as np
import pytest

from emotts.audio.io import read_audio
from emotts.errors import EmottsError
from emotts.evaluation.judges import load
from emotts.evaluation.judges.base import normaliser


@pytest.fixture(scope="module")
def judge(wavlm_folder):
    return load("wavlm-sv", wavlm_folder)


def test_likeness_is_the_cosine_of_the_models_own_embeddings(
    judge, clips, transformers, wavlm_folder
):
    import torch

    model = transformers.WavLMForXVector.from_pretrained(wavlm_folder).eval()
    with torch.inference_mode():
        a, b = (
            model(torch.from_numpy(read_audio(clips / name, 16000))[None]).embeddings[0].numpy()
            for name in ("low.wav", "high.wav")
        )
    cosine = float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))
    found = judge.score(clips / "low.wav", reference=clips / "high.wav")
    assert found == {"spk_similarity_wavlm": pytest.approx(cosine, abs=1e-5)}


def test_a_clip_is_like_itself_and_several_references_are_averaged(judge, clips):
    low, high = clips / "low.wav", clips / "high.wav"
    same = judge.score(low, reference=low)["spk_similarity_wavlm"]
    other = judge.score(low, reference=str(high))["spk_similarity_wavlm"]
    assert same == pytest.approx(1, abs=1e-5) and other < 0.9995
    both = judge.score(low, reference=[low, high])["spk_similarity_wavlm"]
    assert both == pytest.approx((same + other) / 2, abs=1e-6)


def test_a_reference_is_embedded_once_until_it_changes(wavlm_folder, clips, tmp_path):
    judge, calls = load("wavlm-sv", wavlm_folder), []
    embed = judge.embed
    judge.embed = lambda samples: calls.append(len(samples)) or embed(samples)
    reference = tmp_path / "reference.wav"
    shutil.copy(clips / "low.wav", reference)
    for _ in range(3):
        judge.score(clips / "high.wav", reference=reference)
    assert len(calls) == 3 + 1
    reference.write_bytes((clips / "high.wav").read_bytes() + b"\0\0")
    assert judge.score(clips / "high.wav", reference=reference)[
        "spk_similarity_wavlm"
    ] == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(
    ("said", "norm", "normalised"),
    [(True, "group", True), (False, "layer", False), (None, "layer", True), (None, "group", False)],
)
def test_the_folder_says_whether_samples_are_normalised(tmp_path, said, norm, normalised):
    if said is not None:
        (tmp_path / "preprocessor_config.json").write_text(json.dumps({"do_normalize": said}))
    samples = np.array([0.1, 0.3, 0.2, 0.2], np.float32)
    found = normaliser(str(tmp_path), types.SimpleNamespace(feat_extract_norm=norm))(samples)
    truth = np.array([-1, 1, 0, 0]) * 2**0.5 if normalised else samples
    np.testing.assert_allclose(found, truth, rtol=1e-4)


@pytest.mark.parametrize(
    ("file", "message"),
    [("quiet.wav", "quiet.wav is silent"), ("short.wav", "short.wav is shorter than 0.4 s"),
     ("gone.wav", "no audio file")],
)  # fmt: skip
def test_what_cannot_be_compared_is_named(judge, clips, file, message):
    with pytest.raises(EmottsError, match=message):
        judge.score(clips / file, reference=clips / "low.wav")
    with pytest.raises(EmottsError, match=message):
        judge.score(clips / "low.wav", reference=clips / file)


@pytest.mark.parametrize("nothing", [None, []])
def test_a_comparison_needs_a_reference(judge, clips, nothing):
    with pytest.raises(EmottsError, match="wavlm-sv compares voices: give a reference"):
        judge.score(clips / "low.wav", reference=nothing)


def test_weights_of_another_model_are_refused(classifier_folder, tmp_path):
    with pytest.raises(EmottsError, match="weights in .* are of another model"):
        load("wavlm-sv", classifier_folder)
    (tmp_path / "config.json").write_text('{"model_type": "wavlm"}')
    with pytest.raises(EmottsError, match="no model can be read from"):
        load("wavlm-sv", tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"torn")
    with pytest.raises(EmottsError, match="no model can be read from"):
        load("wavlm-sv", tmp_path)


@pytest.mark.slow
def test_resemblyzer_tells_real_voices_apart(shared_data):
    pytest.importorskip("resemblyzer")
    from emotts.evaluation.sets import recorded

    judge = load("resemblyzer")
    hers = [clip.path for clip in recorded(shared_data, "kathleen")[:3]]
    other = recorded(shared_data, "nemo")[0].path
    own = judge.score(hers[0], reference=hers[1:])["spk_similarity"]
    assert own > judge.score(hers[0], reference=other)["spk_similarity"] + 0.1
