"""`emotts corpus`: which corpora can be read, what one holds, whether it is whole."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from emotts.cli.corpus_shard import shard
from emotts.errors import EmottsError

if TYPE_CHECKING:
    from emotts.corpora.stats import Group

MOST_SPEAKERS = 40

corpus = typer.Typer(
    help="Corpora of emotional speech: which there are, what they hold, whether they are whole.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
corpus.command()(shard)


@corpus.command("list")
def list_corpora(
    name: str = typer.Argument(None, help="Say everything of this one."),
) -> None:
    """List the corpora that can be read as distributed.

    \b
    Examples:
      emotts corpus list
      emotts corpus list cremad
    """
    from emotts.cli.tables import print_table
    from emotts.corpora.registry import CORPORA, corpus_named

    if name is not None:
        made = corpus_named(name)
        facts = {
            "name": made.name, "title": made.title, "licence": made.licence, "link": made.link,
            "language": made.language, "hours": made.hours or "–", "emotions": made.emotions,
            "layout": made.layout, "get it": made.obtain, "splits": made.splits.note,
        }  # fmt: skip
        for key, value in facts.items():
            typer.echo(f"{key}: {value}")
        return
    print_table(
        ("name", "title", "language", "hours", "licence", "emotions"),
        [
            (c.name, c.title, c.language, f"{c.hours:g}" if c.hours else "–", c.licence, c.emotions)
            for c in CORPORA.values()
        ],
    )


@corpus.command()
def stats(
    folder: Path = typer.Argument(help="A corpus as distributed, or a packed one."),
    name: str = typer.Option(
        None, "--corpus", help="Which corpus it is; without, it must have a manifest.tsv."
    ),
    plots: Path = typer.Option(None, help="A folder for pictures of the counts."),
) -> None:
    """Count hours, speakers, emotions, levels, lengths and listeners' agreement.

    \b
    Examples:
      emotts corpus stats corpora/CREMA-D --corpus cremad --plots pictures
      emotts corpus stats ../shared/data
    """
    from emotts.corpora.stats import describe, plot

    if plots is not None and plots.exists() and not plots.is_dir():
        raise EmottsError(f"--plots: {plots} is a file; name a folder")
    clips = _clips(folder, name)
    unreadable = [clip for clip in clips if getattr(clip, "problem", "")]
    found = describe([clip for clip in clips if clip not in unreadable] or clips)
    total = found.total
    typer.echo(
        f"{total.clips} clips, {total.seconds / 3600:.2f} hours, {total.speakers} speakers, "
        f"{found.texts} different texts"
    )
    if unreadable:
        typer.echo(f"{len(unreadable)} more cannot be read; 'emotts corpus check' names them")
    lengths = ", ".join(f"{p} %: {s:.2f}" for p, s in found.percentiles.items())
    typer.echo(f"seconds a clip, by percentile: {lengths}")
    _groups("split", found.splits)
    _groups("emotion", found.emotions, words=True)
    _groups("level", found.levels)
    _groups("sex", found.sexes)
    _groups("language", found.languages)
    _groups("speaker", found.speakers)
    if found.agreement:
        _agreement(found.agreement)
    if plots is not None:
        for path in plot(found, plots):
            typer.echo(str(path))


@corpus.command()
def check(
    folder: Path = typer.Argument(help="A corpus as distributed."),
    name: str = typer.Option(..., "--corpus", help="Which corpus it is."),
    further: bool = typer.Option(
        False, "--further", help="Count categories beyond the eight, such as amused, as usable."
    ),
) -> None:
    """Say what stands in the way of training on a corpus.

    Ends with status 2 where nothing of it can be used, with 1 where something
    must be mended or is left out, else with 0.

    \b
    Examples:
      emotts corpus check corpora/ESD --corpus esd
    """
    from emotts.cli.tables import print_table
    from emotts.corpora.check import check as look

    clips = _clips(folder, name)
    rows, notes = look(clips, further)
    if notes:
        print_table(
            ("what", "how many", "such as", "grave"),
            [(n.what, n.clips, ", ".join(n.examples), "yes" if n.grave else "no") for n in notes],
        )
    typer.echo(f"{len(rows)} of {len(clips)} clips can be used")
    if not rows:
        raise EmottsError(f"nothing in {folder} can be used; the table says why")
    if any(note.grave for note in notes):
        raise typer.Exit(1)


def _clips(folder: Path, name: str | None) -> Sequence:
    from emotts.corpora.clips import read_corpus
    from emotts.corpora.packed import read_packed
    from emotts.corpora.registry import corpus_named

    if not folder.is_dir():
        raise EmottsError(f"there is no corpus folder {folder}")
    if name is None:
        if not (folder / "manifest.tsv").is_file():
            raise EmottsError(
                f"{folder} has no manifest.tsv; say which corpus it is with --corpus "
                "(names: 'emotts corpus list')"
            )
        return read_packed(folder)
    return read_corpus(corpus_named(name), folder)


def _groups(title: str, groups: "dict[str, Group]", words: bool = False) -> None:
    from emotts.cli.tables import print_table

    if set(groups) == {"–"}:
        return
    typer.echo("")
    shown = list(groups.items())[:MOST_SPEAKERS]
    columns = [title, "clips", "minutes", "speakers"]
    rows = [[key, g.clips, g.seconds / 60, g.speakers] for key, g in shown]
    if words:
        columns.append("the corpus's own words")
        rows = [[*row, ", ".join(g.words)] for row, (_, g) in zip(rows, shown, strict=True)]
    print_table(columns, rows)
    if len(groups) > len(shown):
        typer.echo(f"… and {len(groups) - len(shown)} more")


def _agreement(agreement: dict[tuple[str, str], tuple[float, int]]) -> None:
    from emotts.cli.tables import print_table

    typer.echo("")
    print_table(
        ("label", "level", "listeners mostly heard it", "clips"),
        [(emotion, level, f"{share:.0%}", n) for (emotion, level), (share, n) in agreement.items()],
    )
