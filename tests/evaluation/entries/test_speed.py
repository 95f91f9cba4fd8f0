import pytest

from emotts.errors import EmottsError
from emotts.evaluation.entries import speed


def test_the_first_piece_is_waited_for_and_no_more(bench):
    said = []
    stream = bench.synthesizer.stream

    def long(text, voice):
        yield from stream(text, voice)
        said.append("the rest")

    bench.synthesizer.stream = long
    assert speed.first_audio_seconds(bench.synthesizer, "One. Two.", "kathleen") > 0
    assert said == []
    with pytest.raises(EmottsError, match="stream"):
        speed.first_audio_seconds(object(), "One.", "x")


def test_every_figure_is_kept_and_piper_stands_beside(bench, monkeypatch):
    from emotts.evaluation import speed as measuring

    monkeypatch.setattr(
        measuring, "measure", lambda loader, texts, options: measuring.Speed(0.05, 1.5, 400.0, 5)
    )
    monkeypatch.setattr(speed, "_piper", lambda: [True])
    bench.wanted = lambda row: True
    entry = speed.run(bench)
    assert entry.figures["emotts: real_time_factor"] == 0.05
    assert entry.figures["Piper, joe: peak_megabytes"] == 400
    assert entry.figures["emotts: first_audio_seconds"] >= 0
