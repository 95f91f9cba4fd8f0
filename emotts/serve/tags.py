"""Tags at the head of a stream, named as `emotts provenance` and other readers look for them.

FFmpeg calls a comment DESCRIPTION in flac and ogg and TXXX in mp3; libsndfile reads COMMENT and
COMM alone.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

FRAMES = {"software": b"TSSE", "comment": b"COMM"}
THEIRS, OURS = b"DESCRIPTION=", b"COMMENT=    "  # of one length: JSON may begin with blanks


def id3_head(tags: Mapping[str, str]) -> bytes:
    """An ID3v2.3 tag, as it stands before an mp3's first frame (id3.org, "ID3 tag version 2.3.0").

    tags: of `provenance_tags`; others are left out.
    """
    body = b""
    for name, frame in FRAMES.items():
        if name in tags:
            text = tags[name].encode("utf-16")  # with its byte order mark
            language = b"eng" + "".encode("utf-16") + b"\0\0" if frame == b"COMM" else b""
            content = b"\1" + language + text
            body += frame + struct.pack(">IH", len(content), 0) + content
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\3\0\0" + size + body


def commented(head: bytes) -> bytes:
    """The head of a flac or ogg stream as FFmpeg writes it, with the comment under its own name."""
    if THEIRS not in head:
        return head
    renamed = head.replace(THEIRS, OURS, 1)
    return _with_checksums(renamed) if head.startswith(b"OggS") else renamed


def _with_checksums(pages: bytes) -> bytes:
    """Whole ogg pages with the checksums they should have (RFC 3533)."""
    out, start = bytearray(pages), 0
    while out[start : start + 4] == b"OggS":
        count = out[start + 26]
        end = start + 27 + count + sum(out[start + 27 : start + 27 + count])
        if end > len(out):
            break
        out[start + 22 : start + 26] = bytes(4)
        out[start + 22 : start + 26] = struct.pack("<I", _checksum(out[start:end]))
        start = end
    return bytes(out)


def _checksum(page: bytes) -> int:
    found = 0
    for byte in page:
        found = (found << 8) & 0xFFFFFFFF ^ _TABLE[found >> 24 ^ byte]
    return found


def _entry(value: int) -> int:
    for _ in range(8):
        value = (value << 1 ^ (0x04C11DB7 if value & 0x80000000 else 0)) & 0xFFFFFFFF
    return value


_TABLE = [_entry(byte << 24) for byte in range(256)]
