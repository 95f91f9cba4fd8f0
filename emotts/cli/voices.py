"""`emotts voices`: who can speak."""

import json

import typer

COLUMNS = ("name", "sex", "language", "corpus", "licence", "minutes")


def voices(
    as_json: bool = typer.Option(False, "--json", help="Print JSON instead of a table."),
    checkpoint: str = typer.Option(None, help="A folder or hub id; default: the set that ships."),
) -> None:
    """List the voices.

    With sex, language, corpus, licence and minutes of training speech. Voices
    of your own (emotts add-voice) stand behind those of the checkpoints.

    \b
    Examples:
      emotts voices
      emotts voices --json
    """
    from emotts.cli.tables import print_table
    from emotts.synthesis.stored_voices import stored_voices
    from emotts.synthesis.synthesizer import Synthesizer

    synthesizer = Synthesizer.from_pretrained(checkpoint)
    known = synthesizer.voices | stored_voices(synthesizer.models.folder)
    records = [voice.model_dump(mode="json") for voice in known.values()]
    if as_json:
        typer.echo(json.dumps(records, ensure_ascii=False, indent=2))
    else:
        print_table(COLUMNS, [[record[name] for name in COLUMNS] for record in records])
