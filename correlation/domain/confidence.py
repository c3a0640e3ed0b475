"""How sure may one be that a link is real, given how rare real links are here?"""

import numpy as np

from correlation.domain.arrays import Floats, Index
from correlation.domain.tails import Tails

_HIGHEST_PRIOR = 0.5
_LARGEST_LOGARITHM = 600.0
_HALVINGS = 40  # of an interval of a half: exact to a millionth of a millionth


def bayes_factors(tails: Tails, trials: Index, rate: Floats) -> Floats:
    """Return how much likelier each count is under a real link than by chance.

    Under a link the hit rate may be anything from the chance ``rate`` to 1 with equal
    probability. ``tails`` are those of the hits at ``rate``. Range: above 0.
    Source: DESIGN section 6, step 9. No second tail is needed, because
    P(Beta(k+1, n-k+1) > p) = P(Binomial(n+1, p) <= k) = P(X < k) + (1 - p) P(X = k).
    """
    link = tails.lower + (1 - rate) * tails.point
    with np.errstate(divide="ignore"):
        logarithm = (
            np.log(link) - np.log((trials + 1) * (1 - rate)) - np.log(tails.point)
        )
    bounded = np.clip(logarithm, -_LARGEST_LOGARITHM, _LARGEST_LOGARITHM)
    return np.asarray(np.exp(bounded))


def link_share(factors: Floats) -> float:
    """Return the likeliest share of real links among the pairs, given their factors.

    Range: 1 / (pairs + 2) to 0.5. It is where expectation maximisation comes to rest;
    the likelihood is concave in the share, so halving an interval finds it sooner.
    """
    low, high = 1 / (len(factors) + 2), _HIGHEST_PRIOR
    gain = factors - 1
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if np.sum(gain / (1 + middle * gain)) > 0:
            low = middle
        else:
            high = middle
    return low


def posterior(factors: Floats) -> Floats:
    """Return the probability of a real link for each pair, 0 to 1."""
    share = link_share(factors)
    odds = share * factors
    return np.asarray(odds / (odds + 1 - share))
