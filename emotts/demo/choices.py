"""Controls whose choices grow while the app runs: with every voice and emotion its user adds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import gradio as gr

from emotts.demo.studio import Studio

Control = TypeVar("Control", gr.Radio, gr.Dropdown, gr.CheckboxGroup)
_ATTRIBUTE = "choices_now"


def growing(control: type[Control], choices: Callable[[], list], **given: Any) -> Control:
    """A control whose choices are asked for again whenever a page is opened."""
    made = control(choices(), **given)
    setattr(made, _ATTRIBUTE, choices)
    return made


def read_when_opened(page: gr.Blocks, studio: Studio) -> None:
    """Let a page have the choices of the moment at which it is opened; after all is laid out."""
    controls = [block for block in page.blocks.values() if hasattr(block, _ATTRIBUTE)]

    def now() -> list[Any]:
        studio.refresh()
        return [gr.update(choices=getattr(control, _ATTRIBUTE)()) for control in controls]

    page.load(now, None, controls, queue=False, show_progress="hidden")
