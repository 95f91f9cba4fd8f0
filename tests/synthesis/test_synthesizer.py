def test_smoke(synthesizer):
    print(synthesizer.voices.keys(), synthesizer.emotions)
    print(synthesizer.synthesize("Hello you.").seconds)
