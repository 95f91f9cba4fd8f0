"""`emotts serve`: the toolkit over HTTP."""

import typer

from emotts.cli.options import check_device, check_number
from emotts.errors import EmottsError

# The settings' own ranges (a test compares them), here so that help needs none of their imports.
RANGES = {
    "max_characters": (1, 40_000), "max_requests": (1, 10_000), "max_seconds": (0.1, 86_400),
    "max_upload_seconds": (1, 3600), "batch": (1, 64),
}  # fmt: skip


def serve(
    host: str = typer.Option("127.0.0.1", help="0.0.0.0 lets other machines in."),
    port: int = typer.Option(8000, help="0 takes a free one."),
    root_path: str = typer.Option("", help="Where a proxy mounts the server, such as /speech."),
    api_key: str = typer.Option(
        None, envvar="EMOTTS_API_KEY", show_envvar=True,
        help="What clients must send; better given in the environment, where nobody reads it.",
    ),
    max_characters: int = typer.Option(10_000, help="Of one text."),
    max_upload_seconds: float = typer.Option(120.0, help="Of one recording."),
    max_requests: int = typer.Option(64, help="At once, waiting ones included."),
    max_seconds: float = typer.Option(300.0, help="That one request may take."),
    batch: int = typer.Option(
        None, help="Waiting sentences said in one go at most; default: what suits the device."
    ),
    personal: bool = typer.Option(True, help="Offer the voices and emotions you have taught too."),
    device: str = typer.Option("cpu", help="cpu, cuda, cuda:0, … or mps."),
    checkpoint: str = typer.Option(None, help="A folder or hub id; default: the set that ships."),
) -> None:  # fmt: skip
    """Serve speech over HTTP, in the shape of OpenAI's speech endpoint.

    \b
    Examples:
      emotts serve
      EMOTTS_API_KEY=secret emotts serve --host 0.0.0.0 --port 8080
      emotts serve --root-path /speech --max-requests 16
    """
    limits = dict(
        max_characters=max_characters, max_upload_seconds=max_upload_seconds,
        max_requests=max_requests, max_seconds=max_seconds, batch=batch,
    )  # fmt: skip
    check_number("--port", port, 0, 65535)
    for name, value in limits.items():
        if value is not None:
            check_number(f"--{name.replace('_', '-')}", value, *RANGES[name])
    if api_key is not None and not api_key.strip():
        raise EmottsError("the API key is empty; give one, or leave --api-key out")
    if root_path and (not root_path.startswith("/") or root_path.endswith("/")):
        raise EmottsError(f"--root-path begins with / and does not end with it, not {root_path!r}")
    check_device(device)
    try:
        import fastapi  # noqa: F401
        import multipart  # noqa: F401
        import prometheus_client  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise EmottsError(
            f"serving needs the package {error.name}: pip install 'emotts[serve]'"
        ) from error

    from emotts.serve.app import create_app
    from emotts.serve.run import listen, make_server
    from emotts.serve.settings import Settings

    settings = Settings(
        checkpoint=checkpoint, device=device, api_key=api_key, root_path=root_path,
        personal=personal, **limits,
    )  # fmt: skip
    with listen(host, port) as place:
        make_server(create_app(settings), settings).run(sockets=[place])
