"""The project: the roof wires the three apps together, the cellar serves them.

It owns people, tokens, the audit trail and job runs, and knows nothing about channels,
money or tests except where the roof composes a page of all three.
"""

import os

# Set before numpy loads: workers are processes already, and the threads of one's matrix
# product would keep the others' cores busy with waiting.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
