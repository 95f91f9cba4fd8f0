import numpy as np
import pytest

from emotts.errors import EmottsError
from emotts.evaluation import corpus_features, egemaps

pytest.importorskip("opensmile")
HEAD = "path\tcorpus\tspeaker\tsex\tage\tlanguage\temotion\tlevel\ttext\tseconds\tsplit\theld_out"


@pytest.fixture
def packed(tmp_path):
    """Two actors with a neutral and an angry clip each; the second is a held-out speaker."""
    import soundfile

    rows, t = [HEAD], np.arange(12000) / 24000
    for speaker, split, held_out in (("actor01", "train", ""), ("actor21", "test", "speaker")):
        for emotion, level, f0 in (("neutral", 0.05, 120), ("angry", 0.3, 240)):
            path = f"{speaker}-{emotion}.wav"
            wave = sum(np.sin(2 * np.pi * f0 * k * t) / k for k in range(1, 15))
            soundfile.write(tmp_path / path, level * wave, 24000)
            rows.append(
                f"{path}\travdess\t{speaker}\tmale\t\ten-us\t{emotion}\tnormal\ta\t0.5\t"
                f"{split}\t{held_out}"
            )
    (tmp_path / "manifest.tsv").write_text("\n".join(rows) + "\n")
    return tmp_path


def test_features_are_kept_and_not_made_again(packed, tmp_path, monkeypatch):
    cache = tmp_path / "cache" / "egemaps.npz"
    made = corpus_features.extract(packed, cache)
    assert made.values.shape == (4, egemaps.N_FEATURES)
    assert list(made["voice"]) == ["actor01", "actor01", "actor21", "actor21"]
    assert list(made["held_out"]) == ["", "", "speaker", "speaker"]
    monkeypatch.setattr(egemaps, "functionals", None)
    again = corpus_features.extract(packed, cache)
    np.testing.assert_array_equal(again.values, made.values)
    assert again.names == made.names


def test_rows_are_chosen_together(packed, tmp_path):
    made = corpus_features.extract(packed, tmp_path / "egemaps.npz")
    angry = made.where(made["emotion"] == "angry")
    assert set(angry["emotion"]) == {"angry"}
    name = made.names.index("equivalentSoundLevel_dBp")
    louder = angry.values[:, name] - made.where(made["emotion"] == "neutral").values[:, name]
    np.testing.assert_allclose(louder, 20 * np.log10(6), atol=1.5)


def test_no_recordings_are_named(tmp_path):
    with pytest.raises(EmottsError, match="nowhere"):
        corpus_features.extract(tmp_path / "nowhere", tmp_path / "egemaps.npz")
