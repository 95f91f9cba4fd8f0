"""The eight emotion categories, and the words that corpora and people use for them."""

from emotts.errors import EmottsError

CATEGORIES = ("neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised")

ALIASES = {
    "none": "neutral",
    "no emotion": "neutral",
    "normal": "neutral",
    "neutrality": "neutral",
    "calmness": "calm",
    "relaxed": "calm",
    "happiness": "happy",
    "joy": "happy",
    "joyful": "happy",
    "sadness": "sad",
    "sorrow": "sad",
    "anger": "angry",
    "rage": "angry",
    "fear": "fearful",
    "afraid": "fearful",
    "scared": "fearful",
    "disgusted": "disgust",
    "surprise": "surprised",
    "pleasant surprise": "surprised",
}


def canonical(name: str) -> str:
    """Return the category a word stands for, whatever its case or spacing.

    Raises EmottsError, which lists the categories, for a word that is neither category nor alias.
    """
    word = " ".join(str(name).replace("_", " ").replace("-", " ").split()).lower()
    word = ALIASES.get(word, word)
    if word not in CATEGORIES:
        raise EmottsError(f"unknown emotion {name!r}; choose from {', '.join(CATEGORIES)}")
    return word
