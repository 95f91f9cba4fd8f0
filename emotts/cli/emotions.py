"""`emotts emotions`: what can be felt."""

import json

import typer


def emotions(
    as_json: bool = typer.Option(False, "--json", help="Print JSON instead of a table."),
    checkpoint: str = typer.Option(None, help="A folder or hub id; default: the set that ships."),
) -> None:
    """List the emotions.

    With their other names and their published affect norms: valence, arousal
    and dominance from -1 to 1 (Russell & Mehrabian 1977).

    \b
    Examples:
      emotts emotions
      emotts emotions --json
    """
    from emotts.cli.tables import print_table
    from emotts.emotion.affect import NORMS
    from emotts.emotion.vocabulary import ALIASES
    from emotts.synthesis.synthesizer import Synthesizer

    records = [
        {
            "emotion": name,
            **NORMS[name]._asdict(),
            "aliases": [alias for alias, category in ALIASES.items() if category == name],
        }
        for name in Synthesizer.from_pretrained(checkpoint).emotions
    ]
    if as_json:
        typer.echo(json.dumps(records, ensure_ascii=False, indent=2))
        return
    rows = [[*list(record.values())[:-1], ", ".join(record["aliases"])] for record in records]
    print_table(["emotion", "valence", "arousal", "dominance", "also called"], rows)
