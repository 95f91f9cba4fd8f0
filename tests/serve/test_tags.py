import json

import av
import numpy as np
import pytest

from emotts.audio.provenance import provenance_tags, read_provenance
from emotts.serve.formats import encoded, encoder
from emotts.serve.tags import commented, id3_head

TONE = (0.3 * np.sin(2 * np.pi * 300 * np.arange(24000) / 24000)).astype(np.float32)


def streamed(kind: str, text: str) -> tuple[bytes, dict]:
    told = {"emotts": "0", "text": text, "seed": 7}
    chunks = encoded([TONE, TONE], lambda: encoder(kind, provenance_tags(told)))
    return b"".join(chunks), told


@pytest.mark.parametrize("kind", ["mp3", "opus", "flac"])
@pytest.mark.parametrize(
    "text", ["plain", "", "żółć é — 😀", "DESCRIPTION= OggS \x00", "żółć " * 20_000]
)
def test_what_a_stream_tells_is_read_back(kind, text, tmp_path):
    data, told = streamed(kind, text)
    path = tmp_path / f"a.{kind}"
    path.write_bytes(data)
    assert read_provenance(path) == told
    with av.open(str(path)) as file:  # another reader hears all of it and complains of nothing
        seconds = sum(frame.samples / frame.sample_rate for frame in file.decode(audio=0))
    assert seconds == pytest.approx(2, abs=0.12)


def test_an_mp3_s_tag_is_where_a_reader_of_ffmpeg_looks(tmp_path):
    path = tmp_path / "a.mp3"
    path.write_bytes(streamed("mp3", "żółć")[0])
    with av.open(str(path)) as file:
        assert json.loads(file.metadata["comment"])["text"] == "żółć"


def test_heads_without_a_comment_are_left_alone():
    for head in (b"", b"OggS" + bytes(40), b"fLaC" + bytes(40), b"DESCRIPTIO"):
        assert commented(head) == head


def test_an_id3_head_without_tags_is_ten_bytes():
    assert id3_head({}) == b"ID3\3" + bytes(6)
    assert id3_head({"other": "a"}) == id3_head({})
