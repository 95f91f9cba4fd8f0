"""Each metric of `evaluate files` by itself, with stand-ins for what has to be loaded."""

from types import SimpleNamespace

import numpy as np
import pytest
import soundfile

from emotts.errors import EmottsError
from emotts.evaluation.files_audio import examine
from emotts.evaluation.files_emotion import EmotionA, EmotionB, EmotionBWhisper
from emotts.evaluation.files_judges import JudgeAbsent, Loaded, NotGiven, Table, Words
from emotts.evaluation.files_manifest import read_manifest
from emotts.evaluation.files_references import External, Reference, Speaker
from emotts.evaluation.score_cache import ScoreCache

RATE = 24000


def buzz(hertz=150.0, level=0.1):
    phase = 2 * np.pi * hertz * np.arange(RATE) / RATE
    return level * sum(np.sin(k * phase) / k for k in range(1, 9))


@pytest.fixture
def table(tmp_path):
    """Writes sounds and a manifest: table({name: samples}, text) → Table."""

    def make(sounds, text):
        for name, samples in sounds.items():
            soundfile.write(tmp_path / name, samples, RATE)
        (tmp_path / "m.csv").write_text(text)
        rows = read_manifest(tmp_path / "m.csv").rows
        sounds = {row.number: examine(row.path) for row in rows}
        return Table(rows, sounds, ScoreCache(tmp_path / "scores.jsonl"))

    return make


def test_a_known_word_error_rate(table):
    pytest.importorskip("jiwer")
    judge = SimpleNamespace(transcribe=lambda path, language: "the cat sat on a mat")
    made = table({"a.wav": buzz()}, "path,text\na.wav,The cat sat on the mat!\n")
    found = Words(lambda: judge).score(made.rows[0], made)
    assert found["wer"] == pytest.approx(1 / 6) and found["heard"] == "the cat sat on a mat"
    assert (found["word_errors"], found["word_count"]) == (1, 6)
    assert found["cer"] == pytest.approx(3 / len("the cat sat on the mat"))


def test_neutral_files_are_of_the_same_voice_and_system_and_hold_sound(table):
    sounds = {"a.wav": buzz(), "b.wav": buzz(170), "s.wav": np.zeros(RATE), "t.wav": buzz()[:4800]}
    made = table(
        sounds,
        "path,voice,system,neutral\na.wav,x,p,0\nb.wav,x,p,1\nb.wav,x,q,1\nb.wav,y,p,1\n"
        "s.wav,x,p,1\nt.wav,x,p,1\na.wav,,,1\n",
    )
    assert [row.number for row in made.neutrals(made.rows[0])] == [3]
    assert made.neutrals(made.rows[-1]) == []


def test_likeness_is_a_cosine_to_the_reference_or_to_the_other_neutral_files(table):
    angles = {"a.wav": 0.0, "b.wav": 60.0, "c.wav": 90.0}

    def embed_file(path):
        angle = np.radians(angles[path.name])
        return np.array([np.cos(angle), np.sin(angle)])

    speaker = Speaker(lambda: SimpleNamespace(embed_file=embed_file))
    sounds = {name: buzz(150 + 10 * i) for i, name in enumerate(angles)}
    made = table(
        sounds,
        "path,voice,neutral,reference\na.wav,x,1,\nb.wav,x,0,\nc.wav,x,1,\n"
        "a.wav,z,1,c.wav\nb.wav,lone,1,\n",
    )
    cosines = [speaker.score(row, made)["spk_similarity"] for row in made.rows[:4]]
    expected = [0, (np.cos(np.radians(60)) + np.cos(np.radians(30))) / 2, 0, 0]
    np.testing.assert_allclose(cosines, expected, atol=1e-9)
    with pytest.raises(NotGiven):
        speaker.score(made.rows[4], made)


def test_a_file_is_its_own_perfect_reference(table):
    pytest.importorskip("librosa")
    pytest.importorskip("pyworld")
    made = table({"a.wav": buzz(), "b.wav": buzz()}, "path,reference\na.wav,b.wav\nb.wav,\n")
    found = Reference().score(made.rows[0], made)
    assert found["mcd"] == found["log_f0_rmse"] == found["vuv_error"] == 0
    assert set(found) == set(Reference.fields)
    with pytest.raises(NotGiven):
        Reference().score(made.rows[1], made)


class StandInB:
    """Hears anger in what its functionals are above neutral's; absolutely, above nothing."""

    def classifier(self, language):
        if language[:2] != "en":
            raise EmottsError(f"no language {language}")
        return SimpleNamespace(classes=("neutral", "angry"))

    def probabilities(self, functionals, voices, neutral, language, relative):
        pitch = functionals[:, 0]  # F0semitoneFrom27.5Hz_sma3nz_amean
        rise = pitch - (pitch[neutral].mean() if relative else 0)
        angry = 1 / (1 + np.exp(-(rise - 3)))
        return np.stack([1 - angry, angry], axis=1)


def test_ser_b_hears_a_planted_shift_relative_to_neutral(table):
    pytest.importorskip("opensmile")
    made = table(
        {"a.wav": buzz(150), "b.wav": buzz(300), "c.wav": np.zeros(RATE)},
        "path,voice,emotion,language\na.wav,x,neutral,en\nb.wav,x,angry,en\nb.wav,y,angry,en\n"
        "c.wav,x,angry,en\nb.wav,x,angry,de\n",
    )
    judge = EmotionB("nowhere", StandInB)
    plain, angry = (judge.score(row, made) for row in made.rows[:2])
    assert plain["ser_b"] == "neutral" and angry["ser_b"] == "angry"
    assert plain["ser_b_probability"]["angry"] == pytest.approx(1 / (1 + np.exp(3)))
    assert plain["ser_b_absolute"] == angry["ser_b_absolute"] == "angry"
    with pytest.raises(NotGiven, match="'y' has no neutral file") as lack:
        judge.score(made.rows[2], made)
    assert lack.value.figures["ser_b_absolute"] == "angry" and lack.value.column == "emotion"
    with pytest.raises(EmottsError, match="silent"):
        judge.score(made.rows[3], made)
    with pytest.raises(EmottsError, match="de"):
        judge.score(made.rows[4], made)
    with pytest.raises(JudgeAbsent, match="nowhere"):
        EmotionB("nowhere").score(made.rows[0], made)


