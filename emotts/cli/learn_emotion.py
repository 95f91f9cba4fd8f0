"""`emotts learn-emotion` and `emotts learned`: emotions of a user's own."""

import json
from datetime import date
from pathlib import Path

import typer

from emotts.errors import EmottsError

_CHECKPOINT = typer.Option(None, help="A folder or hub id; default: the set that ships.")
_NAME = typer.Argument(help="The emotion's name, such as smug.")

learned = typer.Typer(
    help="Emotions you have taught: list, rename, delete, export, import.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def learn_emotion(
    name: str = _NAME,
    examples: Path = typer.Option(
        ..., help="1 to 50 recordings: a folder, a manifest (.jsonl .tsv .csv .txt), or one file."
    ),
    neutral: Path = typer.Option(
        None, help="Neutral recordings of the same speakers: a folder, a manifest, or one file."
    ),
    replace: bool = typer.Option(False, "--replace", help="Learn a name anew."),
    checkpoint: str = _CHECKPOINT,
) -> None:
    """Learn an emotion from examples.

    Afterwards it is used like any other: --emotion smug:0.8. With neutral
    recordings of the speakers it is surer. Sub-folders are speakers, and their
    names say whose neutral belongs to whose examples.

    \b
    Examples:
      emotts learn-emotion smug --examples smug_clips
      emotts learn-emotion smug --examples smug.tsv --neutral plain_clips
    """
    from emotts.emotion.learned import Facts, LearnedEmotions, checked_name
    from emotts.synthesis.examples import find_clips

    store, name = LearnedEmotions(), checked_name(name)
    if name in store.names() and not replace:
        raise EmottsError(f"there is a learnt emotion {name} already; --replace learns it anew")
    clips = find_clips(examples)
    plain = find_clips(neutral) if neutral else {}
    if plain and set(clips) == {""} and "" not in plain:
        plain = {"": [clip for found in plain.values() for clip in found]}

    from emotts.synthesis.reference import Embedder, learn_from_clips

    embedder = Embedder.from_pretrained(checkpoint)
    vector = learn_from_clips(embedder, clips, plain)
    count, against = (sum(len(found) for found in group.values()) for group in (clips, plain))
    heard = f"{against} neutral recordings" if plain else "everybody's neutral"
    facts = Facts(count, date.today().isoformat(), heard, embedder.mark)
    store.save(name, vector, facts, replace=replace)
    likeness = _likeness(vector, embedder)
    typer.echo(f"{name}: learnt from {count} recordings against {heard}; {likeness}")


@learned.command("list")
def list_learned(
    as_json: bool = typer.Option(False, "--json", help="Print JSON instead of a table."),
) -> None:
    """List the emotions you have taught.

    \b
    Examples:
      emotts learned list
      emotts learned list --json
    """
    from dataclasses import asdict

    from emotts.cli.tables import print_table
    from emotts.emotion.learned import LearnedEmotions

    store = LearnedEmotions()
    records = [{"emotion": name, **asdict(store.load(name)[1])} for name in store.names()]
    if as_json:
        typer.echo(json.dumps(records, ensure_ascii=False, indent=2))
    elif not records:
        typer.echo("no emotions learnt yet; teach one with 'emotts learn-emotion'", err=True)
    else:
        print_table(list(records[0]), [list(record.values()) for record in records])


@learned.command()
def rename(name: str = _NAME, new: str = typer.Argument(help="Its new name.")) -> None:
    """Give an emotion another name.

    \b
    Example:
      emotts learned rename smug self-satisfied
    """
    from emotts.emotion.learned import LearnedEmotions

    LearnedEmotions().rename(name, new)


@learned.command()
def delete(name: str = _NAME) -> None:
    """Forget an emotion.

    \b
    Example:
      emotts learned delete smug
    """
    from emotts.emotion.learned import LearnedEmotions

    LearnedEmotions().delete(name)


@learned.command("export")
def export_emotion(
    name: str = _NAME,
    output: Path = typer.Option(Path("."), "--output", "-o", help="A file or a folder."),
    replace: bool = typer.Option(False, "--replace", help="Write over a file."),
) -> None:
    """Write an emotion into one safetensors file, for others.

    \b
    Example:
      emotts learned export smug -o smug.safetensors
    """
    from emotts.emotion.learned import LearnedEmotions

    typer.echo(LearnedEmotions().export_file(name, output, replace=replace))


@learned.command("import")
def import_emotion(
    file: Path = typer.Argument(help="A file that 'emotts learned export' wrote."),
    name: str = typer.Option(None, help="Another name for it; default: the file's."),
    replace: bool = typer.Option(False, "--replace", help="Replace one of the same name."),
    checkpoint: str = _CHECKPOINT,
) -> None:
    """Take over an emotion from a file.

    It is refused if it was learnt with another recogniser, whose space is another.

    \b
    Example:
      emotts learned import smug.safetensors --name smug-too
    """
    from emotts.emotion.learned import LearnedEmotions, read_emotion
    from emotts.synthesis.reference import load_space, recognizer_mark

    mark = recognizer_mark(checkpoint)
    if read_emotion(file)[1].checkpoint != mark:
        raise EmottsError(f"{file} was learnt with other checkpoints; learn it anew from examples")
    dim = load_space(checkpoint).dim
    typer.echo(LearnedEmotions().import_file(file, name, dim=dim, replace=replace))


def _likeness(vector, embedder) -> str:
    """Which shipped emotion a learnt one is most like."""
    import numpy as np

    def cosine(direction) -> float:
        return float(vector @ direction / (np.linalg.norm(vector) * np.linalg.norm(direction)))

    likeness = {name: cosine(d) for name, d in embedder.space.directions.items()}
    if not likeness:
        return "there is nothing to compare it with"
    nearest = max(likeness, key=likeness.get)
    return f"most like {nearest} (cosine {likeness[nearest]:.2f})"
