import numpy as np
import pytest

from emotts.evaluation import planted, ser_b_planted

pytest.importorskip("pyworld")
pytest.importorskip("opensmile")
HEAD = "path\tcorpus\tspeaker\tsex\tage\tlanguage\temotion\tlevel\ttext\tseconds\tsplit\theld_out"


@pytest.fixture
def packed(tmp_path):
    """One clip of a training actor, of a test actor and of kathleen's dev split."""
    import soundfile

    rows, t = [HEAD], np.arange(12000) / 24000
    for corpus, speaker, split in (
        ("ravdess", "actor01", "train"),
        ("ravdess", "actor21", "test"),
        ("kathleen", "kathleen", "dev"),
    ):
        path, phase = f"{speaker}.wav", 2 * np.pi * np.cumsum(np.linspace(110, 150, 12000)) / 24000
        wave = sum(np.sin(k * phase) / k for k in range(1, 20)) * (1 + 0.1 * np.sin(20 * t))
        soundfile.write(tmp_path / path, 0.1 * wave, 24000)
        held_out = {"train": "", "test": "speaker", "dev": "sentence"}[split]
        rows.append(
            f"{path}\t{corpus}\t{speaker}\tfemale\t\ten-us\tneutral\tnormal\ta\t0.5\t{split}\t"
            f"{held_out}"
        )
    (tmp_path / "manifest.tsv").write_text("\n".join(rows) + "\n")
    return tmp_path


def test_only_training_voices_are_moved_to_be_learnt_from(packed, tmp_path):
    made = ser_b_planted.training_shifts(packed, tmp_path / "cache")
    assert set(made["voice"]) == {"actor01"}
    assert set(made["split"]) == {"train"}
    assert list(made["emotion"]) == list(planted.SHIFTS)
    again = ser_b_planted.training_shifts("nowhere", tmp_path / "cache")
    np.testing.assert_array_equal(again.values, made.values)


def test_the_planted_pitch_is_in_the_functionals(packed, tmp_path):
    values, emotions = ser_b_planted.planted_functionals(packed, "dev", tmp_path)
    pitch = dict(zip(emotions, values[:, 0], strict=True))
    risen = pitch["happy"] - pitch["neutral"]
    assert risen == pytest.approx(planted.SHIFTS["happy"].f0_semitones, abs=1)
    kept, _ = ser_b_planted.planted_functionals("nowhere", "dev", tmp_path)
    np.testing.assert_array_equal(kept, values)


def test_another_measure_has_its_own_file(packed, tmp_path):
    values, _ = ser_b_planted.planted_functionals(
        packed, "dev", tmp_path, measure=lambda clips, neutral: np.ones((len(clips), 2)), name="x"
    )
    assert values.shape == (len(planted.SHIFTS), 2)
    assert (tmp_path / "x-dev.npz").is_file() and not (tmp_path / "planted-dev.npz").exists()
