"""`emotts add-voice`: a voice from recordings, with its owner's consent."""

from __future__ import annotations

from pathlib import Path

import typer


def add_voice(
    name: str = typer.Argument(help="The voice's name, such as anna."),
    recordings: list[Path] = typer.Argument(help="10 s to 10 minutes of neutral speech."),
    consent: str = typer.Option(None, help='Who agreed, and when: "Anna Nowak, 2026-03-01".'),
    language: str = typer.Option("en-us", "--language", "-l", help="What the voice speaks."),
    sex: str = typer.Option("unknown", help="For the table of voices."),
    replace: bool = typer.Option(False, "--replace", help="Measure a name anew."),
    checkpoint: str = typer.Option(None, help="A folder or hub id; default: the set that ships."),
) -> None:
    """Store a voice, to be used like those that ship.

    A voice belongs to a person. Who agreed to its use, and when, is required
    and is stored with it.

    \b
    Examples:
      emotts add-voice anna anna.wav --consent "Anna Nowak, in writing, 2026-03-01"
      emotts add-voice jan a.wav b.wav -l pl --consent "Jan Nowak, by mail, 2026-03-02"
    """
    from emotts.errors import EmottsError
    from emotts.synthesis.stored_voices import (
        StoredVoices,
        checked_consent,
        checked_voice_name,
        make_voice,
    )
    from emotts.text.espeak import find_language

    checked_consent(consent)
    checked_voice_name(name)
    find_language(language)
    store = StoredVoices()
    if name in store.names() and not replace:
        raise EmottsError(f"there is a voice {name} already; --replace makes it anew")
    for path in recordings:
        if not path.is_file():
            raise EmottsError(f"there is no recording {path}")

    from emotts.synthesis.converter import Converter

    converter = Converter.from_pretrained(checkpoint)
    voice, card, neutral = make_voice(converter, name, recordings, consent, language, sex)
    path = store.save(voice, card, neutral, replace)
    typer.echo(f"{name}: {card['seconds']:.0f} s of speech, stored in {path}", err=True)
