"""``python -m tests.revenue.truth [SEEDS]``: the distribution of errors, as a table.

Exit 1 when an estimate with true assumptions is off by more than 5 %, or when the range
misses the truth in more than 10 % of the months whose leakage nobody knows.
"""

import sys
from statistics import mean, median, quantiles

from revenue.enums import Method
from tests.revenue.truth.estimate import CONFIGURED, Verdict, verdict
from tests.revenue.truth.world import BENCHMARK, live_a_month

TOLERANCE = 0.05
LEAST_COVERED = 0.90  # leakage is drawn up to the range's very edges


def true_assumptions(seed: int, method: Method) -> Verdict:
    month = live_a_month(seed, by_rate=method is Method.BY_RATE)
    return verdict(seed, month, method)


def unknown_leakage(seed: int, method: Method, seeds: int) -> Verdict:
    low, high = BENCHMARK
    leakage = low + (high - low) * (seed + 0.5) / seeds
    month = live_a_month(seed, by_rate=method is Method.BY_RATE, leakage=leakage)
    return verdict(seed, month, method, CONFIGURED)


def row(method: Method, seeds: int) -> tuple[str, bool]:
    """Return a method's line of the table, and whether it meets both thresholds."""
    found = [true_assumptions(seed, method) for seed in range(seeds)]
    unknown = [unknown_leakage(seed, method, seeds) for seed in range(seeds)]
    errors = [100 * each.error for each in found]
    within = sum(abs(each) <= 100 * TOLERANCE for each in errors) / seeds
    covered = sum(each.covered for each in unknown) / seeds
    cuts = quantiles(errors, n=20)
    text = (
        f"{method:12} {mean(errors):6.2f} {median(errors):6.2f} {cuts[0]:6.2f} "
        f"{cuts[-1]:6.2f} {max(errors, key=abs):7.2f} {within:10.1%} {covered:12.1%}"
    )
    return text, within == 1 and covered >= LEAST_COVERED


def main(seeds: int) -> int:
    rows = [row(method, seeds) for method in Method]
    lines = [
        f"{seeds} seeds, 30 days, 4 channels: estimate / truth - 1, in percent",
        "method        mean  median   p5     p95   worst  within 5 %  range covers",
        *(text for text, _met in rows),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return int(not all(met for _text, met in rows))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
