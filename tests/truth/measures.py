"""How good is an answer? Precision, recall, direction, Brier score, calibration."""

from dataclasses import dataclass

import numpy as np

from correlation.domain.verdicts import Direction

BINS = 10


@dataclass(frozen=True)
class Found:
    """Links claimed against links built in."""

    right: int
    wrong: int
    overlooked: int

    @property
    def precision(self):
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self):
        return self.right / max(self.right + self.overlooked, 1)

    @property
    def f1(self):
        return 2 * self.right / max(2 * self.right + self.wrong + self.overlooked, 1)

    @property
    def false_discovery_rate(self):
        return 1 - self.precision if self.right + self.wrong else 0.0


def found(claims, truths) -> Found:
    """Return what flags claim against what is true, both of one shape."""
    claims, truths = np.concatenate(claims), np.concatenate(truths)
    return Found(
        int((claims & truths).sum()),
        int((claims & ~truths).sum()),
        int((~claims & truths).sum()),
    )


def direction_accuracy(directions, truths):
    """Return the share of rightly ordered pairs among real links that were seen."""
    directions, truths = np.concatenate(directions), np.concatenate(truths)
    seen = (directions != Direction.NONE) & (truths != Direction.NONE)
    return float((directions == truths)[seen].mean()) if seen.any() else 1.0


def brier(confidences, truths):
    """Return the mean squared error of probabilities; 0 is perfect."""
    return float(np.mean((np.concatenate(confidences) - np.concatenate(truths)) ** 2))


def calibration_error(confidences, truths):
    """Return the expected calibration error over ten equal bins."""
    confidences = np.concatenate(confidences).ravel()
    truths = np.concatenate(truths).ravel()
    bins = np.minimum((confidences * BINS).astype(int), BINS - 1)
    gaps = [
        abs((confidences[bins == b] - truths[bins == b]).sum()) for b in range(BINS)
    ]
    return float(sum(gaps) / len(truths))
