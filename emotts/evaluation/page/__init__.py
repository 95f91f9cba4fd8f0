"""Templates, styles and scripts of the self-contained pages, and the function that fills them."""

from __future__ import annotations

import base64
import hashlib
import os
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from emotts.errors import EmottsError

HOME = "emotts.evaluation"


def asset(name: str) -> str:
    """Return the text of a file of this folder, with plain line ends."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8").replace("\r\n", "\n")


def script_hash(script: str) -> str:
    """Return the name under which a content security policy lets one inline script run.

    A page that lists only its own script's hash runs no other, whatever texts it shows.
    """
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def data_uri(data: bytes, kind: str) -> str:
    """Return bytes of a media type ("audio/ogg", …) as a data URI."""
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"


@cache
def templates(package: str, extra: str):
    """The templates in the folder `page` of a package, which may import those of this one.

    extra: whose packages render them, for the error where jinja2 is missing.
    """
    try:
        from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
    except ImportError as error:
        raise EmottsError(
            f"Pages need the package jinja2: pip install 'emotts[{extra}]'."
        ) from error
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(name, "page") for name in (package, HOME)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(asset=asset, script_hash=script_hash)
    return environment


def render(template: str, **values: Any) -> str:
    """Fill a template of this folder; every value is escaped for HTML."""
    return templates(HOME, "eval").get_template(template).render(**values)


def write_page(path: Path, html: str) -> Path:
    """Write a page whole or not at all."""
    temporary = path.with_name(f".{path.name}.part")
    try:
        temporary.write_text(html, encoding="utf-8", newline="\n")
        os.replace(temporary, path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise EmottsError(f"{path} cannot be written: {error.strerror or error}") from error
    return path
