"""A transformers text classifier that the user names, in place of the embedded reading of text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from emotts.emotion.auto import Guess
from emotts.emotion.vocabulary import ALIASES, CATEGORIES
from emotts.errors import EmottsError

# Labels of public classifiers by category. The grouping is that of GoEmotions into Ekman's
# emotions (Demszky et al., ACL 2020, figure 2), but for relief, which is calm here.
LABELS = {
    "neutral": "others other",
    "calm": "relief serenity peace content contentment trust",
    "happy": "love amusement excitement admiration approval caring gratitude optimism pride desire "
    "enthusiasm fun hope",
    "sad": "grief disappointment remorse embarrassment guilt loneliness pessimism shame",
    "angry": "annoyance disapproval hate frustration aggressiveness",
    "fearful": "fearfulness nervousness worry anxiety",
    "disgust": "contempt",
    "surprised": "realization confusion curiosity",
}
_CATEGORY_OF = (
    {name: name for name in CATEGORIES}
    | ALIASES
    | {label: name for name, labels in LABELS.items() for label in labels.split()}
)
Classify = Callable[[str], Iterable[Mapping[str, Any]]]


class TextClassifier:
    """Reads a sentence as `read_emotion` does, with the classes of a text classifier."""

    def __init__(self, classify: Classify, labels: Iterable[str]):
        """classify: sentence → its labels with their probabilities, [{"label", "score"}, …].

        Raises EmottsError unless at least two of the labels name emotions.
        """
        labels = list(labels)
        known = {_CATEGORY_OF[word] for word in map(_plain, labels) if word in _CATEGORY_OF}
        if len(known) < 2:
            raise EmottsError(
                f"the text classifier's labels ({', '.join(map(str, labels[:8]))}) name no "
                f"emotions; it needs two or more of {', '.join(CATEGORIES)} or their like"
            )
        self.classify = classify

    @classmethod
    def from_pretrained(cls, source: str | Path, device: str = "cpu") -> TextClassifier:
        """Load a sequence classifier with its tokenizer from a folder, or a hub id.

        Only safetensors weights are read. A hub id is fetched over the network. Raises EmottsError
        for what cannot be loaded, and without the package transformers. Where torchaudio cannot
        load beside a torch without CUDA, `emotts.models.torchaudio_stand_in.install()` comes first.
        """
        try:
            from transformers import AutoModelForSequenceClassification, AutoTokenizer
        except ImportError as error:
            raise EmottsError(
                "reading emotion with a model of your own needs the package transformers: "
                'pip install "emotts[ssl]"'
            ) from error
        try:
            tokenizer = AutoTokenizer.from_pretrained(str(source))
            model = AutoModelForSequenceClassification.from_pretrained(
                str(source), use_safetensors=True
            )
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            reason = str(error).strip().split("\n")[0]
            if "torchaudio" in reason:
                reason += " (call emotts.models.torchaudio_stand_in.install() first)"
            raise EmottsError(
                f"{source} is no text classifier that transformers can load from a folder or the "
                f"hub: {reason}"
            ) from error
        labels = [model.config.id2label[i] for i in range(model.config.num_labels)]
        return cls(_probabilities(tokenizer, model.to(device).eval(), labels), labels)

    def __call__(self, sentence: str) -> Guess:
        """Guess the emotion: the category whose labels hold the most probability.

        A classifier says how surely, not how strongly: the intensity is .3 + .7 × probability.
        Labels that name no emotion of ours are left out.
        """
        shares = dict.fromkeys(CATEGORIES, 0.0)
        told: dict[str, tuple[float, str]] = {}
        for entry in self.classify(sentence):
            category = _CATEGORY_OF.get(_plain(entry["label"]))
            if category is not None:
                shares[category] += float(entry["score"])
                told[category] = max(
                    told.get(category, (0.0, "")), (entry["score"], entry["label"])
                )
        best = max(CATEGORIES, key=shares.__getitem__)
        share = shares[best] / max(sum(shares.values()), 1e-9)
        if best == "neutral" or best not in told:
            return Guess("neutral", 0.0, round(share, 2), "the classifier hears nothing else")
        why = f"the classifier says {told[best][1]} ({told[best][0]:.2f})"
        return Guess(best, round(0.3 + 0.7 * share, 2), round(share, 2), why)


def _probabilities(tokenizer: Any, model: Any, labels: list[str]) -> Classify:
    """What a model says of a sentence; one with independent labels gives each its own chance."""
    import torch

    longest = min(tokenizer.model_max_length, model.config.max_position_embeddings)
    several = model.config.problem_type == "multi_label_classification"

    def classify(sentence: str) -> list[dict[str, Any]]:
        inputs = tokenizer(sentence, return_tensors="pt", truncation=True, max_length=longest)
        with torch.inference_mode():
            logits = model(**inputs.to(model.device)).logits[0].float()
        scores = logits.sigmoid() if several else logits.softmax(-1)
        return [
            {"label": label, "score": float(score)}
            for label, score in zip(labels, scores, strict=True)
        ]

    return classify


def _plain(label: object) -> str:
    return " ".join(str(label).lower().replace("_", " ").replace("-", " ").split())
