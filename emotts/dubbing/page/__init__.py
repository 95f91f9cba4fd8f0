"""The template of the review page, and the function that fills it."""

from __future__ import annotations

from typing import Any

from emotts.evaluation.page import templates


def render(template: str, **values: Any) -> str:
    """Fill a template of this folder; every value is escaped for HTML."""
    return templates("emotts.dubbing", "dub").get_template(template).render(**values)
