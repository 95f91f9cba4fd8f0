"""`emotts export`: checkpoints for other runtimes."""

from pathlib import Path

import typer

from emotts.errors import EmottsError

FORMATS = ("onnx",)


def export(
    output: Path = typer.Option(..., "--output", "-o", help="Folder to write."),
    format: str = typer.Option("onnx", help="For which runtime; onnx is the only one."),
    checkpoint: str = typer.Option(None, help="Folder of the set; default: the one that ships."),
    precision: str = typer.Option(
        "half", help="How weights are stored: half (as in the checkpoints) or full."
    ),
) -> None:
    """Write the synthesis path for onnxruntime: networks, tables, voices.

    The folder speaks without torch, by emotts.onnx_runner.OnnxSynthesizer or
    python -m emotts.onnx_runner.

    \b
    Examples:
      emotts export --format onnx -o folder
      python -m emotts.onnx_runner folder "Hello there." -o hello.wav --emotion happy:0.8
    """
    for name, value, choices in (
        ("--format", format, FORMATS), ("--precision", precision, ("half", "full")),
    ):  # fmt: skip
        if value not in choices:
            raise EmottsError(f"unknown {name} {value!r}; choose from {', '.join(choices)}")
    if output.exists() and not output.is_dir():
        raise EmottsError(f"{output} is a file; --output names a folder")

    from emotts.synthesis.export_onnx import export_onnx

    folder = export_onnx(checkpoint, output, half=precision == "half")
    for path in sorted(folder.iterdir()):
        typer.echo(f"{path}\t{path.stat().st_size / 1e6:.2f} MB")
