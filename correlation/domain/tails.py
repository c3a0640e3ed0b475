"""How surprising is a count? Binomial tails on arrays, without a statistics package.

scipy would add 35 MB for three functions; one short series gives all of them.
"""

import math
from typing import NamedTuple

import numpy as np

from correlation.domain.arrays import Floats, Index

_CHUNK = 8192
_PRECISION = 1e-16
_TINY = np.finfo(np.float64).tiny  # its reciprocal is finite
_TERMS_AT_ONCE = 12  # before asking which counts are done: one too many adds nothing


class Tails(NamedTuple):
    """For X ~ Binomial(n, p) and each count k: P(X = k), P(X >= k) and P(X < k)."""

    point: Floats
    upper: Floats
    lower: Floats


def binomial_tails(hits: Index, trials: Index, rate: Floats) -> Tails:
    """Return the probabilities of ``hits`` out of ``trials`` at ``rate``, elementwise.

    Range: 0 <= hits <= trials and 0 <= rate < 1. Each tail is computed as such where it
    is the smaller one, so that tiny probabilities keep about 12 digits.
    """
    log_factorials = np.array(
        [math.lgamma(k + 1.0) for k in range(int(trials.max(initial=0)) + 1)]
    )
    tails = Tails(*(np.empty(len(hits)) for _ in Tails._fields))
    for start in range(0, len(hits), _CHUNK):
        part = slice(start, start + _CHUNK)
        found = _tails(hits[part], trials[part], rate[part], log_factorials)
        for whole, piece in zip(tails, found, strict=True):
            whole[part] = piece
    return tails


def _tails(hits: Index, trials: Index, rate: Floats, log_factorials: Floats) -> Tails:
    misses = trials - hits
    above = hits >= (trials + 1) * rate
    with np.errstate(divide="ignore", invalid="ignore"):
        log_rate = np.where(hits > 0, hits * np.log(rate), 0.0)
        odds = np.where(above, rate / (1 - rate), (1 - rate) / rate.clip(_TINY))
    point = np.exp(
        log_factorials[trials]
        - log_factorials[hits]
        - log_factorials[misses]
        + log_rate
        + misses * np.log1p(-rate)
    )
    series = _series(
        np.where(above, misses, hits), np.where(above, hits, misses) + 1, odds
    )
    beyond = point * series
    upper = np.where(above, np.minimum(point * (1 + series), 1.0), 1 - beyond)
    return Tails(point, upper, np.where(above, 1 - upper, beyond))


def _series(tops: Index, bottoms: Index, odds: Floats) -> Floats:
    """Return t/b x + t(t-1)/(b(b+1)) x^2 + ..., to the last digit that counts.

    These are the point probabilities next to a count, as multiples of its own, walking
    away from the mean: each is smaller than the one before.
    """
    result, rows = np.empty(len(odds)), np.arange(len(odds))
    top, bottom, x = tops.astype(float), bottoms.astype(float), odds
    total, term = np.zeros(len(odds)), np.ones(len(odds))
    while len(rows):
        for _ in range(_TERMS_AT_ONCE):
            term *= top / bottom * x
            total += term
            top -= 1
            bottom += 1
        going = term > total * _PRECISION
        if 2 * np.count_nonzero(going) <= len(going):
            result[rows[~going]] = total[~going]
            rows, total, term = rows[going], total[going], term[going]
            top, bottom, x = top[going], bottom[going], x[going]
    return result
