import torch

from emotts.synthesis.models import load_models, voice_changes


def test_networks_are_at_rest_and_frozen(synthesizer):
    models = synthesizer.models
    for network in (models.content, models.prosody, models.decoder):
        assert not network.training
        assert not any(p.requires_grad for p in network.parameters())


def test_loading_twice_gives_the_same(synthesizer, trained):
    again = load_models(trained.checkpoints)
    assert torch.equal(again.mel_scale, synthesizer.models.mel_scale)
    assert again.voices == synthesizer.voices


def test_every_voice_has_its_own_corpus_of_acting_or_the_english_one(synthesizer):
    models = synthesizer.models
    for voice, corpus in (("EB0", "nemo"), ("actor01", "ravdess"), ("kathleen", "ravdess")):
        assert models.change_matrix(models.voices[voice]) is models.changes[corpus]


def test_a_voice_may_have_changes_of_its_own(synthesizer, monkeypatch):
    models = synthesizer.models
    own = models.changes["ravdess"] * 0.5
    monkeypatch.setitem(models.changes, voice_changes("actor01"), own)
    assert models.change_matrix(models.voices["actor01"]) is own
    assert models.change_matrix(models.voices["kathleen"]) is models.changes["ravdess"]


def test_every_direction_has_a_change(synthesizer):
    models = synthesizer.models
    for matrix in models.changes.values():
        assert matrix.shape == (164, models.space.dim)
        assert abs(matrix @ models.space.directions["happy"]).max() > 0.01
