"""Print what the method reaches on every level; exit 1 when it is not enough."""

import argparse
import sys

from tests.truth.foreign import FOREIGN, UNSOLVED
from tests.truth.levels import LEVELS
from tests.truth.report import GATES, VARIED_GATE, LevelReport, level_report
from tests.truth.variations import VARIATIONS

ROW = "{:16} {:18} {:>9} {:>7} {:>6} {:>6}"


def printed(report: LevelReport) -> str:
    """Return the lines of one level."""
    lines = [
        ROW.format(
            report.level,
            name,
            f"{found.precision:.3f}",
            f"{found.recall:.3f}",
            f"{found.f1:.3f}",
            f"{found.false_discovery_rate:.3f}",
        )
        for name, found in report.rivals.items()
    ]
    lines.append(
        f"{'':16} direction {report.direction:.3f}   Brier {report.brier:.4f}   "
        f"calibration error {report.calibration:.4f}   "
        f"false links in 400 unlinked pairs {report.false_links:.2f}"
    )
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=16, help="worlds per level")
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument(
        "--varied", action="store_true", help="worlds made of other things as well"
    )
    asked = parser.parse_args()
    seeds = range(asked.first, asked.first + asked.seeds)
    out = sys.stdout.write
    out(ROW.format("level", "rule", "precision", "recall", "F1", "FDR") + "\n")
    short: list[str] = []
    gates = dict(GATES)
    if asked.varied:
        gates |= {varied.name: VARIED_GATE for varied in (*VARIATIONS, *FOREIGN)}
    others = (*VARIATIONS, *FOREIGN, UNSOLVED) if asked.varied else ()
    for level in (*LEVELS, *others):
        report = level_report(level, seeds)
        out(printed(report) + "\n")
        if level.name in gates:
            short += gates[level.name].failures(report)
    out("\n".join(short or ["Every gate is passed."]) + "\n")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
