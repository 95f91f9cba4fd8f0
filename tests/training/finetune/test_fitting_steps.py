"""How long little speech is trained on."""

from emotts.training.finetune.voice import STEPS, fitting_steps


def test_little_speech_is_trained_on_for_less_long():
    assert fitting_steps(2) == fitting_steps(40) == 40
    assert fitting_steps(60) == 60
    assert fitting_steps(400) == fitting_steps(3600) == STEPS
