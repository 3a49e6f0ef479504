"""Student's t distribution in plain Python: the regularized incomplete beta function and its inverse by bisection.

The continued fraction is the one of DLMF 8.17.22 (https://dlmf.nist.gov/8.17#v, read 2026-11-29), evaluated by the
modified Lentz method. Compared with scipy in tests/unit/proof/test_statistics.py.
"""

from __future__ import annotations

import functools
import math

_TINY = 1e-300
_CLOSE = 1e-15


def t_upper_tail(t: float, degrees: int) -> float:
    """Returns P(T > t) for `degrees` (1 or more) degrees of freedom."""
    half = 0.5 * _beta(degrees / (degrees + t * t), degrees / 2, 0.5)
    return half if t >= 0 else 1 - half


@functools.cache
def t_quantile(probability: float, degrees: int) -> float:
    """Returns t with P(T <= t) = `probability` (above 0, below 1)."""
    if not 0 < probability < 1 or degrees < 1:
        raise ValueError(f"no quantile of probability {probability} with {degrees} degrees of freedom")
    tail = min(probability, 1 - probability)
    low, high = 0.0, 1.0
    while t_upper_tail(high, degrees) > tail:
        low, high = high, high * 2
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if t_upper_tail(middle, degrees) > tail else (low, middle)
    return math.copysign(high, probability - 0.5) if probability != 0.5 else 0.0


def _beta(x: float, a: float, b: float) -> float:
    """The regularized incomplete beta function I_x(a, b)."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    logarithm = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    if x < (a + 1) / (a + b + 2):
        return math.exp(logarithm) * _fraction(x, a, b) / a
    return 1 - math.exp(logarithm) * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, 500):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _away_from_zero(1 + numerator * d)
            c = _away_from_zero(1 + numerator / c)
            factor = c * d
            value *= factor
        if abs(factor - 1) < _CLOSE:
            return value
    return value


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
