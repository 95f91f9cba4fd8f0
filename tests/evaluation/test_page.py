import base64
import hashlib

import pytest

from emotts.errors import EmottsError
from emotts.evaluation.page import asset, data_uri, script_hash, write_page


def test_a_data_uri_holds_the_bytes():
    kind, data = data_uri(b"\x00\xffab", "audio/ogg").split(";base64,")
    assert kind == "data:audio/ogg" and base64.b64decode(data) == b"\x00\xffab"


def test_a_script_is_named_by_its_digest():
    digest = base64.b64encode(hashlib.sha256("é\n".encode()).digest()).decode()
    assert script_hash("é\n") == f"'sha256-{digest}'"


@pytest.mark.parametrize("name", ["page.css", "listen.css", "report.js", "listen.js"])
def test_parts_of_the_pages_ask_no_other_host_and_end_no_tag(name):
    text = asset(name)
    assert "http" not in text and "url(" not in text and "</" not in text and "\r" not in text
    assert "innerHTML" not in text and "eval" not in text


def test_both_colour_schemes_are_readable():
    """Ink and series colours against paper: WCAG's contrast of text, and of graphics."""
    light, dark = asset("page.css").split("@media (prefers-color-scheme: dark)")[:2]
    for part in (light, dark):
        colours = dict(p.split(": ") for p in part.split("}")[0].replace("\n", " ").split("; ") if
                       p.count(": ") == 1)  # fmt: skip
        colours = {name.split("--")[-1]: value.strip(" ;") for name, value in colours.items()}
        paper = colours["paper"]
        assert all(contrast(colours[name], paper) >= 4.5 for name in ("ink", "quiet", "link"))
        assert all(contrast(colours[f"s{i}"], paper) >= 3 for i in range(8))
        shade = "#" + "".join(f"{int(v):02x}" for v in colours["shade"].split())
        assert contrast(colours["ink"], shade) >= 4.5


def contrast(a, b):
    def light(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        parts = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted((light(a), light(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_a_page_replaces_the_old_one_whole(tmp_path):
    path = tmp_path / "x.html"
    assert write_page(path, "one") == path
    write_page(path, "two\n")
    assert path.read_bytes() == b"two\n" and list(tmp_path.iterdir()) == [path]
    with pytest.raises(EmottsError, match="cannot be written"):
        write_page(tmp_path / "no" / "x.html", "")
