"""How surprising is a count? Binomial tails on arrays, without a statistics package.

scipy would add 35 MB for three functions; one continued fraction gives all of them.
"""

import math
from typing import NamedTuple

import numpy as np

from correlation.domain.arrays import Floats, Index

_CHUNK = 8192
_PRECISION = 1e-15
_TINY = 1e-300
_LONGEST_FRACTION = 100_000  # its length grows with the root of the trials


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
    with np.errstate(divide="ignore", invalid="ignore"):
        log_rate = np.where(hits > 0, hits * np.log(rate), 0.0)
    point = np.exp(
        log_factorials[trials]
        - log_factorials[hits]
        - log_factorials[misses]
        + log_rate
        + misses * np.log1p(-rate)
    )
    above = hits >= (trials + 1) * rate
    a = np.where(above, hits, misses + 1).astype(float)
    b = np.where(above, misses + 1, hits).astype(float)
    x = np.where(above, rate, 1 - rate)
    front = point * (1 - rate) * np.where(above, 1.0, hits / (misses + 1))
    inner = (hits > 0) & (front > 0)
    small = np.zeros(len(hits))
    small[inner] = front[inner] * _continued_fraction(a[inner], b[inner], x[inner])
    small = np.where(above & (hits == 0), 1.0, np.minimum(small, 1.0))
    return Tails(
        point, np.where(above, small, 1 - small), np.where(above, 1 - small, small)
    )


def _continued_fraction(a: Floats, b: Floats, x: Floats) -> Floats:
    """Return the fraction of the incomplete beta function, by Lentz's method.

    Source: NIST Digital Library of Mathematical Functions, 8.17.22; it converges fast
    for x < (a + 1) / (a + b + 2), which the caller's choice of tail ensures.
    """
    c = np.ones_like(x)
    d = 1 / _not_zero(1 - (a + b) * x / (a + 1))
    value = d.copy()
    for step in range(1, _LONGEST_FRACTION):
        two = 2 * step
        for numerator in (
            step * (b - step) * x / ((a + two - 1) * (a + two)),
            -(a + step) * (a + b + step) * x / ((a + two) * (a + two + 1)),
        ):
            d = 1 / _not_zero(1 + numerator * d)
            c = _not_zero(1 + numerator / c)
            change = c * d
            value *= change
        if np.abs(change - 1).max(initial=0) < _PRECISION:
            break
    return value


def _not_zero(values: Floats) -> Floats:
    return np.where(np.abs(values) < _TINY, _TINY, values)
