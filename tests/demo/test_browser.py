"""Every tab in a real browser, as a person would use it.

With EMOTTS_DEMO_PICTURES=docs/pictures the same tests take the pictures of docs/demo.md.
"""

import re
import shutil
import socket
from pathlib import Path

import numpy as np
import pytest
from browsing import PATIENCE, TABS, Visitor

pytest.importorskip("gradio", reason="the app needs gradio")
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PHONE = {"width": 390, "height": 844}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on this machine"),
    pytest.mark.skipif(not (ROOT / "checkpoints").exists(), reason="nothing has been trained yet"),
]


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """The address of the app with the embedded checkpoints."""
    from emotts.demo.app import launch
    from emotts.demo.studio import Studio

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EMOTTS_HOME", str(tmp_path_factory.mktemp("home")))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        studio = Studio()
        page = launch(studio, port=port, wait=False)
        yield f"http://127.0.0.1:{port}/"
        page.close()
        with studio.turn():  # whatever is still under way
            studio.close()


@pytest.fixture(scope="module")
def recording(tmp_path_factory) -> Path:
    """Somebody speaking."""
    from emotts import Synthesizer

    path = tmp_path_factory.mktemp("recordings") / "spoken.wav"
    Synthesizer.from_pretrained().synthesize("The boats came home in the rain.", "actor03").save(
        path
    )
    return path


@pytest.fixture(scope="module")
def chromium():
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        sync_api.expect.set_options(timeout=PATIENCE)
        yield browser
        browser.close()


@pytest.fixture
def visitor(app, chromium):
    """Somebody who visits the app; nothing may be complained of at the end."""
    context = chromium.new_context(viewport={"width": 1000, "height": 800}, accept_downloads=True)
    guest = Visitor(context.new_page(), app)
    yield guest
    context.close()
    assert guest.complaints == []


def captions_on_pictures(page) -> list[str]:
    """Captions that cover a part of their picture."""
    page.locator(".captioned img:visible").first.wait_for()
    return page.evaluate(
        """() => [...document.querySelectorAll("[data-testid=block-label]")].filter(caption => {
            const own = caption.getBoundingClientRect();
            return [...caption.closest(".block").querySelectorAll("img")].some(picture => {
                const box = picture.getBoundingClientRect();
                return own.width && box.width && own.bottom > box.top + 1 && own.top < box.bottom
                    && own.right > box.left && own.left < box.right;
            });
        }).map(caption => caption.innerText)"""
    )


def test_speak(visitor):
    tab = visitor.open("Speak")
    tab.get_by_label("What to say").fill("The boats came home in the rain.")
    tab.locator("#speak-emotion").get_by_label("angry").check()
    tab.locator("#speak-go").focus()
    visitor.page.keyboard.press("Enter")
    angry = visitor.sound("#speak-player")
    visitor.picture("speak")
    assert captions_on_pictures(visitor.page) == []

    def sad():
        tab.locator("#speak-emotion").get_by_label("sad").check()
        tab.locator("#speak-go").click()

    assert not np.array_equal(visitor.other_sound("#speak-player", sad), angry)
    tab.get_by_label("What to say").fill("...")
    tab.locator("#speak-go").click()
    assert "nothing in the text can be pronounced" in visitor.refusal().lower()


def test_an_example_of_speak_works_at_one_click(visitor):
    visitor.open("Speak").get_by_text("Happy news").click()
    visitor.sound("#speak-player")


def test_mix_and_map(visitor):
    tab = visitor.open("Mix & map")
    tab.locator("#mix-go").click()
    mixed = visitor.sound("#mix-player")
    visitor.picture("mix")
    board = tab.locator("#mix-map img")
    size = board.bounding_box()

    def angry_corner():
        board.click(position={"x": 0.2 * size["width"], "y": 0.2 * size["height"]})

    assert not np.array_equal(visitor.other_sound("#mix-player", angry_corner), mixed)
    tab.get_by_label("What to say").fill("")
    tab.locator("#mix-go").click()
    assert "text" in visitor.refusal().lower()


def test_ladder_and_the_blind_test(visitor):
    tab = visitor.open("Ladder")
    tab.locator("#ladder-go").click()
    links = tab.locator("a[download$='.wav']")
    links.nth(4).wait_for(state="attached")
    assert links.count() == 5
    visitor.picture("ladder")
    assert captions_on_pictures(visitor.page) == []
    tab.get_by_text("Blind test:").click()
    tab.locator("#ladder-blind").click()
    question = tab.locator("#ladder-question")
    for number in range(1, 7):
        sync_api.expect(question).to_contain_text(f"Pair {number} of 6")
        tab.get_by_role("button", name="It is A").click()
    sync_api.expect(question).to_contain_text("of 6 right")
    with visitor.page.expect_download() as begun:
        tab.locator("#ladder-answers").click()
    answers = Path(begun.value.path()).read_text(encoding="utf-8")
    head, *rows = answers.splitlines()
    assert head.startswith("trial,question") and len(rows) == 6


def test_direct(visitor, recording):
    tab = visitor.open("Direct")
    tab.get_by_role("button", name=re.compile("^Example: angry on")).click()
    by_word = visitor.sound("#direct-player")
    visitor.picture("direct")
    tab.get_by_role("tab", name="By curve").click()
    along = visitor.other_sound("#direct-player", tab.locator("#direct-curve").click)
    assert not np.array_equal(along, by_word)
    tab.get_by_role("tab", name="By recording").click()
    tab.locator("#direct-speak-as").click()
    assert "recording" in visitor.refusal().lower()
    tab.locator("#direct-reference input[type=file]").set_input_files(recording)
    tab.locator("#direct-reference a[download], #direct-reference #waveform").first.wait_for()
    visitor.other_sound("#direct-player", tab.locator("#direct-speak-as").click)


