import io
import os
import stat

import numpy as np
import pytest
import soundfile

from emotts.audio.io import read_audio

TEXT = "The meeting starts at nine."
RATE = 24000


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch, models):
    """Every test speaks in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def tone(level=0.1, text=TEXT):
    t = np.arange(int(RATE * 0.02 * len(text))) / RATE
    return level * np.sin(2 * np.pi * (150 + 200 * t) * t)


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.ogg", "a.mp3"])
def test_the_ending_decides_and_the_speech_is_in_the_file(emotts, folder, name):
    result = emotts("say", TEXT, "-e", "happy", "-i", 0.8, "-o", name)
    assert result.exit_code == 0, result.output
    assert result.stdout == "" and name in result.stderr
    read, expected = read_audio(folder / name), tone(0.5)
    n = min(len(read), len(expected)) - 1200
    match = [np.corrcoef(expected[:n], read[s : s + n])[0, 1] for s in range(0, 1200)]
    assert max(match) > 0.98
    assert np.abs(read).max() == pytest.approx(0.5, abs=0.1)
    assert os.listdir(folder) == [name]


def test_standard_output_is_a_wav_and_nothing_else(emotts):
    result = emotts("say", TEXT, "-o", "-")
    assert result.exit_code == 0
    samples, rate = soundfile.read(io.BytesIO(result.stdout_bytes))
    assert rate == RATE
    assert np.abs(samples - tone()).max() < 1e-3


def test_without_a_name_it_is_speech_wav(emotts, folder):
    assert emotts("say", TEXT).exit_code == 0
    assert np.abs(read_audio(folder / "speech.wav") - tone()).max() < 1e-3


def test_every_option_reaches_the_synthesizer(emotts, models):
    result = emotts(
        "say", TEXT, "--voice", "TP0", "--emotion", "angry:1.2", "--language", "pl",
        "--rate", 1.25, "--pitch", -2, "--pitch-range", 1.5, "--energy", 3, "--seconds", 2.5,
        "--seed", 7, "--steps", 6, "--guidance", 1.5, "--classifier-guidance", 2,
        "--suppress", "sad:0.5,happy", "--negative-guidance", 0.5, "--mixing", "velocity",
        "--directions", "unsupervised", "--no-calibrated", "--variety", 0.2,
        "--temperature", 0.4, "--best-of", 4, "--no-markup", "--checkpoint", "mine",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert models.Synthesizer.loads == [("mine", "cpu")]
    assert models.Synthesizer.calls == [
        dict(
            text=TEXT, voice="TP0", emotion="angry:1.2", intensity=None, language="pl", rate=1.25,
            pitch=-2.0, pitch_range=1.5, energy=3.0, seconds=2.5, seed=7, steps=6, guidance=1.5,
            classifier_guidance=2.0, suppress={"sad": 0.5, "happy": 1.0}, negative_guidance=0.5,
            mixing="velocity", directions="unsupervised", calibrated=False, variety=0.2,
            temperature=0.4, best_of=4, markup=False,
        )
    ]  # fmt: skip


def test_ranges_are_the_synthesizers_own():
    from emotts.cli.say import RANGES
    from emotts.synthesis import options

    assert RANGES == options.RANGES


@pytest.mark.parametrize(
    "given, emotion, intensity",
    [
        ([], "neutral", None),
        (["-e", "fear"], "fear", None),
        (["-e", "fear", "-i", "0.3"], "fear", 0.3),
        (["-e", "very happy"], "very happy", None),
        (["-e", "happy:0.6+sad:0.4"], "happy:0.6+sad:0.4", None),
        (["-e", "remorse"], "remorse", None),
        (["--affect", "valence=0.6,arousal=-0.3"], {"valence": 0.6, "arousal": -0.3}, None),
    ],
)
def test_ways_to_give_an_emotion(emotts, models, given, emotion, intensity):
    result = emotts("say", TEXT, *given)
    assert result.exit_code == 0, result.output
    call = models.Synthesizer.calls[0]
    assert (call["emotion"], call["intensity"]) == (emotion, intensity)


def test_a_curve_becomes_a_track(emotts, models):
    result = emotts("say", TEXT, "--curve", "0%:neutral, 50%:happy:0.5, 100%:happy", "--smooth")
    assert result.exit_code == 0, result.output
    track = models.Synthesizer.calls[0]["emotion"]
    assert track.interpolation == "smooth" and list(track.positions) == [0, 0.5, 1]
    np.testing.assert_allclose(track.vectors, [[0, 0], [0.5, 0], [1, 0]])


def test_takes_are_numbered_and_have_their_own_seeds(emotts, models, folder):
    result = emotts("say", TEXT, "--takes", 3, "--seed", 5, "-o", "a.flac")
    assert result.exit_code == 0, result.output
    assert sorted(os.listdir(folder)) == ["a-1.flac", "a-2.flac", "a-3.flac"]
    assert [call["seed"] for call in models.Synthesizer.calls] == [5, 6, 7]


def test_auto_reads_the_text_says_what_it_chose_and_keeps_a_plan(emotts, models, folder):
    text = "I am so happy today! I hate this, you liar!"
    result = emotts("say", text, "--emotion", "auto", "--plan", "plan.yaml")
    assert result.exit_code == 0, result.output
    assert "happy" in result.stderr and "angry" in result.stderr and "plan.yaml" in result.stderr
    first = models.Synthesizer.calls[0]["emotion"]
    assert first.vectors.any()
    plan = (folder / "plan.yaml").read_text()
    (folder / "plan.yaml").write_text(
        "\n".join("    emotion: neutral" if "emotion:" in line else line
                  for line in plan.splitlines())
    )  # fmt: skip
    assert emotts("say", text, "--emotion", "auto", "--plan", "plan.yaml").exit_code == 0
    assert not models.Synthesizer.calls[1]["emotion"].vectors.any()


@pytest.mark.parametrize("how", ["file", "stdin", "file -"])
def test_text_from_elsewhere(emotts, models, folder, how):
    written = "\ufeffZażółć gęślą jaźń.\nDruga linia.\n".encode()
    (folder / "text.txt").write_bytes(written)
    arguments = {"file": ["--file", "text.txt"], "stdin": ["-"], "file -": ["--file", "-"]}[how]
    result = emotts("say", *arguments, "-o", "a.wav", input=None if how == "file" else written)
    assert result.exit_code == 0, result.output
    assert models.Synthesizer.calls[0]["text"] == "Zażółć gęślą jaźń.\nDruga linia."


def test_long_text_shows_progress_on_stderr_only(emotts, models):
    result = emotts("say", TEXT * 20, "-o", "-")
    assert result.exit_code == 0
    assert "speaking" in result.stderr and "1/2 sentences" in result.stderr
    assert soundfile.info(io.BytesIO(result.stdout_bytes)).frames > 0
    assert "speaking" not in emotts("say", TEXT).stderr


@pytest.mark.parametrize(
    "arguments, said",
    [
        ([], "as TEXT, with --file FILE"),
        ([TEXT, "--file", "text.txt"], "as TEXT, with --file FILE"),
        ([""], "empty"),
        ([" \n\t "], "empty"),
        (["?!… — ."], "pronounced"),
        (["a" * 1_000_000], "characters"),
        (["be\x07ll"], "U+0007"),
        (["--file", "missing.txt"], "missing.txt cannot be read"),
        (["--file", "."], "cannot be read"),
        (["--file", "latin.txt"], "not UTF-8 (byte 3)"),
        ([TEXT, "-e", "hungry"], "unknown emotion 'hungry'"),
        ([TEXT, "-e", "sad", "--curve", "0%:happy"], "--emotion and --curve both say"),
        ([TEXT, "--affect", "anger=1"], "no 'anger'; choose from valence"),
        ([TEXT, "--affect", "valence=2"], "from -1 to 1, not 2"),
        ([TEXT, "--suppress", "angry=1"], "--suppress takes name:number"),
        ([TEXT, "--reference", "missing.wav"], "no recording missing.wav"),
        ([TEXT, "--reference-track"], "need --reference"),
        ([TEXT, "--plan", "plan.yaml"], "need --emotion auto"),
        ([TEXT, "--mixing", "blender"], "choose from embedding, velocity, prototype"),
        ([TEXT, "--takes", "0"], "--takes must be a number from 1 to 99"),
        ([TEXT, "--takes", "2", "-o", "-"], "cannot go to standard output"),
        ([TEXT, "-e", "happy:loud"], "must be a number from -1 (suppressed) to 1.5"),
        ([TEXT, "-i", "1.6", "-e", "happy"], "from 0 to 1.5, not 1.6"),
        ([TEXT, "-i", "nan", "-e", "happy"], "from 0 to 1.5"),
        ([TEXT, "-e", "happy:0.5", "-i", "0.7"], "given twice"),
        ([TEXT, "-l", "klingonish"], "unknown language 'klingonish'"),
        ([TEXT, "--rate", "0"], "--rate must be a number from 0.5 to 2, not 0"),
        ([TEXT, "--rate", "nan"], "--rate must be"),
        ([TEXT, "--pitch", "inf"], "--pitch must be a number from -12 to 12"),
        ([TEXT, "--energy", "99"], "--energy must be"),
        ([TEXT, "--seed", "-1"], "--seed must be"),
        ([TEXT, "--steps", "0"], "--steps must be a number from 1 to 100"),
        ([TEXT, "--guidance", "-1"], "--guidance must be"),
        ([TEXT, "--device", "abacus"], "unknown device 'abacus'; choose from cpu, cuda"),
        ([TEXT, "-o", "a.m4a"], ".wav, .flac, .ogg, .mp3"),
        ([TEXT, "-o", "missing/a.wav"], "folder missing does not exist"),
        ([TEXT, "-o", "kept.wav"], "kept.wav is read-only"),
    ],
)
def test_bad_input_is_refused_before_any_model_is_loaded(refused, models, folder, arguments, said):
    (folder / "text.txt").write_text(TEXT)
    (folder / "latin.txt").write_bytes(b"ca\xe9")
    (folder / "kept.wav").touch()
    (folder / "kept.wav").chmod(0o444)
    before = sorted(os.listdir(folder))
    assert said in refused("say", *arguments)
    assert models.Synthesizer.loads == []
    assert sorted(os.listdir(folder)) == before
    assert (folder / "kept.wav").stat().st_size == 0


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["--voice", "nobody"], "unknown voice 'nobody'; choose from kathleen, TP0"),
        (["--checkpoint", "missing"], "there is no folder missing"),
    ],
)
def test_what_only_the_models_know_is_refused_without_a_file(refused, folder, arguments, said):
    assert said in refused("say", TEXT, *arguments)
    assert os.listdir(folder) == []


@pytest.mark.parametrize("value", ["soon", "1,5"])
def test_what_is_no_number_ends_with_status_2(emotts, folder, value):
    result = emotts("say", TEXT, "--rate", value)
    assert result.exit_code == 2
    assert "--rate" in result.stderr and "Traceback" not in result.stderr
    assert os.listdir(folder) == []


def test_an_old_file_survives_a_failure(refused, folder):
    (folder / "a.wav").write_bytes(b"precious")
    refused("say", TEXT, "--voice", "nobody", "-o", "a.wav")
    assert (folder / "a.wav").read_bytes() == b"precious"
    assert stat.S_ISREG((folder / "a.wav").stat().st_mode)
