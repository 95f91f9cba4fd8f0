"""The app: tabs in their order, a page that asks no other host for anything, and its server."""

from __future__ import annotations

import os
import threading
from importlib.resources import files

import gradio as gr

from emotts.demo import convert, direct, dub, ladder, learn, listen_in, mix, speak
from emotts.demo.choices import read_when_opened
from emotts.demo.studio import Studio
from emotts.errors import EmottsError

TITLE = "emotts: emotional speech"
TABS = {
    "Speak": speak, "Mix & map": mix, "Ladder": ladder, "Direct": direct,
    "Convert": convert, "Learn": learn, "Dub": dub, "Listen in": listen_in,
}  # fmt: skip
FONTS = ("system-ui", "sans-serif")
MONO = ("ui-monospace", "monospace")
SWEEP_SECONDS, KEPT_SECONDS = 300, 1800
# Whatever a later version of the page may try: nothing is fetched from another host.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self' data: blob:; worker-src 'self' blob:; "
    "form-action 'self'; base-uri 'self'"
)


def build(studio: Studio) -> gr.Blocks:
    """The page with every tab; it is served by `launch`."""
    os.environ["GRADIO_TEMP_DIR"] = str(studio.folder / "page")  # uploads lie and end with ours
    with gr.Blocks(
        title=TITLE, analytics_enabled=False, delete_cache=(SWEEP_SECONDS, KEPT_SECONDS)
    ) as page:
        gr.Markdown("# emotts\nType a sentence, choose a feeling, and hear it.")
        with gr.Tabs():
            for title, tab in TABS.items():
                name = tab.__name__.rpartition(".")[2]
                with gr.Tab(title, id=name, elem_id=f"tab-{name}"):
                    tab.build(studio)
        read_when_opened(page, studio)
    for function in page.fns.values():  # callable, but no catalogue of them on the page
        function.api_visibility = "undocumented"
    return page.queue(max_size=studio.limits.waiting, default_concurrency_limit=8)


def style() -> str:
    """The page's own style for its head; what Gradio is given as `css` reaches no frame."""
    css = files("emotts.demo.page").joinpath("demo.css").read_text(encoding="utf-8")
    return f"<style>{css}</style>"


def theme() -> gr.themes.Base:
    """Plain, with the fonts that the visitor's system has."""
    return gr.themes.Default(primary_hue="blue", font=FONTS, font_mono=MONO)


def launch(
    studio: Studio, host: str = "127.0.0.1", port: int = 7860, root_path: str = "",
    auth: tuple[str, str] | None = None, share: bool = False, wait: bool = True,
) -> gr.Blocks:  # fmt: skip
    """Serve the app; with `wait` until it is interrupted, otherwise return at once.

    auth: user and password that every visitor must give. share: a public link through Gradio's
    servers, only where it is asked for. Raises EmottsError for a port that cannot be used.
    """
    page = build(studio)
    try:
        page.launch(
            server_name=host, server_port=port, root_path=root_path or None, auth=auth,
            share=share, allowed_paths=[str(studio.folder)], theme=theme(),
            head=style(),
            max_file_size=studio.limits.megabytes * 2**20, footer_links=[], run_history=False,
            ssr_mode=False, enable_monitoring=False, mcp_server=False, pwa=False,
            inbrowser=False, quiet=True, prevent_thread_lock=True, app_kwargs=_app_options(),
        )  # fmt: skip
    except OSError as error:
        raise EmottsError(f"cannot serve on {host}:{port}: {error}") from error
    threading.Thread(target=studio.warm, daemon=True, name="warm-up").start()
    if wait:
        page.block_thread()
    return page


def _app_options() -> dict:
    from fastapi.middleware import Middleware

    return {"middleware": [Middleware(_OnlyThisHost)], "docs_url": None, "redoc_url": None}


class _OnlyThisHost:
    """Adds the headers that keep a browser from asking other hosts."""

    HEADERS = (
        (b"content-security-policy", POLICY.encode()),
        (b"referrer-policy", b"no-referrer"),
        (b"x-content-type-options", b"nosniff"),
    )

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def marked(message):
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *self.HEADERS]
            await send(message)

        await self.app(scope, receive, marked if scope["type"] == "http" else send)
