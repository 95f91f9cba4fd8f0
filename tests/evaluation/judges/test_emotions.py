import json
import shutil
import sys
import types

import numpy as np
import pytest

from emotts.audio.io import read_audio
from emotts.errors import EmottsError
from emotts.evaluation.judges import available, load


def test_affect_is_the_published_architectures(affect_folder, clips, transformers):
    """Against the same tensors put through transformers' encoder and two matrices by hand."""
    import torch
    from safetensors.torch import load_file

    judge = load("audeering-affect", affect_folder)
    tensors = load_file(affect_folder / "model.safetensors")
    encoder = judge.model.wav2vec2
    kernel = tensors["wav2vec2.encoder.pos_conv_embed.conv.weight_v"]
    assert torch.equal(
        encoder.encoder.pos_conv_embed.conv.parametrizations.weight.original1, kernel
    )
    samples = read_audio(clips / "low.wav", 16000)
    samples = (samples - samples.mean()) / np.sqrt(samples.var() + 1e-7)
    with torch.inference_mode():
        pooled = encoder(torch.from_numpy(samples)[None]).last_hidden_state.mean(1)[0]
        dense = torch.tanh(
            tensors["classifier.dense.weight"] @ pooled + tensors["classifier.dense.bias"]
        )
        out = tensors["classifier.out_proj.weight"] @ dense + tensors["classifier.out_proj.bias"]
    names = ["arousal_emo_vad", "dominance_emo_vad", "valence_emo_vad"]
    found = judge.score(clips / "low.wav")
    assert list(found) == names
    np.testing.assert_allclose(list(found.values()), out.numpy(), atol=1e-5)
    assert judge.score(clips / "high.wav") != found


def test_the_outputs_follow_the_folders_labels(affect_folder, clips, tmp_path):
    first = load("audeering-affect", affect_folder).score(clips / "low.wav")
    folder = shutil.copytree(affect_folder, tmp_path / "affect")
    config = json.loads((folder / "config.json").read_text())
    config["id2label"] = {"0": "valence", "1": "dominance", "2": "arousal"}
    config["label2id"] = {"valence": 0, "dominance": 1, "arousal": 2}
    (folder / "config.json").write_text(json.dumps(config))
    swapped = load("audeering-affect", folder).score(clips / "low.wav")
    assert swapped["valence_emo_vad"] == pytest.approx(first["arousal_emo_vad"])
    config["id2label"] = {"0": "happy", "1": "sad", "2": "angry"}
    config["label2id"] = {"happy": 0, "sad": 1, "angry": 2}
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(EmottsError, match="tells happy, sad, angry, not arousal"):
        load("audeering-affect", folder)


def test_a_folder_that_is_no_affect_model_is_refused(affect_folder, wavlm_folder, tmp_path):
    with pytest.raises(EmottsError, match="holds no config.json"):
        load("audeering-affect", tmp_path)
    (tmp_path / "config.json").write_text("{torn")
    with pytest.raises(EmottsError, match="configuration of .* cannot be read"):
        load("audeering-affect", tmp_path)


def test_silence_has_no_affect(affect_folder, clips):
    with pytest.raises(EmottsError, match="quiet.wav is silent"):
        load("audeering-affect", affect_folder).score(clips / "quiet.wav")


def test_classes_are_probabilities_with_english_labels(classifier_folder, clips):
    judge = load("emotion2vec", classifier_folder)
    found = judge.score(clips / "low.wav")
    assert list(found) == [f"emotion2vec_{x}" for x in ("angry", "happy", "neutral", "unknown")]
    assert sum(found.values()) == pytest.approx(1, abs=1e-5)
    near = judge.score(clips / "low.wav", reference=clips / "low.wav")
    far = judge.score(clips / "low.wav", reference=clips / "high.wav")
    assert near["emotion_similarity"] == pytest.approx(1, abs=1e-5)
    assert far["emotion_similarity"] < 0.9995


def test_funasrs_own_folders_go_to_funasr(monkeypatch, tmp_path, clips):
    (tmp_path / "model.pt").touch()
    (tmp_path / "config.yaml").touch()
    assert "the package funasr is not installed" in available({"emotion2vec": tmp_path})[1].get(
        "emotion2vec", "the package funasr is not installed"
    )
    made = []

    class AutoModel:
        def __init__(self, model, **options):
            made.append((model, options["disable_update"]))

        def generate(self, samples, granularity, extract_embedding):
            assert (granularity, extract_embedding, samples.ndim) == ("utterance", True, 1)
            return [{"labels": ["生气/angry", "中立/neutral"], "scores": [0.75, 0.25],
                     "feats": np.array([1.0, samples.mean() * 0, 0.0])}]  # fmt: skip

    package = types.ModuleType("funasr")
    package.__spec__ = types.SimpleNamespace()
    package.AutoModel = AutoModel
    monkeypatch.setitem(sys.modules, "funasr", package)
    judge = load("emotion2vec", tmp_path)
    assert made == [(str(tmp_path), True)], "nothing is looked up anywhere else"
    assert judge.score(clips / "low.wav", reference=clips / "high.wav") == {
        "emotion2vec_angry": 0.75, "emotion2vec_neutral": 0.25,
        "emotion_similarity": pytest.approx(1),
    }  # fmt: skip
