"""Model cards: what a checkpoint is, what it was trained on, and under which licence it stands."""

from pydantic import BaseModel, ConfigDict

from emotts.errors import EmottsError

SHARE_ALIKE = "CC BY-NC-SA 4.0"
PERMISSIVE = "Apache-2.0"

# Licence of the recordings, and whom to name.
CORPORA = {
    "kathleen": ("CC0 1.0", "one US English reader, CMU ARCTIC prompts"),
    "lj": ("public domain", "one US English reader of books"),
    "ravdess": (SHARE_ALIKE, "North American actors; Livingstone & Russo 2018"),
    "nemo": (SHARE_ALIKE, "Polish actors; Christop 2024"),
}


class ModelCard(BaseModel):
    """What a reader of a checkpoint has to know.

    summary: what the model does, a sentence or two.
    corpora: what it was trained on, directly or through a teacher; none for what was not trained.
    command: the command that trains it again. steps: how many steps that took.
    figures: measured values by name, with unit and test set in the name.
    licence: needed only if a corpus is none of `CORPORA`.
    Further facts may be given by any other name; the card lists them as they are.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    summary: str = ""
    corpora: tuple[str, ...]
    command: str
    steps: int | None = None
    figures: dict[str, float | str] = {}
    licence: str | None = None


def weights_licence(card: ModelCard) -> str:
    """Licence of the weights: share-alike as soon as one of the corpora is.

    Raises EmottsError for a corpus of unknown licence unless the card names one.
    """
    if any(CORPORA.get(corpus, ("",))[0] == SHARE_ALIKE for corpus in card.corpora):
        return SHARE_ALIKE
    if card.licence:
        return card.licence
    unknown = sorted(set(card.corpora) - set(CORPORA))
    if unknown:
        raise EmottsError(
            f"the licence of weights trained on {', '.join(unknown)} is not known: give the card a "
            f"licence, or use the known corpora {', '.join(CORPORA)}"
        )
    return PERMISSIVE


def render(name: str, card: ModelCard, parameters: int) -> str:
    """The card as Markdown; `parameters` is the number of weights stored."""
    facts = {
        "licence of these weights": weights_licence(card),
        "weights": f"{parameters:,} numbers, floats stored as fp16",
        **({} if card.steps is None else {"training steps": f"{card.steps:,}"}),
        **(card.model_extra or {}),
    }
    corpora = [_corpus_line(corpus, card) for corpus in card.corpora]
    sections = [
        f"# {name}",
        card.summary.strip(),
        "\n".join(f"- {fact}: {value}" for fact, value in facts.items()),
        "## Recordings",
        "\n".join(corpora) or "None: nothing here was trained on recordings.",
        "## Training",
        f"    {card.command}",
    ]
    if card.figures:
        rows = [f"| {figure} | {_shown(value)} |" for figure, value in card.figures.items()]
        sections += ["## Figures", "\n".join(["| figure | value |", "|---|---|", *rows])]
    return "\n\n".join(section for section in sections if section) + "\n"


def _corpus_line(corpus: str, card: ModelCard) -> str:
    licence, what = CORPORA.get(corpus, (card.licence, "see the command below"))
    return f"- {corpus}: {what}" + (f" ({licence})" if licence else "")


def _shown(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.4g}"
