"""SSML: the subset of the W3C recommendation (1.1) that people use, and Azure's express-as."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import InputSource

from emotts.errors import EmottsError
from emotts.text.inline_tags import check_emotion, check_language, closest, is_tag
from emotts.text.ipa import spell
from emotts.text.markup import OVERRIDE, MarkedText, MarkedTextBuilder, Style
from emotts.text.ssml_say_as import say_as
from emotts.text.ssml_units import read_break, read_degree, read_prosody
from emotts.text.symbols import PHONES

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 32
PARAGRAPH = "\n\n"
# Attributes of each element; the required ones end in "!".
ELEMENTS = {
    "speak": "version xml:lang xmlns xsi:schemaLocation",
    "p": "xml:lang",
    "s": "xml:lang",
    "lang": "xml:lang!",
    "voice": "name!",
    "express-as": "style! styledegree",
    "emphasis": "level",
    "prosody": "rate pitch range volume",
    "break": "time strength",
    "phoneme": "ph! alphabet",
    "sub": "alias!",
    "say-as": "interpret-as! format",
}
REPLACED = ("phoneme", "sub", "say-as")
# Azure's words for styles that the vocabulary has under another name.
STYLES = {"cheerful": "happy", "depressed": "sad", "terrified": "fearful"}
_SPACE = " \t\r\n"


def parse_ssml(
    xml: str, names: Collection[str] | None = None, language: str = "en-us"
) -> MarkedText:
    """Read an SSML document; white space is collapsed, <p> and <s> stand apart by blank lines.

    names: learnt emotions and presets beside the eight categories; None allows any style.
    language: for <say-as> and <phoneme> where no xml:lang says another. Raises EmottsError
    naming the line of anything malformed or unknown, for document types, entities and processing
    instructions, and for more than MAX_CHARACTERS or MAX_DEPTH.
    """
    from defusedxml import DefusedXmlException
    from defusedxml.sax import make_parser

    body = xml.lstrip("\ufeff" + _SPACE + "\f\v")
    skipped = xml[: len(xml) - len(body)].count("\n")
    if len(body) > MAX_CHARACTERS:
        raise EmottsError(
            f"the SSML has {len(body)} characters, more than the {MAX_CHARACTERS} allowed; split it"
        )
    reader = _Reader(names, language, skipped)
    parser = make_parser()
    parser.forbid_dtd = True
    parser.setContentHandler(reader)
    source = InputSource()
    source.setByteStream(io.BytesIO(body.encode("utf-8", "surrogatepass")))
    source.setEncoding("utf-8")
    try:
        parser.parse(source)
    except DefusedXmlException:
        raise EmottsError(
            f"document types and entities are refused in SSML, at {reader.place()}; leave out "
            "<!DOCTYPE …> and write the text itself"
        ) from None
    except SAXParseException as error:
        line, column = error.getLineNumber() or 1, error.getColumnNumber() or 0
        raise EmottsError(
            f"the SSML is malformed at line {line + skipped}, column {column + 1}: "
            f"{error.getMessage()}; every tag needs its end, and & < are written &amp; &lt;"
        ) from None
    except SAXException as error:
        raise EmottsError(f"the SSML cannot be read: {error.getMessage()}") from None
    return reader.builder.build()


@dataclass
class _Open:
    """An element that has begun; styled: whether it has opened a style."""

    name: str
    attributes: dict[str, str]
    styled: bool = False
    text: list[str] = field(default_factory=list)


class _Reader(ContentHandler):
    """Turns the events of a document into marked text."""

    def __init__(self, names: Collection[str] | None, language: str, skipped_lines: int):
        super().__init__()
        self.builder = MarkedTextBuilder()
        self._names, self._language, self._skipped = names, language, skipped_lines
        self._stack: list[_Open] = []
        self._locator = None

    def setDocumentLocator(self, locator) -> None:
        self._locator = locator

    def place(self) -> str:
        line, column = self._locator.getLineNumber(), self._locator.getColumnNumber()
        return f"line {(line or 1) + self._skipped}, column {(column or 0) + 1}"

    def startElement(self, name, attrs) -> None:
        self._flush()
        self._guard(f"<{name}>", lambda: self._begin(name, dict(attrs)))

    def endElement(self, name) -> None:
        self._flush()
        self._guard(f"</{name}>", self._end)

    def characters(self, content) -> None:
        self._stack[-1].text.append(content)

    def processingInstruction(self, target, data) -> None:
        raise EmottsError(f"the processing instruction <?{target} …?> at {self.place()} is not "
                          "understood; leave it out")  # fmt: skip

    def skippedEntity(self, name) -> None:
        raise EmottsError(f"the entity &{name}; at {self.place()} is unknown; write the character")

    def _guard(self, what: str, action: Callable[[], None]) -> None:
        try:
            action()
        except EmottsError as error:
            raise EmottsError(f"{what} at {self.place()}: {error}") from None

    def _begin(self, written: str, attributes: dict[str, str]) -> None:
        name = "express-as" if written == "mstts:express-as" else written
        if name not in ELEMENTS:
            like = closest(name, ELEMENTS)
            raise EmottsError(f"unknown element{like}; choose from {', '.join(ELEMENTS)}")
        if (name == "speak") == bool(self._stack):
            raise EmottsError("SSML has one <speak> around everything else")
        if len(self._stack) == MAX_DEPTH:
            raise EmottsError(f"elements are nested more than {MAX_DEPTH} deep")
        if self._stack and self._stack[-1].name in (*REPLACED, "break"):
            raise EmottsError(f"<{self._stack[-1].name}> holds no other elements")
        _check_attributes(name, attributes)
        element = _Open(name, attributes)
        if name in ("p", "s"):
            self.builder.separate(PARAGRAPH)
        elif name == "break":
            self.builder.pause(read_break(attributes))
        elif name == "phoneme":
            self._check_phonemes(attributes)
        style = self._style(name, attributes)
        if style != Style():
            self.builder.open(style)
            element.styled = True
        self._stack.append(element)

    def _end(self) -> None:
        element = self._stack.pop()
        if element.name in REPLACED:
            self._replace(element)
        if element.styled:
            self.builder.close()
        if element.name in ("p", "s"):
            self.builder.separate(PARAGRAPH)

    def _style(self, name: str, attributes: Mapping[str, str]) -> Style:
        if name == "voice":
            return Style(voice=attributes["name"].strip())
        if name == "express-as":
            degree = attributes.get("styledegree")
            emotion = self._emotion(attributes["style"])
            return Style(emotion, None if degree is None else read_degree(degree))
        if name == "emphasis":
            return Style(emphasis=attributes.get("level", "moderate").strip().lower())
        if name == "prosody":
            return read_prosody(attributes, self.builder.style)
        if "xml:lang" in attributes:
            return Style(language=check_language(attributes["xml:lang"]))
        return Style()

    def _emotion(self, style: str) -> str:
        try:
            return check_emotion(style, self._names or ())
        except EmottsError:
            style = STYLES.get(style.strip().lower(), style)
            return check_emotion(style, self._names)

    def _check_phonemes(self, attributes: Mapping[str, str]) -> None:
        alphabet = attributes.get("alphabet", "ipa")
        if alphabet.lower() != "ipa":
            raise EmottsError(f"unknown alphabet {alphabet!r}; write the phonemes in ipa")
        # Where the language is open it may be a tonal one, whose digits are tones.
        symbols = spell(attributes["ph"], self.builder.style.language or "cmn")
        if not any(symbol in PHONES for symbol in symbols):
            raise EmottsError(f"ph is {attributes['ph']!r}, which holds no phoneme")

    def _replace(self, element: _Open) -> None:
        """Say something else than the text inside a <phoneme>, <sub> or <say-as>."""
        attributes = element.attributes
        if element.name == "phoneme":
            self.builder.put(f"[[{' '.join(attributes['ph'].split())}]]")
        elif element.name == "sub":
            self._put(" ".join(attributes["alias"].split()))
        else:
            language = self.builder.style.language or check_language(self._language)
            kind = attributes["interpret-as"].strip().lower()
            order = attributes.get("format")
            self._put(say_as("".join(element.text), kind, language, order))

    def _flush(self) -> None:
        """Put the text since the last tag, its white space collapsed."""
        if not self._stack or self._stack[-1].name in REPLACED:
            return
        text = "".join(self._stack[-1].text)
        self._stack[-1].text.clear()
        words = re.sub(f"[{_SPACE}]+", " ", text).strip(_SPACE)
        if words and self._stack[-1].name == "break":
            raise EmottsError(f"<break> before {self.place()} holds text; write it as <break/>")
        if text[:1] and text[0] in _SPACE:
            self.builder.separate()
        if words:
            self._put(words)
        if words and text[-1] in _SPACE:
            self.builder.separate()

    def _put(self, text: str) -> None:
        """Put text; brackets in it are text, but for phonemes as [[…]]."""
        end = 0
        for match in OVERRIDE.finditer(text):
            self._put_text(text[end : match.start()])
            self.builder.put(match[0])
            end = match.end()
        self._put_text(text[end:])

    def _put_text(self, text: str) -> None:
        for tag in re.findall(r"\[([^\[\]]*)\]", text):
            if is_tag(tag, self._names):
                raise EmottsError(f"the tag [{tag}] before {self.place()} is no SSML; write an "
                                  "element, or take <speak> away")  # fmt: skip
        self.builder.put_literally(text)


def _check_attributes(name: str, attributes: Mapping[str, str]) -> None:
    allowed = [attribute.rstrip("!") for attribute in ELEMENTS[name].split()]
    for attribute, value in attributes.items():
        if name == "speak" and attribute.startswith("xmlns:"):
            continue
        if attribute not in allowed:
            like = closest(attribute, allowed)
            choices = ", ".join(allowed)
            raise EmottsError(f"unknown attribute {attribute!r}{like}; it has {choices}")
        if not value.strip():
            raise EmottsError(f"the attribute {attribute!r} is empty; give it a value or leave it")
    for attribute in ELEMENTS[name].split():
        if attribute.endswith("!") and attribute.rstrip("!") not in attributes:
            raise EmottsError(f"the attribute {attribute.rstrip('!')!r} is missing")
    if name == "speak" and attributes.get("version", "1.1") not in ("1.0", "1.1"):
        raise EmottsError(f"unknown version {attributes['version']!r}; choose from 1.0, 1.1")
