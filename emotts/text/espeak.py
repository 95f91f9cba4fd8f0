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
    "pt-br": "pt-br",
    "polish": "pl",
    "german": "de",
    "french": "fr-fr",
    "spanish": "es",
}
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
    """espeak's language codes, sorted."""
    with _LOCK:
        return tuple(sorted({voice.language for voice in _wrapper().available_voices()}))


@functools.cache
def find_language(language: str) -> str:
    """espeak's code for a language in any usual spelling ("en", "PL", "pt_BR").

    Raises EmottsError naming some valid ones.
    """
    by_name = {code.lower(): code for code in languages()}
    wanted = language.strip().lower().replace("_", "-")
    wanted = ALIASES.get(wanted, wanted)
    region_free = wanted.split("-")[0]
    for code in (wanted, ALIASES.get(region_free, region_free)):
        if code in by_name:
            return by_name[code]
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
