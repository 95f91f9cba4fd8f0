"""The page: its tabs, its labels, and the real server."""

import json
import re
import socket
import urllib.error
import urllib.request

import pytest
from gradio.layouts import Tab

from emotts.audio.io import read_audio
from emotts.demo import app
from emotts.errors import EmottsError

OURS = ("Speak", "Mix & map", "Ladder", "Direct")
CONTROLS = ("textbox", "dropdown", "radio", "slider", "number", "checkbox", "checkboxgroup",
            "audio", "image", "dataframe", "file", "label")  # fmt: skip


@pytest.fixture(scope="module")
def few_tabs():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "TABS", {name: app.TABS[name] for name in OURS})
        yield


@pytest.fixture(scope="module")
def page(studio, few_tabs):
    return app.build(studio)


@pytest.fixture(scope="module")
def url(studio, few_tabs):
    """The address of the app, really served."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(studio, "warm", lambda: None)
        served = app.launch(studio, port=port, wait=False)
    yield f"http://127.0.0.1:{port}"
    served.close(verbose=False)


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.read().decode("utf-8"), answer.headers


def test_tabs_come_in_their_order(page):
    titles = [block.label for block in page.blocks.values() if isinstance(block, Tab)]
    assert tuple(title for title in titles if title in OURS) == OURS
    assert tuple(app.TABS) == OURS


def test_every_control_is_labelled(page):
    for block in page.blocks.values():
        if block.get_block_name() in CONTROLS:
            assert getattr(block, "label", None), block
        if block.get_block_name() == "image":
            assert block.alt_text


def test_labels_within_a_tab_tell_controls_apart(page):
    for tab in (b for b in page.blocks.values() if isinstance(b, Tab) and b.label in OURS[:3]):
        labels = [c.label for c in _inside(tab) if c.get_block_name() in ("slider", "textbox")]
        assert len(labels) == len(set(labels))


def _inside(block):
    for child in getattr(block, "children", ()):
        yield child
        yield from _inside(child)


def test_examples_wait_for_a_click(page):
    datasets = [b for b in page.blocks.values() if b.get_block_name() == "dataset"]
    assert len(datasets) >= 4


def test_the_page_asks_no_other_host(url):
    html, headers = fetch(url)
    style, _ = fetch(f"{url}/theme.css")
    loaded = re.findall(r"""<(?:script|link|img|iframe)[^>]*?(?:src|href)=["']([^"']+)""", html)
    loaded += re.findall(r"""url\(["']?([^)"']+)|@import\s+["']([^"']+)""", html + style)
    asked = [part for one in loaded for part in ([one] if isinstance(one, str) else one)]
    assert not [one for one in asked if re.match(r"(https?:)?//", one)]
    assert not re.search("googleapis|gstatic|cdnjs|jsdelivr|unpkg|huggingface|google-analytics",
                         html + style)  # fmt: skip
    assert "--font: system-ui" in style
    assert "default-src 'self'" in headers["content-security-policy"]


def test_nothing_is_reported_and_nothing_is_catalogued(url):
    config = json.loads(fetch(f"{url}/config")[0])
    assert config["analytics_enabled"] is False
    assert config["run_history"] is False
    listed = json.loads(fetch(f"{url}/gradio_api/info")[0])
    assert listed == {"named_endpoints": {}, "unnamed_endpoints": {}}


@pytest.mark.parametrize("path", ["/etc/passwd", "../../../etc/passwd", "setup.cfg", __file__])
def test_only_files_of_the_app_are_served(url, path):
    with pytest.raises(urllib.error.HTTPError) as caught:
        fetch(f"{url}/gradio_api/file={path}")
    assert caught.value.code in (403, 404)


@pytest.fixture(scope="module")
def client(url):
    from gradio_client import Client

    return Client(url, verbose=False, analytics_enabled=False, download_files=False)


def test_a_visitor_hears_a_sentence(client, studio):
    voice = studio.voices[0]
    given = (1, "We may all call.", voice, "happy", "", 1.0, 1, 0, 1, 0, 3)
    player, sentence, *_ = client.predict(*given, api_name="/speak")
    assert "Heard as" in sentence
    said = studio.synthesizer.synthesize("We may all call.", voice, "happy", 1.0, seed=3)
    served = player["path"]
    assert abs(read_audio(served) - said.samples).max() < 1e-4
    assert studio.folder in type(studio.folder)(served).parents


def test_a_visitor_is_told_what_is_wrong(client, studio):
    given = (studio.voices[0], "happy", "", 1.0, 1, 0, 1, 0, 3)
    with pytest.raises(Exception, match="The text is empty"):
        client.predict(1, "  ", *given, api_name="/speak")
    with pytest.raises(Exception, match="1001 characters|too long|max"):
        client.predict(1, "a" * 1001, *given, api_name="/speak")


def test_a_port_in_use_is_told_in_a_sentence(studio, few_tabs):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(EmottsError, match="cannot serve on 127.0.0.1"):
            app.launch(studio, port=taken.getsockname()[1], wait=False)
