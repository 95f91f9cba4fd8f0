"""A visitor of the app in a real browser: what a person does, and what the browser notices."""

import os
from pathlib import Path

import numpy as np

PICTURES = os.environ.get("EMOTTS_DEMO_PICTURES")
PATIENCE = 90_000  # milliseconds: a bound for machines that do other work, no measure
PICTURE_BYTES = 150_000
TABS = {
    "Speak": "speak", "Mix & map": "mix", "Ladder": "ladder", "Direct": "direct",
    "Convert": "convert", "Learn": "learn", "Dub": "dub", "Listen in": "listen_in",
}  # fmt: skip


class Visitor:
    """A page of the app, and all that a browser noticed there."""

    def __init__(self, page, address: str):
        self.page, self.address, self.complaints = page, address, []
        page.set_default_timeout(PATIENCE)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"page: {error}"))
        page.on("request", self._request)
        page.goto(address)

    def _console(self, message) -> None:
        if message.type == "error":
            self.complaints.append(f"console: {message.text}")

    def _request(self, request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.complaints.append(f"asked another host: {request.url}")

    def open(self, title: str):
        """Open a tab; returns its panel."""
        self.page.get_by_role("tab", selected=True).first.wait_for()
        tab = self.page.get_by_role("tab", name=title, exact=True)
        if not tab.is_visible():  # what does not fit into the row is in a menu
            menu = self.page.locator(".overflow-menu").first
            menu.get_by_role("button", name="More tabs").click()
            tab = menu.get_by_text(title, exact=True)
        tab.click()
        panel = self.page.locator(f"#tab-{TABS[title]}")
        panel.wait_for()
        return panel

    def download(self, place, name: str = "") -> Path:
        """The file that a component offers, once it is there."""
        # In CSS nothing contains the empty word, so a name is asked for only if there is one.
        link = place.locator(f"a[download*='{name}']" if name else "a[download]").first
        link.wait_for(state="attached")
        with self.page.expect_download() as begun:
            link.click()
        return Path(begun.value.path())

    def sound(self, selector: str) -> np.ndarray:
        """The samples that a player offers: loud enough to be heard, and of some length."""
        import soundfile

        samples, rate = soundfile.read(self.download(self.page.locator(selector)))
        level_db = 20 * np.log10(np.sqrt(np.mean(samples**2)) + 1e-9)
        assert -45 < level_db < -6, f"{selector}: {level_db:.1f} dB"
        assert 0.5 < len(samples) / rate < 60
        return samples

    def other_sound(self, selector: str, do) -> np.ndarray:
        """The sound of a player after `do()` has changed it."""
        link = self.page.locator(f"{selector} a[download]").first
        before = link.get_attribute("href")
        do()
        self.page.wait_for_function(
            "([selector, before]) => {"
            "const link = document.querySelector(selector + ' a[download]');"
            "return link && link.href && link.href !== before}",
            arg=[selector, before],
        )
        return self.sound(selector)

    def refusal(self) -> str:
        """The sentence of the message that pops up; it is closed again."""
        toast = self.page.get_by_test_id("toast-body").first
        toast.wait_for()
        said = toast.inner_text()
        toast.get_by_test_id("toast-close").click()
        toast.wait_for(state="detached")
        assert "Traceback" not in said and "/tmp/" not in said
        return said

    def picture(self, name: str) -> None:
        """Take the picture of the documentation, if it was asked for."""
        if PICTURES:
            self.page.wait_for_timeout(1500)  # waveforms are drawn by and by
            path = Path(PICTURES) / f"demo-{name}.jpg"
            for quality in (75, 60, 45, 30):
                self.page.screenshot(path=path, full_page=True, type="jpeg", quality=quality)
                if path.stat().st_size < PICTURE_BYTES:
                    return
            raise AssertionError(f"{path} is too large")
