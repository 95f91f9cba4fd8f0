"""Every corpus that emotts reads, by name."""

from collections.abc import Iterable

from emotts.corpora.adapters import (
    atthack,
    commonvoice,
    cremad,
    emns,
    emodb,
    emonet,
    emovdb,
    emovo,
    esd,
    hindi,
    iemocap,
    jl,
    kathleen,
    libritts,
    lj,
    meld,
    nemo,
    ravdess,
    savee,
    semaine,
    tess,
    thaiser,
    vctk,
)
from emotts.corpora.recording import Corpus
from emotts.errors import EmottsError

CORPORA: dict[str, Corpus] = {
    module.CORPUS.name: module.CORPUS
    for module in (
        esd, emovdb, cremad, ravdess, tess, savee, emodb, emovo, jl, emns, nemo, thaiser, atthack,
        semaine, emonet, hindi, iemocap, meld, lj, vctk, libritts, kathleen, commonvoice,
    )
}  # fmt: skip


def corpus_named(name: str) -> Corpus:
    """The corpus of a name, whatever its case; EmottsError lists the names there are."""
    plain = name.lower().replace("-", "").replace("_", "")
    if plain not in CORPORA:
        raise EmottsError(f"unknown corpus {name!r}; choose from {', '.join(CORPORA)}")
    return CORPORA[plain]


def licences(names: Iterable[str]) -> str:
    """The licences of the recordings of some corpora, in a line; those of other names are the
    user's own."""
    own = "that of your own recordings"
    return "; ".join(
        f"{name}: {CORPORA[name].licence if name in CORPORA else own}" for name in sorted(names)
    )
