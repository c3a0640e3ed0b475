"""Which of many surprising counts may be called a find?"""

import numpy as np

from correlation.domain.arrays import Floats


def adjusted(p_values: Floats) -> Floats:
    """Return Benjamini and Hochberg's q-values, one per p-value, in the given order.

    Range: 0 to 1, never below its p-value. Calling all with q <= r finds leaves at most
    a share r of false ones on average.
    Source: Benjamini and Hochberg 1995; DESIGN section 6, step 6.
    """
    count = len(p_values)
    order = np.argsort(p_values)  # equal ones get one q-value in any order
    stepped = p_values[order] * count / np.arange(1, count + 1)
    q_values = np.empty(count)
    q_values[order] = np.minimum.accumulate(stepped[::-1])[::-1].clip(max=1.0)
    return q_values
