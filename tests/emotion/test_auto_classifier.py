import pytest

from emotts.emotion.auto import text_reader
from emotts.emotion.auto_classifier import TextClassifier
from emotts.errors import EmottsError
from emotts.models import torchaudio_stand_in


def classifier(**scores):
    entries = [{"label": label, "score": score} for label, score in scores.items()]
    return TextClassifier(lambda sentence: entries, scores)


def test_labels_of_one_category_are_added():
    guess = classifier(joy=0.3, amusement=0.2, anger=0.4, neutral=0.1)("…")
    assert guess.emotion == "happy"
    assert guess.confidence == pytest.approx(0.5)
    assert guess.intensity == pytest.approx(0.65)
    assert "joy" in guess.why


def test_neutral_has_no_intensity():
    guess = classifier(neutral=0.8, fear=0.2)("…")
    assert (guess.emotion, guess.intensity) == ("neutral", 0.0)


def test_labels_of_no_emotion_are_left_out():
    guess = classifier(spam=0.9, Anger=0.06, Sadness=0.04)("…")
    assert (guess.emotion, guess.confidence) == ("angry", 0.6)


def test_a_classifier_of_something_else_is_refused():
    with pytest.raises(EmottsError, match=r"labels \(LABEL_0, LABEL_1\) name no emotions"):
        classifier(LABEL_0=0.5, LABEL_1=0.5)


@pytest.mark.slow
def test_a_folder_of_transformers_is_read(tmp_path):
    transformers = pytest.importorskip("transformers")
    torchaudio_stand_in.install()
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "hello", "world"]
    (tmp_path / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    transformers.BertTokenizer(str(tmp_path / "vocab.txt")).save_pretrained(tmp_path)
    labels = dict(enumerate(["sadness", "joy", "love", "anger", "fear", "surprise"]))
    config = transformers.BertConfig(
        vocab_size=len(words), hidden_size=8, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=8, max_position_embeddings=32, id2label=labels,
        label2id={name: i for i, name in labels.items()},
    )  # fmt: skip
    model = transformers.BertForSequenceClassification(config)
    model.classifier.weight.data.zero_()
    model.classifier.bias.data[:] = 0
    model.classifier.bias.data[3] = 9
    model.save_pretrained(tmp_path)
    read = text_reader(model=tmp_path)
    assert read("hello world").emotion == "angry"
    assert read("hello world " * 100).confidence > 0.9  # longer than the model can hear


@pytest.mark.slow
def test_what_cannot_be_loaded_is_named(tmp_path):
    pytest.importorskip("transformers")
    with pytest.raises(EmottsError, match="no text classifier that transformers can load"):
        text_reader(model=tmp_path)
