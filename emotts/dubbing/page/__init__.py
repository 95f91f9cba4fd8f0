"""The template of the review page, and the function that fills it."""

from __future__ import annotations

from functools import cache
from typing import Any

from emotts.errors import EmottsError
from emotts.evaluation.page import asset, script_hash


@cache
def _environment():
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
    except ImportError as error:
        raise EmottsError("Pages need the package jinja2: pip install 'emotts[dub]'.") from error
    environment = Environment(
        loader=PackageLoader("emotts.dubbing", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(asset=asset, script_hash=script_hash)
    return environment


def render(template: str, **values: Any) -> str:
    """Fill a template of this folder; every value is escaped for HTML."""
    return _environment().get_template(template).render(**values)
