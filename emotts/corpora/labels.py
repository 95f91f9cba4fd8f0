"""One vocabulary for every corpus: the eight categories, and points beyond them.

`emotts.emotion.vocabulary` holds the eight categories that the shipped models know. Corpora also
label what is none of them: attitudes, moods, states. Those are `FURTHER` categories: they keep a
name of their own, can be counted, prepared (`--further`) and learnt, and are never forced into
one of the eight. A corpus's own word is always kept beside its category.
"""

from emotts.emotion.vocabulary import ALIASES, CATEGORIES, canonical
from emotts.errors import EmottsError

MOODS = (
    "amused", "anxious", "apologetic", "assertive", "bored", "concerned", "encouraging", "excited",
    "frustrated", "pragmatic", "gloomy", "argumentative", "cheerful", "sarcastic", "sleepy",
)  # fmt: skip
ATTITUDES = ("friendly", "distant", "dominant", "seductive")
# EmoNet's forty (arXiv 2506.09827) less those that are among the eight or above: anger, fear,
# disgust, sadness, astonishment and amusement.
EMONET = {
    "elation": "elated", "pleasure": "pleased", "contentment": "content",
    "thankfulness": "thankful", "affection": "affectionate", "infatuation": "infatuated",
    "hope": "hopeful", "triumph": "triumphant", "pride": "proud", "interest": "interested",
    "awe": "awed", "concentration": "concentrated", "contemplation": "contemplative",
    "relief": "relieved", "longing": "longing", "teasing": "teasing",
    "impatience and irritability": "impatient", "sexual lust": "lustful", "doubt": "doubtful",
    "distress": "distressed", "confusion": "confused", "embarrassment": "embarrassed",
    "shame": "ashamed", "disappointment": "disappointed", "bitterness": "bitter",
    "contempt": "contemptuous", "malevolence": "malevolent", "sourness": "sour", "pain": "pained",
    "helplessness": "helpless", "fatigue": "tired", "emotional numbness": "numb",
    "intoxication": "intoxicated", "jealousy / envy": "jealous",
}  # fmt: skip
# EmoInHindi's sixteen (arXiv 2205.13908) less those named already.
HINDI = {
    "anticipation": "anticipating", "confident": "confident", "compassion": "compassionate",
    "annoyed": "annoyed", "impressed": "impressed", "trusting": "trusting",
}  # fmt: skip
FURTHER = (*MOODS, *ATTITUDES, *EMONET.values(), *HINDI.values())

# What corpora write, in their own languages, for a category.
WORDS = {
    **EMONET,
    **HINDI,
    # English nouns and forms
    "amusement": "amused", "anxiety": "anxious", "boredom": "bored", "excitement": "excited",
    "frustration": "frustrated", "sleepiness": "sleepy", "astonishment": "surprised",
    "love": "affectionate", "guilt": "ashamed", "guilty": "ashamed", "grateful": "thankful",
    "apprehensive": "anxious",
    # longer names of EmoNet's
    "pleasure/ecstasy": "pleased", "thankfulness/gratitude": "thankful",
    "hope/enthusiasm/optimism": "hopeful", "astonishment/surprise": "surprised",
    "malevolence/malice": "malevolent", "fatigue/exhaustion": "tired",
    "intoxication/altered states of consciousness": "intoxicated",
    "jealousy & envy": "jealous", "jealousy and envy": "jealous",
    # German
    "ärger": "angry", "langeweile": "bored", "ekel": "disgust", "angst": "fearful",
    "freude": "happy", "trauer": "sad",
    # Italian
    "disgusto": "disgust", "gioia": "happy", "neutro": "neutral", "paura": "fearful",
    "rabbia": "angry", "sorpresa": "surprised", "tristezza": "sad",
    # Hindi
    "क्रोध": "angry", "खुशी": "happy", "दुख": "sad", "डर": "fearful", "आश्चर्य": "surprised",
    "घृणा": "disgust", "सामान्य": "neutral", "तटस्थ": "neutral",
}  # fmt: skip


def category(word: str) -> str:
    """The category of a corpus's own word, whatever its case or spacing.

    Returns one of `CATEGORIES` or of `FURTHER`. Raises EmottsError, which lists both, for a word
    that is neither one of them nor in a table here.
    """
    plain = " ".join(str(word).replace("_", " ").split()).lower()
    known = WORDS.get(plain) or (plain if plain in FURTHER else "")
    if known:
        return known
    try:
        return canonical(word)
    except EmottsError as error:
        raise EmottsError(
            f"unknown emotion {word!r}; choose from {', '.join(CATEGORIES)}, "
            f"or beyond the eight {', '.join(sorted(FURTHER))}"
        ) from error


def meanings() -> dict[str, list[str]]:
    """Every category with the words that lead to it, for people to read."""
    table: dict[str, list[str]] = {name: [] for name in (*CATEGORIES, *FURTHER)}
    for word, name in {**ALIASES, **WORDS}.items():
        if word != name:
            table[name].append(word)
    return table