class StandInBWhisper(StandInB):
    """Hears anger in what the layers are above neutral's."""

    class encoder:
        @staticmethod
        def statistics(samples):
            return np.array([1e3 * np.abs(samples).mean()])

    def probabilities(self, functionals, statistics, voices, neutral, language):
        assert functionals.shape == (len(statistics), 88)
        angry = statistics[:, 0] > 1.5 * statistics[neutral].mean()
        return np.stack([~angry, angry], axis=1).astype(float)


def test_ser_b_with_whisper_hears_layers_beside_functionals(table):
    pytest.importorskip("opensmile")
    made = table(
        {"a.wav": 0.1 * buzz(150), "b.wav": buzz(150)},
        "path,voice,emotion,language\na.wav,x,neutral,en\nb.wav,x,angry,en\nb.wav,y,angry,en\n",
    )
    judge = EmotionBWhisper(EmotionB("nowhere", StandInB), StandInBWhisper)
    plain, angry = (judge.score(row, made) for row in made.rows[:2])
    assert plain["ser_b_whisper"] == "neutral" and angry["ser_b_whisper"] == "angry"
    assert angry["ser_b_whisper_probability"] == {"neutral": 0.0, "angry": 1.0}
    with pytest.raises(NotGiven, match="'y' has no neutral file"):
        judge.score(made.rows[2], made)


def test_ser_b_with_whisper_is_absent_where_nothing_was_fitted(table):
    pytest.importorskip("opensmile")
    made = table({"a.wav": buzz(150)}, "path,voice,emotion\na.wav,x,neutral\n")
    with pytest.raises(JudgeAbsent, match="nowhere|faster_whisper"):
        EmotionBWhisper(EmotionB("nowhere")).score(made.rows[0], made)


def test_ser_a_stands_beside_the_voice_s_neutral(table):
    asked = []

    def recognize(path, neutral):
        asked.append((path.name, neutral))
        return SimpleNamespace(probabilities={"sad": 0.2, "angry": 0.8}, intensity=0.5)

    judge = SimpleNamespace(
        recognize=recognize, hear_neutral=lambda paths: [path.name for path in paths]
    )
    made = table(
        {"a.wav": buzz(150), "b.wav": buzz(300)},
        "path,voice,neutral\na.wav,x,1\nb.wav,x,0\nb.wav,y,0\n",
    )
    metric = EmotionA(load=lambda: judge)
    metric._tag = Loaded(lambda: "tag")
    found = [metric.score(row, made) for row in made.rows]
    assert asked == [("a.wav", ["a.wav"]), ("b.wav", ["a.wav"]), ("b.wav", None)]
    assert found[0]["ser_a"] == "angry" and found[0]["ser_a_intensity"] == 0.5
    metric.score(made.rows[1], made)
    assert len(asked) == 3


def test_an_external_judge_is_given_what_it_needs(table, monkeypatch):
    from emotts.evaluation import judges

    asked = []

    class Near:
        def score(self, path, reference, text, language):
            asked.append([p.name for p in reference])
            return {"spk_similarity": 0.5, "closeness": 2.0}

    entry = judges.JudgeEntry(
        "near", "A judge.", ("spk_similarity", "closeness"), ("reference",),
        lambda source: None if source == "here" else "no source", lambda source: Near(),
    )  # fmt: skip
    monkeypatch.setitem(judges.JUDGES, "near", entry)
    made = table(
        {"a.wav": buzz(150), "b.wav": buzz(300)}, "path,voice,neutral\na.wav,x,1\nb.wav,x,0\n"
    )
    found = External("near", "here").score(made.rows[1], made)
    assert found == {"near_spk_similarity": 0.5, "closeness": 2.0} and asked == [["a.wav"]]
    with pytest.raises(NotGiven):
        External("near", "here").score(made.rows[0], made)
    with pytest.raises(JudgeAbsent, match="no source"):
        External("near").score(made.rows[1], made)
    with pytest.raises(EmottsError, match="near"):
        External("far")


@pytest.mark.slow
def test_real_judges_score_real_recordings(shared_data, tmp_path):
    for package in ("speechmos", "librosa", "pyworld", "resemblyzer"):
        pytest.importorskip(package)
    from emotts.evaluation.files import evaluate_files
    from emotts.evaluation.sets import recorded

    clips = recorded(shared_data, "kathleen")[:3]
    lines = [f"{clip.path},x,1,{clips[0].path}" for clip in clips]
    (tmp_path / "m.csv").write_text("\n".join(["path,voice,neutral,reference", *lines]))
    found = evaluate_files(
        tmp_path / "m.csv", tmp_path / "out", only=["dnsmos", "spk_similarity", "mcd", "ser_a"]
    )
    assert found.complete, found.problems
    same, *others = found.rows
    assert same["mcd"] == 0 and same["spk_similarity"] == pytest.approx(1)
    assert all(row["mcd"] > 3 and 0.6 < row["spk_similarity"] < 1 for row in others)
    assert all(1 < row["dnsmos"] < 5 for row in found.rows)
