"""Is a recording fit to train on? Measured on the clip itself, with what to do about it.

Text against audio is judged by *seconds of speech per phone*: people speak at 0.05 to 0.2 s a
phone, so a clip far outside, or far from its own speaker's median, says something else than its
text. It finds texts that are cut, doubled or swapped between clips of unlike length. It is no
recognizer: a wrong text of the right length passes, and shows in `emotts align`'s score later.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from emotts.audio.activity import level_dbfs, spans, speech_activity
from emotts.corpora.audio import own_rate, read_clip
from emotts.corpora.features import active_level_db
from emotts.errors import EmottsError

FULL_SCALE_RUN = 3  # equal samples at the peak: a flat top, not a peak
CLIPPED_FROM = 0.5  # of full scale: converters that clip do so somewhere above this
EDGE_SECONDS, SHORTEST, LONGEST = 0.75, 0.4, 20.0
LEAST_RATE, GOOD_RATE = 16000, 22050
QUIET_DBFS, LEAST_SNR_DB, GOOD_SNR_DB = -45.0, 10.0, 20.0
MOST_CLIPPED, SOME_CLIPPED = 1e-2, 1e-4
PHONE_SECONDS = (0.035, 0.28)
ODD_FACTOR, ENOUGH_CLIPS = 1.8, 5


@dataclass(frozen=True)
class Quality:
    """Measures of one clip.

    rate: Hz as stored. clipped: share of samples in flat tops. level: dBFS of active speech.
    snr: dB of speech over the recording's own background. lead, tail: silence in seconds.
    speech: seconds from the first to the last active frame. phone_seconds: speech by phones, or
    NaN where nothing can be pronounced.
    """

    rate: int
    seconds: float
    clipped: float
    level: float
    snr: float
    lead: float
    tail: float
    speech: float
    phone_seconds: float


@dataclass(frozen=True)
class Finding:
    """Something wrong with a clip. fatal: leave it out. advice: what to do, in a phrase."""

    clip: str
    what: str
    advice: str
    fatal: bool


def clipped_share(samples: np.ndarray) -> float:
    """Share of samples (n,) in runs of three or more that are equal and at the peak."""
    peak = float(np.abs(samples).max(initial=0.0))
    if peak < CLIPPED_FROM:
        return 0.0
    flat = np.abs(samples) >= peak * (1 - 1e-4)
    edges = np.diff(np.concatenate([[0], flat.astype(np.int8), [0]]))
    lengths = np.flatnonzero(edges == -1) - np.flatnonzero(edges == 1)
    return float(lengths[lengths >= FULL_SCALE_RUN].sum() / len(samples))


def signal_to_noise_db(samples: np.ndarray, active: np.ndarray) -> float:
    """Power of speech over that of the frames without, in dB.

    samples: (n,) at 24 kHz. active: (n // 256,). The median frame without speech is the
    background, so that breaths and decays at its edges do not count. Where somebody speaks all
    the time, the quietest twentieth of the frames stands for it. Digital silence counts as 90 dB
    below.
    """
    power = 10 ** (level_dbfs(samples)[: len(active)] / 10)
    if not active.any():
        return 0.0
    still = power[~active]
    noise = float(np.median(still)) if len(still) >= 5 else float(np.percentile(power, 5))
    speech = float(np.mean(power[active]))
    noise = max(noise, speech * 1e-9)
    return float(10 * np.log10(max(speech - noise, noise * 1e-3) / noise))


def phones_in(text: str, language: str) -> int:
    """How many phones a text has; 0 where nothing in it can be pronounced."""
    from emotts.text.phonemes import phonemize
    from emotts.text.symbols import PHONES

    try:
        return sum(symbol in PHONES for symbol in phonemize(text, language))
    except EmottsError:
        return 0


def measure(folder: str | Path, path: str, text: str, language: str) -> Quality:
    """Measure one clip. Raises EmottsError for audio that cannot be read."""
    rate = own_rate(folder, path)
    # Flat tops are no longer flat once resampled.
    clipped = clipped_share(read_clip(folder, path, rate))
    samples = read_clip(folder, path)
    seconds = len(samples) / 24000
    active = speech_activity(samples)
    parts = spans(active)
    lead, end = (parts[0][0], parts[-1][1]) if parts else (seconds, seconds)
    phones = phones_in(text, language)
    speech = end - lead
    return Quality(
        rate=rate,
        seconds=seconds,
        clipped=clipped,
        level=active_level_db(samples) if len(samples) >= 256 else -120.0,
        snr=signal_to_noise_db(samples, active),
        lead=lead,
        tail=max(seconds - end, 0.0),
        speech=speech,
        phone_seconds=speech / phones if phones else float("nan"),
    )


def findings(clip: str, quality: Quality, typical: float | None = None) -> list[Finding]:
    """What is wrong with a clip. typical: its speaker's median of seconds a phone."""
    q = quality
    found: list[Finding] = []

    def say(wrong: bool, what: str, advice: str, fatal: bool = False) -> None:
        if wrong:
            found.append(Finding(clip, what, advice, fatal))

    say(q.speech == 0, "no speech found", "record it again, or remove the row", True)
    if q.speech == 0:
        return found
    say(q.rate < LEAST_RATE, f"{q.rate} Hz", "find the original at 24 kHz or more", True)
    say(LEAST_RATE <= q.rate < GOOD_RATE, f"{q.rate} Hz: dull", "record at 24 kHz or more")
    say(q.clipped > MOST_CLIPPED, f"{q.clipped:.1%} clipped", "record it quieter", True)
    say(SOME_CLIPPED < q.clipped <= MOST_CLIPPED, f"{q.clipped:.2%} clipped", "record quieter")
    say(q.level < QUIET_DBFS, f"quiet, {q.level:.0f} dBFS", "raise the microphone's gain")
    say(q.snr < LEAST_SNR_DB, f"noisy, {q.snr:.0f} dB", "record in a quieter room", True)
    say(LEAST_SNR_DB <= q.snr < GOOD_SNR_DB, f"some noise, {q.snr:.0f} dB",
        "a quieter room, a nearer microphone")  # fmt: skip
    edges = f"silence of {q.lead:.1f} s before, {q.tail:.1f} s after"
    say(q.lead > EDGE_SECONDS or q.tail > EDGE_SECONDS, edges, "trim it to about 0.1 s")
    say(q.seconds < SHORTEST, f"{q.seconds:.1f} s short", "join it with its neighbour", True)
    say(q.seconds > LONGEST, f"{q.seconds:.0f} s long", "cut it at sentences")
    found += _against_text(clip, q.phone_seconds, typical)
    return found


def _against_text(clip: str, pace: float, typical: float | None) -> list[Finding]:
    lowest, highest = PHONE_SECONDS
    if np.isnan(pace):
        return [Finding(clip, "a text that cannot be pronounced", "write what is said", True)]
    if pace < lowest:
        return [Finding(clip, f"{pace:.3f} s a phone: text longer than speech",
                        "the text says more than the audio", True)]  # fmt: skip
    if pace > highest:
        return [Finding(clip, f"{pace:.2f} s a phone: speech longer than text",
                        "the audio says more than the text", True)]  # fmt: skip
    if typical and not 1 / ODD_FACTOR < pace / typical < ODD_FACTOR:
        return [Finding(clip, f"{pace:.3f} s a phone, usually {typical:.3f}",
                        "listen whether text and audio agree", False)]  # fmt: skip
    return []


def typical_pace(speakers: Sequence[str], measured: Sequence[Quality]) -> dict[str, float]:
    """Median seconds a phone of every speaker with enough clips to say."""
    paces = defaultdict(list)
    for speaker, quality in zip(speakers, measured, strict=True):
        if np.isfinite(quality.phone_seconds) and quality.phone_seconds > 0:
            paces[speaker].append(quality.phone_seconds)
    return {s: float(np.median(v)) for s, v in paces.items() if len(v) >= ENOUGH_CLIPS}
