"""EMOVO: six Italian actors, fourteen sentences, seven emotions.

Licence: free for research. http://voice.fub.it/activities/corpora/emovo/ (Costantini et al. 2014).
A name such as rab-m1-b2 is rabbia, actor m1, sentence b2.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from emotts.corpora.layout import audio_files, code, name_parts, relative, transcripts
from emotts.corpora.recording import Corpus, Recording, Splits

LAYOUT = "f1/dis-f1-b1.wav"
NAME = re.compile(r"(?P<emotion>[a-z]{3})-(?P<actor>[fm][123])-(?P<sentence>[bldn]\d)")
EMOTIONS = {"dis": "disgusto", "gio": "gioia", "neu": "neutro", "pau": "paura", "rab": "rabbia",
            "sor": "sorpresa", "tri": "tristezza"}  # fmt: skip
# As printed in the paper; a transcripts.tsv in the folder goes before them.
TEXTS = {
    "b1": "Gli operai si alzano presto.",
    "b2": "I vigili sono muniti di pistola.",
    "b3": "La cascata fa molto rumore.",
    "l1": "L'autunno prossimo Tony partirà per la Spagna nella prima metà di ottobre.",
    "l2": "Ora prendo la felpa di là ed esco per fare una passeggiata.",
    "l3": "Un attimo dopo s'è incamminato ed è inciampato.",
    "l4": "Vorrei il numero telefonico del Signor Piatti.",
    "n1": "La casa forte vuole col pane.",
    "n2": "La forza trova il passo e l'aglio rosso.",
    "n3": "Il gatto sta scorrendo nella pera.",
    "n4": "Insalata pastasciutta coscia d'agnello limoncello.",
    "n5": "Uno quarantatré dieci mille cinquantasette venti.",
    "d1": "Sabato sera cosa farà?",
    "d2": "Porti con te quella cosa?",
}


def read(root: Path) -> Iterator[Recording]:
    """Every recording of EMOVO; a sentence is named by its code, such as b1."""
    texts = transcripts(root)
    for path in audio_files(root, "**/???-[fm][123]-*.wav", layout=LAYOUT):
        parts = name_parts(path, NAME, "dis-f1-b1.wav")
        name, known = relative(path, root), code(TEXTS, parts["sentence"], "sentence", path)
        yield Recording(
            name, f"emovo_{parts['actor']}", code(EMOTIONS, parts["emotion"], "emotion", path),
            texts.get(name, known), sentence=parts["sentence"], language="it",
            sex="female" if parts["actor"][0] == "f" else "male",
        )  # fmt: skip


CORPUS = Corpus(
    name="emovo",
    title="EMOVO",
    licence="free for research",
    link="http://voice.fub.it/activities/corpora/emovo/",
    language="Italian",
    hours=0.5,
    emotions="neutral, angry, disgust, fearful, happy, sad, surprised",
    layout=LAYOUT,
    obtain="download from its page, unpack",
    splits=Splits(
        "f3 dev, m3 test; of the others no sentence is held out, for all say the same fourteen",
        dev_speakers={"emovo_f3"},
        test_speakers={"emovo_m3"},
    ),
    read=read,
)
