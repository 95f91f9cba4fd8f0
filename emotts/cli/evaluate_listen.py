"""`emotts evaluate listen`: a blind listening test as one page, and what its results say."""

from pathlib import Path
from typing import Any

import typer

from emotts.cli.options import check_number
from emotts.errors import EmottsError

TRIALS = (1, 1000)
SEEDS = (0, 2**32 - 1)


def listen(
    sources: list[Path] = typer.Argument(
        None, help="A CSV list (item,system,path) or report folders; with --results, result files."
    ),
    kind: str = typer.Option("ab", help="ab, abx or mushra."),
    output: Path = typer.Option(
        Path("listen"), "--output", "-o", help="Folder for listen.html and key.json."
    ),
    question: str = typer.Option(None, help="Asked each time; {emotion} and {text} are filled in."),
    emotion: str = typer.Option(None, help="Only items that ask for this emotion."),
    trials: int = typer.Option(None, help="At most so many items, drawn by the seed."),
    seed: int = typer.Option(0, help="Of the draw, the names and each listener's order."),
    reference: str = typer.Option(None, help="The reference's system name, for mushra."),
    anchor: str = typer.Option(None, help="The anchor's; default: the reference below 3.5 kHz."),
    match_level: bool = typer.Option(False, "--match-level", help="Bring clips to one level."),
    format: str = typer.Option("flac", help="Of the embedded sounds: flac, ogg (smallest), …"),
    results: bool = typer.Option(False, "--results", help="Score result files instead."),
    key: Path = typer.Option(None, help="The key.json of the page, for --results."),
    json: bool = typer.Option(False, "--json", help="Scores as JSON."),
) -> None:
    """Build a blind listening test, or score its results.

    Writes one page to send to listeners and a key to keep: the page does not
    know which system made which sound. Listeners send back a result file each.

    \b
    Examples:
      emotts evaluate listen pairs.csv --question "Which sounds more {emotion}?" -o test
      emotts evaluate listen ours/ theirs/ --kind abx --trials 20 -o test
      emotts evaluate listen all.csv --kind mushra --reference recordings -o test
      emotts evaluate listen --results r1.json r2.json --key test/key.json
    """
    if results:
        if key is None:
            raise EmottsError("--results needs --key, the key.json written beside the page")
        _score(sources or [], key, json)
        return
    if key is not None or json:
        raise EmottsError("--key and --json belong to --results")
    check_number("--trials", trials, *TRIALS)
    check_number("--seed", seed, *SEEDS)

    from emotts.evaluation.listen import Plan, build_test, write_test
    from emotts.evaluation.listen_sources import choose_items, read_items

    plan = Plan(kind, question, seed, reference, anchor, match_level, format)
    items = choose_items(read_items(sources or []), emotion, trials, seed)
    test = build_test(items, plan)
    page, key_file = write_test(test, output)
    size = page.stat().st_size / 1e6
    typer.echo(f"{page}: {len(test.page['trials'])} trials, {size:.1f} MB; send it to listeners")
    typer.echo(f"{key_file}: which system made which sound; keep it to yourself")


def _score(files: list[Path], key_file: Path, as_json: bool) -> None:
    from emotts.evaluation.listen import read_key
    from emotts.evaluation.listen_results import read_results
    from emotts.evaluation.listen_scores import score, verdict

    key = read_key(key_file)
    scored = score(read_results(files, key), key)
    if as_json:
        from json import dumps

        typer.echo(dumps(scored | {"verdict": verdict(scored)}, indent=1, ensure_ascii=False))
        return
    _print(scored)
    for sentence in verdict(scored):
        typer.echo(sentence)
    if scored["unanswered"]:
        typer.echo(f"emotts: {scored['unanswered']} trials were left unanswered", err=True)


def _print(scored: dict[str, Any]) -> None:
    from emotts.cli.tables import print_table

    if scored["kind"] == "mushra":
        rows = [
            [s["system"], s["role"], s["count"], f"{s['mean']:.1f}",
             f"{s['low']:.1f} … {s['high']:.1f}"]
            for s in scored["systems"]
        ]  # fmt: skip
        head = ["system", "role", "ratings", "mean", f"95 % over {scored['interval_over']}"]
        print_table(head, rows)
        return
    hits = "chose_a" if scored["kind"] == "ab" else "right"
    rows = [
        [p["question"], p["a"], p["b"], p[hits], p["count"], f"{p['share']:.0%}",
         f"{p['low']:.0%} … {p['high']:.0%}", f"{p['p']:.3g}"]
        for p in scored["pairs"]
    ]  # fmt: skip
    name = "chose a" if hits == "chose_a" else "right"
    print_table(["question", "a", "b", name, "answers", "share", "95 % exact", "p"], rows)
