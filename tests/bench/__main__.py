"""``make bench``: run every measurement beside this file, one after the other.

Each is a module of its own (``python -m tests.bench.NAME``) that starts what it needs,
prints ratios within one run, and fails when one misses its target.
"""

import subprocess
import sys
from pathlib import Path
from pkgutil import iter_modules


def main():
    names = [module.name for module in iter_modules([str(Path(__file__).parent)])]
    failed = []
    for name in sorted(set(names) - {"__main__"}):
        sys.stdout.write(f"== {name}\n")
        sys.stdout.flush()
        if subprocess.run(
            [sys.executable, "-m", f"tests.bench.{name}"], check=False
        ).returncode:
            failed.append(name)
    if failed:
        sys.stderr.write(f"Missed: {', '.join(failed)}\n")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
