"""espeak-ng, bundled by espeakng-loader and driven through phonemizer's wrapper."""

from __future__ import annotations

import functools
import re
import threading

from emotts.errors import EmottsError
from emotts.text.ipa import clean_espeak

ALIASES = {
    "en": "en-us",
    "english": "en-us",
    "fr": "fr-fr",
    "zh": "cmn",
    "no": "nb",
    "pt-pt": "pt",
    "polish": "pl",
    "german": "de",
    "french": "fr-fr",
    "spanish": "es",
}
# Faroese, Karakalpak and Xextan: voices whose dictionaries are missing from the bundled data.
WITHOUT_DICTIONARY = frozenset({"fo", "kaa", "xex"})
_LANGUAGE_SWITCH = re.compile(r"\([A-Za-z0-9-]+\)")
_LOCK = threading.RLock()


def _wrapper():
    """A fresh wrapper with its own copy of the library, as espeak's state is global."""
    import espeakng_loader
    from phonemizer.backend.espeak.wrapper import EspeakWrapper

    EspeakWrapper.set_library(espeakng_loader.get_library_path())
    EspeakWrapper.set_data_path(espeakng_loader.get_data_path())
    return EspeakWrapper()


@functools.cache
def languages() -> tuple[str, ...]:
    """The codes of espeak's languages that the bundled library can pronounce, sorted."""
    with _LOCK:
        codes = {voice.language for voice in _wrapper().available_voices()}
    return tuple(sorted(codes - WITHOUT_DICTIONARY))


@functools.cache
def find_language(language: str) -> str:
    """espeak's code for a language in any usual spelling ("en", "PL", "pt_BR").

    A country that espeak does not know goes to the language itself: "de-AT" is "de". Raises
    EmottsError naming some valid languages.
    """
    by_name = {code.lower(): code for code in languages()}
    wanted = language.strip().lower().replace("_", "-")
    wanted = ALIASES.get(wanted, wanted)
    base, _, country = wanted.partition("-")
    if wanted not in by_name and len(country) == 2 and country.isalpha():
        wanted = ALIASES.get(base, base)
    if wanted in by_name:
        return by_name[wanted]
    raise EmottsError(
        f"unknown language {language!r}; valid ones are en-us, en-gb, pl, de, fr-fr, es, it and "
        f"{len(by_name) - 7} more that `emotts phonemes --languages` lists"
    )


@functools.cache
def _voice(language: str):
    with _LOCK:
        wrapper = _wrapper()
        wrapper.set_voice(language)
        return wrapper


def pronounce(text: str, language: str) -> str:
    """IPA of a clause without punctuation: words apart by spaces, stress before the vowel.

    language: a code of `languages()`.
    """
    with _LOCK:
        phonemes = _voice(language).text_to_phonemes(text)
    phonemes = clean_espeak(_LANGUAGE_SWITCH.sub(" ", phonemes), language)
    return " ".join(phonemes.split())
