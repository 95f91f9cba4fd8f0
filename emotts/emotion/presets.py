"""Presets: emotions made of mixes, and styles made of affect.

**Dyads** are mixtures of two primary emotions: Plutchik, *Emotion: A Psychoevolutionary Synthesis*
(Harper & Row 1980) and "The nature of emotions", American Scientist 89 (2001), 344–350; primary
dyads are neighbours on his wheel, secondary and tertiary ones lie two and three petals apart. Half
of each is mixed. Two of his primaries have no category here and are our reading of them: trust is
calm with some happiness, anticipation is eager interest, half happy and half surprised. His names
for mild and intense primaries (serenity, ecstasy, …) are the category at .5 and 1.3.

**Named points** (frustrated, sleepy, …) are our own mixes. The words are those of EmoV-DB
(Adigwe et al. 2018) and of expressive voices people know; each mix lies, by its categories' norms
(`emotts.emotion.affect`), on the side of neutral where the word belongs.

**Styles** are the octants of pleasure, arousal and dominance around neutral, at distance 1 as in
EmoSphere-TTS (Cho et al. 2024). Their names are the temperaments of Mehrabian, "Pleasure-arousal-
dominance: A general framework for describing and measuring individual differences in temperament",
Current Psychology 14 (1996), 261–292; his "relaxed" is "serene" here, for relaxed means calm.
"""

from emotts.emotion.affect import Affect
from emotts.emotion.parse import Part

_PRIMARIES: dict[str, tuple[Part, ...]] = {
    "joy": (Part("happy"),),
    "trust": (Part("calm", 0.6), Part("happy", 0.4)),
    "fear": (Part("fearful"),),
    "surprise": (Part("surprised"),),
    "sadness": (Part("sad"),),
    "disgust": (Part("disgust"),),
    "anger": (Part("angry"),),
    "anticipation": (Part("happy", 0.5), Part("surprised", 0.5)),
}

_DYADS = {
    # primary
    "love": ("joy", "trust"),
    "submission": ("trust", "fear"),
    "awe": ("fear", "surprise"),
    "disapproval": ("surprise", "sadness"),
    "remorse": ("sadness", "disgust"),
    "contempt": ("disgust", "anger"),
    "aggressiveness": ("anger", "anticipation"),
    "optimism": ("anticipation", "joy"),
    # secondary
    "guilt": ("joy", "fear"),
    "curiosity": ("trust", "surprise"),
    "despair": ("fear", "sadness"),
    "unbelief": ("surprise", "disgust"),
    "envy": ("sadness", "anger"),
    "cynicism": ("disgust", "anticipation"),
    "pride": ("anger", "joy"),
    "hope": ("anticipation", "trust"),
    # tertiary
    "delight": ("joy", "surprise"),
    "sentimentality": ("trust", "sadness"),
    "shame": ("fear", "disgust"),
    "outrage": ("surprise", "anger"),
    "pessimism": ("sadness", "anticipation"),
    "morbidness": ("disgust", "joy"),
    "dominance": ("anger", "trust"),
    "anxiety": ("anticipation", "fear"),
}

_DEGREES = {
    "serenity": Part("happy", 0.5),
    "ecstasy": Part("happy", 1.3),
    "pensiveness": Part("sad", 0.5),
    "grief": Part("sad", 1.3),
    "annoyance": Part("angry", 0.5),
    "fury": Part("angry", 1.3),  # his "rage", which is an alias of angry here
    "apprehension": Part("fearful", 0.5),
    "terror": Part("fearful", 1.3),
    "loathing": Part("disgust", 1.3),
    "distraction": Part("surprised", 0.5),
    "amazement": Part("surprised", 1.3),
}

_POINTS = {
    "frustrated": (Part("angry", 0.5), Part("sad", 0.35)),
    "amused": (Part("happy", 0.5), Part("surprised", 0.25)),
    "sleepy": (Part("calm", 0.7), Part("sad", 0.4)),
    "friendly": (Part("happy", 0.4), Part("calm", 0.3)),
    "seductive": (Part("calm", 0.7), Part("happy", 0.3)),
    "dominant": (Part("angry", 0.4), Part("calm", 0.3)),
    "distant": (Part("calm", 0.4), Part("disgust", 0.5)),
    "excited": (Part("happy", 0.75), Part("surprised", 0.45)),
    "nervous": (Part("fearful", 0.5), Part("surprised", 0.15)),
    "disappointed": (Part("sad", 0.6), Part("surprised", 0.2)),
    "sarcastic": (Part("disgust", 0.45), Part("happy", 0.35)),
    "tender": (Part("calm", 0.5), Part("happy", 0.2), Part("sad", 0.15)),
}


def _dyad(*primaries: str) -> tuple[Part, ...]:
    """Half of each primary, merged by category."""
    weights: dict[str, float] = {}
    for primary in primaries:
        for name, weight in _PRIMARIES[primary]:
            weights[name] = round(weights.get(name, 0.0) + weight / 2, 6)
    return tuple(Part(name, weight) for name, weight in weights.items())


PRESETS: dict[str, tuple[Part, ...]] = {
    **{name: _dyad(*pair) for name, pair in _DYADS.items()},
    **{name: _PRIMARIES[name] for name in ("trust", "anticipation")},
    **{name: (part,) for name, part in _DEGREES.items()},
    **_POINTS,
}

_EDGE = 3**-0.5
STYLES: dict[str, Affect] = {
    "exuberant": Affect(_EDGE, _EDGE, _EDGE),
    "dependent": Affect(_EDGE, _EDGE, -_EDGE),
    "serene": Affect(_EDGE, -_EDGE, _EDGE),
    "docile": Affect(_EDGE, -_EDGE, -_EDGE),
    "hostile": Affect(-_EDGE, _EDGE, _EDGE),
    "anxious": Affect(-_EDGE, _EDGE, -_EDGE),
    "disdainful": Affect(-_EDGE, -_EDGE, _EDGE),
    "bored": Affect(-_EDGE, -_EDGE, -_EDGE),
}
