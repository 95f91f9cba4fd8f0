"""`emotts emotions`: what can be felt."""

import json

import typer


def emotions(
    every: bool = typer.Option(
        False, "--all", help="Also presets, styles and adverbs that can be asked for."
    ),
    as_json: bool = typer.Option(False, "--json", help="Print JSON instead of a table."),
    checkpoint: str = typer.Option(None, help="A folder or hub id; default: the set that ships."),
) -> None:
    """List the emotions.

    With their other names and their published affect norms: valence, arousal
    and dominance from -1 to 1 (Russell & Mehrabian 1977). Emotions you have
    taught (emotts learn-emotion) stand behind the categories, without norms.

    \b
    Examples:
      emotts emotions
      emotts emotions --all
      emotts emotions --json
    """
    from emotts.cli.tables import print_table
    from emotts.emotion.affect import NORMS
    from emotts.emotion.learned import LearnedEmotions
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
    nothing = dict.fromkeys(("valence", "arousal", "dominance"))
    records += [
        {"emotion": name, **nothing, "aliases": ["learnt"]} for name in LearnedEmotions().names()
    ]
    if as_json:
        typer.echo(json.dumps(records, ensure_ascii=False, indent=2))
        return
    rows = [
        [*("" if value is None else value for value in list(record.values())[:-1]),
         ", ".join(record["aliases"])]
        for record in records
    ]  # fmt: skip
    print_table(["emotion", "valence", "arousal", "dominance", "also called"], rows)
    if every:
        _print_more()


def _print_more() -> None:
    """Presets as their mixes, styles as their affect, adverbs as their intensities."""
    from emotts.cli.tables import print_table
    from emotts.emotion.adverbs import ADVERBS
    from emotts.emotion.parse import format_parts
    from emotts.emotion.presets import PRESETS, STYLES

    typer.echo("")
    print_table(["preset", "mix"], [[n, format_parts(parts)] for n, parts in PRESETS.items()])
    typer.echo("")
    print_table(["style", "valence", "arousal", "dominance"], [[n, *a] for n, a in STYLES.items()])
    typer.echo("")
    print_table(["adverb", "intensity"], [[n, value] for n, value in ADVERBS.items()])
