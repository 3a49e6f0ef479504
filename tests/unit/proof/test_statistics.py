"""The distributions and intervals against values from scipy 1.17.1, and sums by hand."""

from __future__ import annotations

import math

import pytest

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.proof.interval import (
    differs_from_zero,
    further_pairs,
    geometric_interval,
    mean_interval,
    share_interval,
    slope_p_value,
)
from cdk_inference.proof.looks import Looks
from cdk_inference.proof.student import t_quantile, t_upper_tail
from tests.each import each

# scipy.stats.t.ppf at 0.6, 0.975, 0.989 and 0.995.
QUANTILES = {
    1: (0.324919696, 12.706204736, 28.92574229, 63.656741163),
    2: (0.288675135, 4.30265273, 6.630241823, 9.924843201),
    5: (0.267180866, 2.570581836, 3.278127099, 4.032142984),
    9: (0.260955336, 2.262157163, 2.763109411, 3.249835542),
    19: (0.25692282, 2.093024054, 2.494367357, 2.860934606),
    100: (0.254022182, 1.983971519, 2.326672605, 2.625890521),
}


@each("degrees", QUANTILES)
def test_quantiles_are_scipys(degrees: int) -> None:
    found = [t_quantile(probability, degrees) for probability in (0.6, 0.975, 0.989, 0.995)]
    assert found == pytest.approx(QUANTILES[degrees], rel=1e-8)
    assert t_quantile(0.025, degrees) == pytest.approx(-QUANTILES[degrees][1], rel=1e-8)


@each(
    ("t", "degrees", "tail"),
    [(0.5, 3, 0.32572398242), (2.0, 10, 0.03669401739), (-1.0, 4, 0.81304951685), (6.0, 8, 0.00016169661)],
)
def test_tails_are_scipys(t: float, degrees: int, tail: float) -> None:
    assert t_upper_tail(t, degrees) == pytest.approx(tail, rel=1e-7)


def test_the_interval_of_a_mean_is_scipys() -> None:
    found = mean_interval([1, 2, 4, 4, 9], 0.95)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((0.17293453, 7.82706547))


def test_the_geometric_interval_is_symmetric_in_the_logarithm() -> None:
    found = geometric_interval([0.5, 2.0], 0.95)
    assert found is not None
    assert found.estimate == pytest.approx(1.0)
    # sd of (-ln 2, ln 2) is sqrt(2) ln 2; divided by sqrt(2), times 12.706.
    assert found.high == pytest.approx(math.exp(12.706204736 * math.log(2)))
    assert found.low * found.high == pytest.approx(1.0)


def test_one_value_has_no_interval() -> None:
    assert mean_interval([1.0], 0.95) is None


def test_the_interval_of_a_share_is_wilsons() -> None:
    found = share_interval(9, 10, 0.95)
    assert (found.low, found.high) == pytest.approx((0.59584997, 0.98212379))


def test_the_slopes_p_value_is_scipys() -> None:
    assert slope_p_value([0.1, 0.3, 0.25, 0.4, 0.2, 0.5, 0.55]) == pytest.approx(0.02895593854)
    assert slope_p_value([1.0, 2.0]) == 1.0


def test_a_mean_is_tested_against_zero() -> None:
    values = [0.1, 0.12, 0.09, 0.11]
    assert differs_from_zero(values, 0.01)
    assert not differs_from_zero([one - 0.1 for one in values], 0.01)


def test_the_pairs_that_are_needed_are_those_of_the_formula() -> None:
    # sd 0.195 (sample), margin ln(1.2): at 11 pairs (t(.975, 10) + t(.8, 10)) * 0.195 / sqrt(11) = 0.1827 > 0.1823,
    # at 12 pairs (2.201 + 0.876) * 0.195 / sqrt(12) = 0.1732.
    half = 0.195 * math.sqrt(9 / 10)
    values = [half, -half] * 5
    assert further_pairs(values, math.log(1.2), 0.05) == 12 - 10
    assert further_pairs(values, 0.001, 0.05) is None


def test_looks_share_the_error() -> None:
    assert [Looks(pairs=pairs).alpha for pairs in ((10,), (6, 10, 20))] == [0.05, 0.0221]
    assert Looks(pairs=(6, 10, 20)).reached(12) == (6, 10)


@each("pairs", [(), (5,), (10, 6), (6, 6), (6, 7, 8, 9, 10, 11), (6.0,), (True,)])
def test_looks_that_cannot_be(pairs: tuple[int, ...]) -> None:
    with pytest.raises(
        ConfigurationError, match=r"pairs: got .*; allowed: 1 to 5 whole numbers from 6 to 200, growing"
    ):
        Looks(pairs=pairs)
