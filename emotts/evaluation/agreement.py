"""How well what was heard follows what was asked: rank correlation, concordance, order, lines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from emotts.evaluation.bootstrap import Interval, bootstrap

UNHEARD = 0.05  # a rise of probability from level 0 to 1 below this is no curve to calibrate


def spearman(asked: Sequence[float], heard: Sequence[float]) -> float:
    """Spearman's ρ of two rows (n,); NaN where either does not vary or n < 2."""
    from scipy.stats import rankdata

    asked, heard = np.asarray(asked, dtype=np.float64), np.asarray(heard, dtype=np.float64)
    if len(asked) < 2 or np.ptp(asked) == 0 or np.ptp(heard) == 0:
        return float("nan")
    return float(np.corrcoef(rankdata(asked), rankdata(heard))[0, 1])


def concordance(asked: Sequence[float], heard: Sequence[float]) -> float:
    """Lin's concordance correlation coefficient (1989): 1 only where heard equals asked."""
    asked, heard = np.asarray(asked, dtype=np.float64), np.asarray(heard, dtype=np.float64)
    spread = asked.var() + heard.var() + (asked.mean() - heard.mean()) ** 2
    covariance = ((asked - asked.mean()) * (heard - heard.mean())).mean()
    return float(2 * covariance / spread) if spread > 0 else float("nan")


def ordered_share(lower: Sequence[float], higher: Sequence[float]) -> float:
    """Share of pairs where what should be higher is; a tie counts half."""
    lower, higher = np.asarray(lower), np.asarray(higher)
    if not len(lower):
        return float("nan")
    return float(np.mean((higher > lower) + 0.5 * (higher == lower)))


def calibration_error(levels: Sequence[float], heard: Sequence[float]) -> float:
    """Mean absolute deviation from a straight line of a mean curve rescaled between 0 and 1.

    levels, heard: (k,), with levels 0 and 1 among them; only the levels strictly between count,
    the ends lie on the line by construction. NaN where the curve rises by less than UNHEARD.
    """
    curve = dict(zip(map(float, levels), map(float, heard), strict=True))
    rise = curve[1.0] - curve[0.0]
    inner = [level for level in curve if 0 < level < 1]
    if rise < UNHEARD or not inner:
        return float("nan")
    return float(np.mean([abs((curve[level] - curve[0.0]) / rise - level) for level in inner]))


def finite_mean(values: Sequence[float]) -> float:
    """Mean of the finite values; NaN if there is none."""
    values = np.asarray(values, dtype=np.float64)
    kept = values[np.isfinite(values)]
    return float(kept.mean()) if len(kept) else float("nan")


def mean_interval(values: Sequence[float]) -> Interval | None:
    """`finite_mean` with its interval over the values; None if none is finite.

    One value has no interval: its ends are NaN.
    """
    values = np.asarray(values, dtype=np.float64)
    if not np.isfinite(values).any():
        return None
    if len(values) == 1:
        return Interval(float(values[0]), float("nan"), float("nan"))
    return bootstrap(lambda rows: finite_mean(values[rows]), len(values))
