import numpy as np
import pytest
import torch

from emotts.audio.mel import log_mel
from emotts.errors import EmottsError
from emotts.synthesis.synthesizer import Synthesizer
from emotts.synthesis.vocoders import load_vocoder


def test_griffin_lim_speaks_the_same_sentence_without_weights(synthesizer, trained):
    plain = Synthesizer.from_pretrained(trained.checkpoints, vocoder="griffin-lim")
    made, own = (s.synthesize("We all know.") for s in (plain, synthesizer))
    assert made.timeline == own.timeline and len(made.samples) == len(own.samples)
    assert not np.array_equal(made.samples, own.samples)


def test_griffin_lim_needs_no_checkpoint(tmp_path):
    t = np.arange(256 * 60) / 24000
    mel = log_mel(0.1 * np.sin(2 * np.pi * 440 * t))
    given = torch.from_numpy(mel.T.copy())[None], torch.ones(1, 60), torch.ones(1, 60), None
    made = load_vocoder(tmp_path, name="griffin-lim")(*given)
    assert made.shape == (1, 60 * 256)
    spectrum = np.abs(np.fft.rfft(made[0, 2048:-2048].numpy()))
    peak = spectrum.argmax() * 24000 / (60 * 256 - 4096)
    assert abs(peak - 440) < 40


def test_an_unknown_vocoder_says_what_there_is(tmp_path):
    with pytest.raises(EmottsError, match="no vocoder 'wavenet'; use griffin-lim, or a path"):
        load_vocoder(tmp_path, name="wavenet")
    with pytest.raises(EmottsError, match="index.json"):
        load_vocoder(tmp_path)
