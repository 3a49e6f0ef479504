"""When a running comparison may be looked at: fixed beforehand, with the error shared among the looks.

"Go on until decided" with intervals of 95 % supports a claim at its edge three times as often as promised.
"""

from __future__ import annotations

from dataclasses import dataclass

from cdk_inference.core.errors import Problem, raise_problems

PAIRS_DEFAULT = 10
PAIRS_MIN = 6  # below that the interval is wide: 54 % at 4 pairs against 37 % at 6 in the calibration
PAIRS_MAX = 200
# Two-sided nominal level per look for 5 % in all, by number of looks.
# Pocock, Group sequential methods in the design and analysis of clinical trials, Biometrika 64 (1977), table 1.
ALPHAS = {1: 0.05, 2: 0.0294, 3: 0.0221, 4: 0.0182, 5: 0.0158}


@dataclass(frozen=True, kw_only=True)
class Looks:
    """The numbers of pairs at which a verdict may be given.

    Args:
        pairs: One to five numbers of pairs, 6 to 200, growing. Default: one look at 10 pairs.
    """

    pairs: tuple[int, ...] = (PAIRS_DEFAULT,)

    def __post_init__(self) -> None:
        whole = all(type(one) is int and PAIRS_MIN <= one <= PAIRS_MAX for one in self.pairs)
        if not whole or len(self.pairs) not in ALPHAS or list(self.pairs) != sorted(set(self.pairs)):
            allowed = f"1 to {len(ALPHAS)} whole numbers from {PAIRS_MIN} to {PAIRS_MAX}, growing"
            fix = "write (10,) for one look, (6, 10, 20) for three"
            raise_problems("looks", Problem("pairs", self.pairs, allowed, fix))

    @property
    def alpha(self) -> float:
        """The two-sided level of each look."""
        return ALPHAS[len(self.pairs)]

    def reached(self, pairs: int) -> tuple[int, ...]:
        """Returns the looks that `pairs` complete pairs allow."""
        return tuple(one for one in self.pairs if one <= pairs)
