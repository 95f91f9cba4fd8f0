"""`emotts import-vocoder`: published HiFi-GAN, BigVGAN and Vocos weights."""

from pathlib import Path

import typer


def import_vocoder(
    weights: Path = typer.Argument(help="Published weights: .safetensors, .pt, .pth, .bin, .ckpt."),
    output: Path = typer.Option(..., "--output", "-o", help="Folder to write."),
    config: Path = typer.Option(
        None, help="Published config.json or config.yaml; default: the one beside the weights."
    ),
    licence: str = typer.Option(None, help="Licence of the weights, for the card."),
) -> None:
    """Convert a vocoder of others to safetensors, configuration and card.

    Nothing in the file is run: a file that holds more than tensors is refused.

    \b
    Examples:
      emotts import-vocoder vocos/pytorch_model.bin --licence MIT -o runs/vocos
      emotts import-vocoder bigvgan_generator.pt --config config.json -o runs/bigvgan
    """
    from emotts.checkpoints.foreign_vocoder import import_vocoder as convert

    made = convert(weights, output, config, licence)
    typer.echo(
        f"{made.folder}\t{made.kind}\t{made.parameters:,} weights\t"
        f"{made.mel.sample_rate} Hz, {made.mel.n_mels} bands"
    )
    if made.mismatch:
        typer.echo(f"emotts: note: {made.mismatch}.", err=True)
