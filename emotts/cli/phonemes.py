"""`emotts phonemes`: what will be spoken."""

import json
import sys

import typer

from emotts.errors import EmottsError


def phonemes(
    text: str = typer.Argument(None, help="The text; - reads it from standard input."),
    language: str = typer.Option("en-us", "--language", "-l", help="espeak's code, as en-gb, pl."),
    as_json: bool = typer.Option(
        False, "--json", help="Print the words and every token with its stress, length and word."
    ),
    list_languages: bool = typer.Option(False, "--languages", help="List the languages and leave."),
) -> None:
    """Show the phonemes of a text.

    Phonemes given inline stand between [[ and ]]; the printed ones can be used there.

    \b
    Examples:
      emotts phonemes "Dr. Lee paid $5."
      emotts phonemes "Dzień dobry, to ja." --language pl --json
      emotts phonemes "Say [[həlˈoʊ]] again."
    """
    from emotts.text.espeak import find_language, languages
    from emotts.text.phonemes import phonemize

    if list_languages:
        typer.echo("\n".join(languages()))
        return
    if text is None:
        raise EmottsError("there is no text; give it as an argument, or - for standard input")
    language = find_language(language)
    if text == "-":
        text = sys.stdin.read()
    symbols = phonemize(text, language)
    if as_json:
        typer.echo(json.dumps(_record(text, symbols, language), ensure_ascii=False, indent=2))
    else:
        typer.echo("".join(symbols))


def _record(text: str, symbols: list[str], language: str) -> dict:
    """Everything a model sees of the text, as plain values."""
    from emotts.text.normalize import normalize
    from emotts.text.sequence import phone_sequence

    sequence = phone_sequence(symbols, language)
    columns = (sequence.ids, sequence.stress, sequence.length, sequence.word)
    tokens = zip(sequence.symbols, *(column.tolist() for column in columns), strict=True)
    keys = ("symbol", "id", "stress", "length", "word")
    return {
        "language": language,
        "normalized": normalize(text, language),
        "phonemes": "".join(symbols),
        "words": list(sequence.words),
        "tokens": [dict(zip(keys, token, strict=True)) for token in tokens],
    }
