"""Adverbs of degree: "slightly happy", "very angry".

The order follows Cliff, "Adverbs as multipliers", Psychological Review 66 (1959), 27–44, for the
adverbs he measured (slightly < somewhat < rather < pretty < none < quite < very < extremely):
an adverb multiplies what the adjective alone means, which is intensity 1 here. The values are
ours: they lie further apart than his, so that neighbours can be told apart by ear, and end at 1.5.
"""

ADVERBS: dict[str, float] = {
    "barely": 0.15,
    "slightly": 0.35,
    "a little": 0.35,
    "a bit": 0.35,
    "mildly": 0.4,
    "somewhat": 0.5,
    "moderately": 0.6,
    "fairly": 0.65,
    "rather": 0.75,
    "pretty": 0.8,
    "quite": 1.05,
    "really": 1.15,
    "very": 1.15,
    "highly": 1.2,
    "deeply": 1.25,
    "intensely": 1.3,
    "extremely": 1.4,
    "overwhelmingly": 1.5,
}
