"""From written text to phonemes: normalisation, espeak-ng, one table of IPA symbols."""
