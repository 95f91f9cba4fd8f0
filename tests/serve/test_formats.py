import io

import numpy as np
import pytest
import soundfile

from emotts.serve.formats import FORMATS, encoded, encoder
from emotts.serve.uploads import decode_upload

RATE = 24000
TONE = (0.3 * np.sin(2 * np.pi * 300 * np.arange(RATE) / RATE)).astype(np.float32)
TAGS = {"software": "emotts", "comment": '{"text": "data fmt LIST żółć"}'}


@pytest.mark.parametrize("kind", [name for name in FORMATS if name != "pcm"])
@pytest.mark.parametrize("whole", [True, False])
def test_pieces_make_one_file(kind, whole):
    pieces = [TONE[:7], TONE[7:10_000], np.zeros(0, np.float32), TONE[10_000:]]
    data = b"".join(encoded(pieces, lambda: encoder(kind, TAGS, whole)))
    heard = decode_upload(data, 10)
    assert len(heard) == pytest.approx(RATE, abs=0.12 * RATE)
    spectrum = np.abs(np.fft.rfft(heard[:20_000] * np.hanning(20_000)))
    assert np.argmax(spectrum) * RATE / 20_000 == pytest.approx(300, abs=2)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_stream_begins_before_its_end_is_known(kind):
    chunks = encoded([TONE, TONE, TONE], lambda: encoder(kind, TAGS))
    assert len(next(chunks)) > 1000


def test_wav_is_exact_and_clipped():
    loud = np.array([-2, -1, 0, 0.5, 1, 2], np.float32)
    data = b"".join(encoded([loud], lambda: encoder("wav", TAGS)))
    samples, rate = soundfile.read(io.BytesIO(data), dtype="int16")
    assert rate == RATE and samples.tolist() == [-32767, -32767, 0, 16384, 32767, 32767]


def test_nothing_to_encode_gives_nothing():
    assert list(encoded([], lambda: encoder("wav", TAGS))) == []
