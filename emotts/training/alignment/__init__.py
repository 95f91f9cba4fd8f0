"""Forced alignment of phones to pairs of mel frames by hidden Markov models."""

from emotts.training.alignment.align import Alignment, AlignmentItem, align, train_aligner
from emotts.training.alignment.features import mfcc_pairs, normalise_speakers, speaker_statistics
from emotts.training.alignment.model import AlignerModel

__all__ = [
    "AlignerModel",
    "Alignment",
    "AlignmentItem",
    "align",
    "mfcc_pairs",
    "normalise_speakers",
    "speaker_statistics",
    "train_aligner",
]
