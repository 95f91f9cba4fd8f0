"""What a mel spectrogram was made with, and log-mels of any such making.

The networks of emotts all read `MEL_24K`. `MEL_44K` is for vocoders: the mel of BigVGAN v2's
published 44.1 kHz generators, so that theirs and ours can stand in for each other.
"""

from dataclasses import asdict, dataclass, fields

import numpy as np

from emotts.audio.constants import HOP_LENGTH, LOG_FLOOR, MEL_FMAX, N_FFT, N_MELS, SAMPLE_RATE
from emotts.audio.mel import magnitude, mel_bands, mel_filters
from emotts.errors import EmottsError

SCALES = ("slaney", "htk")
PADDINGS = ("same", "center")


@dataclass(frozen=True)
class MelConfig:
    """Everything that two log-mels must share to mean the same.

    sample_rate, fmin, fmax: Hz; n_fft, hop_length: samples; floor: of the mel before the natural
    logarithm. scale: of frequency; slaney's triangles have unit area, htk's unit height. padding:
    "same" has a frame centred on every hop, "center" one at every multiple of the hop.
    Raises EmottsError for values that no spectrogram can have.
    """

    sample_rate: int = SAMPLE_RATE
    n_fft: int = N_FFT
    hop_length: int = HOP_LENGTH
    n_mels: int = N_MELS
    fmin: float = 0.0
    fmax: float = MEL_FMAX
    floor: float = LOG_FLOOR
    scale: str = "slaney"
    padding: str = "same"

    def __post_init__(self):
        if self.scale not in SCALES or self.padding not in PADDINGS:
            raise EmottsError(
                f"a mel of scale {self.scale!r} and padding {self.padding!r} is not known; scales "
                f"are {', '.join(SCALES)}, paddings {', '.join(PADDINGS)}"
            )
        if not (0 < self.hop_length <= self.n_fft and self.n_mels > 0 and self.floor > 0):
            raise EmottsError(
                "a mel needs a hop_length of 1 to n_fft, one band or more and a floor above 0, not "
                f"{self.hop_length}, {self.n_mels} and {self.floor:g}"
            )
        if not 0 <= self.fmin < self.fmax <= self.sample_rate / 2:
            raise EmottsError(
                f"a mel's bands lie between 0 and half of {self.sample_rate} Hz, not between "
                f"{self.fmin:g} and {self.fmax:g} Hz"
            )

    @property
    def frame_rate(self) -> float:
        """Frames a second."""
        return self.sample_rate / self.hop_length

    def differences(self, other: "MelConfig") -> list[str]:
        """What is otherwise than in `other`, such as "n_mels 100 for 80"."""
        mine, theirs = asdict(self), asdict(other)
        return [
            f"{name} {_shown(mine[name])} for {_shown(theirs[name])}"
            for name in mine
            if mine[name] != theirs[name]
        ]

    def filters(self) -> np.ndarray:
        """Triangular filters (n_mels, n_fft // 2 + 1), float32."""
        return mel_filters(*self._described())

    def _described(self) -> tuple:
        return self.sample_rate, self.n_fft, self.n_mels, self.fmax, self.fmin, self.scale

    def log_mel(self, samples: np.ndarray) -> np.ndarray:
        """samples: (n,) at `sample_rate`. Returns (n_mels, frames), natural log, float32.

        n // hop_length frames, and one more where the padding is "center".
        """
        samples = np.asarray(samples, dtype=np.float32)
        if self.padding == "center":
            spectrum = _centred(samples, self.n_fft, self.hop_length)
        else:
            spectrum = magnitude(samples, self.n_fft, self.hop_length)
        return np.log(np.maximum(mel_bands(spectrum, *self._described()), np.float32(self.floor)))


MEL_24K = MelConfig()
MEL_44K = MelConfig(sample_rate=44100, n_fft=2048, hop_length=512, n_mels=128, fmax=22050.0)
MELS = {"24k": MEL_24K, "44k": MEL_44K}


def mel_named(name: str) -> MelConfig:
    """The configuration that a recipe calls by name; EmottsError names those there are."""
    if name not in MELS:
        raise EmottsError(f"there is no mel {name!r}; choose from {', '.join(MELS)}")
    return MELS[name]


def mel_from(values: dict) -> MelConfig:
    """The configuration that was stored as a mapping; EmottsError for an unknown field."""
    known = {field.name for field in fields(MelConfig)}
    if unknown := set(values) - known:
        raise EmottsError(
            f"a mel has no {', '.join(sorted(unknown))}; it has {', '.join(sorted(known))}"
        )
    return MelConfig(**values)


def _centred(samples: np.ndarray, n_fft: int, hop: int) -> np.ndarray:
    """STFT magnitude with frames at 0, hop, 2 hop…: (n,) -> (n_fft // 2 + 1, n // hop + 1)."""
    mode = "reflect" if len(samples) > n_fft // 2 else "constant"
    padded = np.pad(samples, n_fft // 2, mode=mode)
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n_fft) / n_fft)).astype(np.float32)
    view = np.lib.stride_tricks.sliding_window_view(padded, n_fft)[::hop]
    return np.abs(np.fft.rfft(view * window, axis=1)).T.astype(np.float32)


def _shown(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"