def test_convert(visitor, recording, tmp_path):
    tab = visitor.open("Convert")
    tab.locator("#convert-start").click()
    assert "there is no recording yet" in visitor.refusal().lower()
    bad = tmp_path / "noise.wav"
    bad.write_bytes(b"this is no sound at all" * 100)
    tab.locator("#convert-recording input[type=file]").set_input_files(bad)
    tab.locator("#convert-recording #waveform").wait_for(state="attached")  # shown, or hidden again
    complaints, visitor.complaints = visitor.complaints, []
    tab.locator("#convert-start").click()
    assert "cannot be read as audio" in visitor.refusal()
    complaints += visitor.complaints  # the player says so, too, sooner or later
    visitor.complaints = [c for c in complaints if "decode" not in c and "MediaError" not in c]

    tab.locator("#convert-recording").get_by_label(re.compile("Clear|Remove")).click()
    tab.locator("#convert-recording input[type=file]").set_input_files(recording)
    tab.locator("#convert-recording #waveform").wait_for()
    tab.locator("#convert-emotion").get_by_label("angry").check()
    tab.locator("#convert-start").click()
    after, before = visitor.sound("#convert-after"), visitor.sound("#convert-before")
    assert len(after) == len(before) and not np.array_equal(after, before)
    sync_api.expect(tab.locator("#convert-heard-after")).to_contain_text("%")
    assert tab.locator("#convert-melody img").get_attribute("alt")
    visitor.picture("convert")


def test_learn(visitor, recording):
    tab = visitor.open("Learn")
    tab.locator("#learn-hear").click()
    assert "no emotion has been learnt yet" in visitor.refusal().lower()
    tab.locator("#learn-clips input[type=file]").set_input_files([recording])
    sync_api.expect(tab.locator("#learn-clips")).to_contain_text("spoken")
    tab.get_by_label("Name of the emotion").fill("angry")
    tab.locator("#learn-start").click()
    assert "name of an emotion that ships" in visitor.refusal()
    tab.get_by_label("Name of the emotion").fill("Salty")
    tab.locator("#learn-start").click()
    from emotts.emotion.learned import read_emotion

    kept = visitor.download(tab.locator("#learn-file"), "salty")
    assert read_emotion(kept)[1].clips == 1
    tab.locator("#learn-hear").click()
    spoken, without = visitor.sound("#learn-with"), visitor.sound("#learn-without")
    assert not np.array_equal(spoken, without)
    visitor.picture("learn")


SUBTITLES = """1
00:00:00,300 --> 00:00:02,300
ANNA (happy 1.2): You came back!

2
00:00:02,800 --> 00:00:05,000
ANNA: I had nowhere else to go.
"""


def test_dub(visitor, tmp_path):
    tab = visitor.open("Dub")
    wrong, script = tmp_path / "wrong.srt", tmp_path / "right.srt"
    wrong.write_text("no subtitles here", encoding="utf-8")
    script.write_text(SUBTITLES, encoding="utf-8")
    tab.locator("#dub-make").click()
    assert "no script has been read yet" in visitor.refusal().lower()
    tab.locator("#dub-script input[type=file]").set_input_files(wrong)
    sync_api.expect(tab.locator("#dub-script")).to_contain_text("wrong")
    tab.locator("#dub-read").click()
    assert "wrong.srt holds no lines" in visitor.refusal().lower()
    tab.locator("#dub-script").get_by_label(re.compile("Clear|Remove")).first.click()
    tab.locator("#dub-script input[type=file]").set_input_files(script)
    sync_api.expect(tab.locator("#dub-script")).to_contain_text("right")
    tab.locator("#dub-read").click()
    sync_api.expect(tab.locator("#dub-lines")).to_contain_text("You came back!")
    tab.locator("#dub-make").click()
    first = visitor.sound("#dub-track")
    take = visitor.sound("#dub-take")
    assert b"You came back!" in visitor.download(tab.locator("#dub-files"), "spoken").read_bytes()
    visitor.picture("dub")
    again = visitor.other_sound("#dub-take", tab.locator("#dub-again").click)
    assert not np.array_equal(again[: len(take)], take[: len(again)])
    tab.locator("#dub-text textarea").fill("You went away!")

    def change():
        tab.locator("#dub-change").click()

    assert not np.array_equal(visitor.other_sound("#dub-track", change), first)
    sync_api.expect(tab.locator("#dub-lines")).to_contain_text("You went away!")


def test_listen_in(visitor, recording):
    tab = visitor.open("Listen in")
    tab.locator("#listen-start").click()
    assert "there is no recording yet" in visitor.refusal().lower()
    tab.locator("#listen-example").click()
    table = visitor.download(tab.locator("#listen-files"), ".csv").read_text(encoding="utf-8")
    assert table.startswith("start,end,emotion") and len(table.splitlines()) > 10
    tab.locator("#listen-picture img").wait_for()
    sync_api.expect(tab.locator("#listen-said")).to_contain_text("valence")
    visitor.picture("listen-in")


def test_every_tab_fits_a_phone(visitor):
    visitor.page.set_viewport_size(PHONE)
    visitor.page.reload()
    widths = {}
    for title in TABS:
        visitor.open(title)
        widths[title] = visitor.page.evaluate("document.documentElement.scrollWidth")
        if title == "Speak":
            visitor.picture("phone")
    assert {title: width for title, width in widths.items() if width > PHONE["width"]} == {}
