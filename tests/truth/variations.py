"""Does the method hold where worlds are made of other things than the levels?"""

from dataclasses import replace

from tests.truth.levels import LEVELS

_EASY, _MEDIUM, _HARD, _BRUTAL = LEVELS

VARIATIONS = (
    replace(_MEDIUM, name="30 days", days=30),
    replace(_MEDIUM, name="2 channels", channels=2),
    replace(_MEDIUM, name="10 channels", channels=10),
    replace(_MEDIUM, name="failing seldom", episodes_per_day=0.15),
    replace(_MEDIUM, name="failing often", episodes_per_day=4.0),
    replace(_MEDIUM, name="in clusters", echo=0.6),
    replace(_MEDIUM, name="in pairs", pairs=20),
    replace(_MEDIUM, name="many reds", own_failures=(1.5, 6.0)),
    replace(_MEDIUM, name="rare tests", tiny=60, own_failures=(0.01, 0.05)),
    replace(_MEDIUM, name="many tests", quiet=250, by_clock=60),
    replace(_HARD, name="laggards", laggards=20, companions=20),
    replace(_HARD, name="late sight", missed=0.2, split=0.3),
    replace(_MEDIUM, name="by the week", weekly=12, quiet=20),
    replace(_MEDIUM, name="in trouble", in_trouble=12, quiet=20, trouble=0.1),
)
