import struct

import numpy as np
import pytest

from emotts.errors import EmottsError
from emotts.evaluation.whisper_layers import WhisperLayers, read_weights

torch = pytest.importorskip("torch")
NUMBERS = {"float32": 0, "int8": 1, "int16": 2}
WIDTH, BANDS, BLOCKS = 8, 5, 3


def _text(text):
    return struct.pack("<H", len(text) + 1) + text.encode() + b"\0"


def _write(folder, arrays):
    with open(folder / "model.bin", "wb") as file:
        file.write(struct.pack("<I", 6) + _text("WhisperSpec") + struct.pack("<II", 3, len(arrays)))
        for name, array in arrays.items():
            file.write(_text(name) + struct.pack(f"<B{array.ndim}I", array.ndim, *array.shape))
            file.write(struct.pack("<BI", NUMBERS[str(array.dtype)], array.nbytes))
            file.write(array.tobytes())
    return folder


@pytest.fixture
def arrays():
    """An encoder of made weights, and one array of the decoder that is left out."""
    rng = np.random.default_rng(0)
    shapes = {
        "conv1/weight": (WIDTH, BANDS, 3), "conv1/bias": (WIDTH,),
        "conv2/weight": (WIDTH, WIDTH, 3), "conv2/bias": (WIDTH,),
        "position_encodings/encodings": (50, WIDTH),
    }  # fmt: skip
    for index in range(BLOCKS):
        for half, inner, outer in (("self_attention", 3 * WIDTH, WIDTH), ("ffn", 16, 16)):
            name = f"layer_{index}/{half}"
            shapes |= {f"{name}/layer_norm/gamma": (WIDTH,), f"{name}/layer_norm/beta": (WIDTH,)}
            shapes |= {f"{name}/linear_0/weight": (inner, WIDTH), f"{name}/linear_0/bias": (inner,)}
            shapes |= {f"{name}/linear_1/weight": (WIDTH, outer), f"{name}/linear_1/bias": (WIDTH,)}
    made = {f"encoder/{k}": rng.normal(size=v).astype(np.float32) for k, v in shapes.items()}
    made["encoder/num_heads"] = np.array(2, dtype=np.int16)
    return made | {"decoder/x": np.zeros(3, np.float32)}


def test_every_layer_of_a_clip_at_its_own_length(arrays, tmp_path):
    layers = WhisperLayers(_write(tmp_path, arrays))
    mel = np.random.default_rng(1).normal(size=(BANDS, 14))
    frames = layers.frames(mel)
    assert (layers.bands, layers.blocks) == (BANDS, BLOCKS)
    assert frames.shape == (1 + BLOCKS, 7, WIDTH)
    np.testing.assert_allclose(frames.mean(axis=-1), 0, atol=1e-5)
    np.testing.assert_allclose(frames.std(axis=-1), 1, atol=1e-3)
    np.testing.assert_allclose(layers.frames(mel, blocks=1), frames[:2], atol=1e-5)


def test_integers_come_out_over_their_scales(arrays, tmp_path):
    name = "encoder/conv1/weight"
    scale = 127 / np.abs(arrays[name]).reshape(WIDTH, -1).max(axis=1)
    rounded = np.rint(arrays[name] * scale[:, None, None]).astype(np.int8)
    kept = arrays | {name: rounded, f"{name}_scale": scale.astype(np.float32)}
    read = read_weights(_write(tmp_path, kept) / "model.bin")
    assert set(read) == {key[8:] for key in arrays if key.startswith("encoder/")}
    np.testing.assert_allclose(read["conv1/weight"], arrays[name], atol=0.02)


@pytest.mark.parametrize("content", [b"", b"RIFF of something else", b"\6\0\0\0\3\0ab\0"])
def test_a_file_of_another_format_is_refused(content, tmp_path):
    (tmp_path / "model.bin").write_bytes(content)
    with pytest.raises(EmottsError, match="is not a Whisper model"):
        read_weights(tmp_path / "model.bin")


@pytest.mark.slow
def test_the_last_layer_is_what_ctranslate2_returns():
    whisper = pytest.importorskip("faster_whisper")
    from emotts.evaluation.words import whisper_folder

    try:
        folder = whisper_folder()
    except EmottsError as error:
        pytest.skip(str(error))
    tone = np.sin(np.cumsum(np.linspace(0.05, 0.2, 32000))).astype(np.float32)
    model = whisper.WhisperModel(str(folder), device="cpu", compute_type="float32")
    mel = model.feature_extractor(tone, padding=0)
    theirs = np.asarray(model.encode(mel))[0]
    weights = read_weights(folder / "model.bin")
    ours = WhisperLayers(folder).frames(mel)[-1]
    ours = ours * weights["layer_norm/gamma"] + weights["layer_norm/beta"]
    np.testing.assert_allclose(ours, theirs, atol=1e-2)
