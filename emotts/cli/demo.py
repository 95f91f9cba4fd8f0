"""`emotts demo`: the app in a browser."""

import signal
import sys
from typing import Any

import typer

from emotts.cli.options import check_number
from emotts.errors import EmottsError


def demo(
    host: str = typer.Option("127.0.0.1", help="0.0.0.0 serves other machines too."),
    port: int = typer.Option(7860, help="Of the page."),
    root_path: str = typer.Option("", help="Path under which a proxy serves the page: /emotts."),
    auth: str = typer.Option(None, help="user:password that every visitor must give."),
    share: bool = typer.Option(False, help="Also a public link, through Gradio's servers."),
    checkpoint: str = typer.Option(None, help="A folder or hub id; default: the set that ships."),
) -> None:
    """Open the app: every control, visible and audible.

    Runs until it is interrupted. Recordings that visitors upload are deleted
    within the hour and at the end; nothing is sent to other hosts.

    \b
    Examples:
      emotts demo
      emotts demo --port 8080 --auth anna:secret
      emotts demo --host 0.0.0.0 --root-path /emotts
    """
    check_number("--port", port, 1, 65535)
    who = _read_auth(auth)
    if root_path and not root_path.startswith("/"):
        raise EmottsError(f"--root-path begins with a slash, such as /emotts, not {root_path!r}")
    try:
        from emotts.demo.app import launch
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("emotts"):
            raise
        raise EmottsError(f"the app needs {error.name}: pip install 'emotts[demo]'") from error
    from emotts.demo.studio import Studio

    signal.signal(signal.SIGTERM, _leave)  # so that uploads are deleted then too
    studio = Studio(checkpoint)
    try:
        page = launch(studio, host, port, root_path, who, share, wait=False)
        typer.echo(f"emotts demo: {page.local_url} (Ctrl+C ends it)", err=True)
        page.block_thread()
    finally:
        studio.close()


def _read_auth(auth: str | None) -> tuple[str, str] | None:
    if auth is None:
        return None
    user, colon, password = auth.partition(":")
    if not (user and colon and password):
        raise EmottsError("--auth takes user:password")
    return user, password


def _leave(*_: Any) -> None:
    sys.exit(0)
