"""Time-outs that are given, and the volume: sums by hand, and what holds for every size."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.serving import S3Archive, S3Model, StartupTimeouts
from cdk_inference.serving.startup import volume_gb
from tests.each import each
from tests.refusals import NUMBER_TOKEN

SIZES = st.floats(min_value=0, max_value=100_000, exclude_min=True) | st.integers(min_value=1, max_value=100_000)


def files(size_gb: float) -> S3Model:
    return S3Model(prefix="a/", size_gb=size_gb)


def archive(size_gb: float, unpacked_gb: float) -> S3Archive:
    return S3Archive(key="a.tar.gz", size_gb=size_gb, unpacked_gb=unpacked_gb)


@each(
    ("model", "gigabytes"),
    [
        (files(0.5), 30),
        (files(16.1), 30),  # 20.1
        (files(24), 30),  # 30 exactly
        (files(24.1), 31),  # 30.1
        (files(40), 50),
        (files(140), 175),
        (files(409.6), 512),  # 512 exactly
        (files(410), 513),  # 512.5, more than SageMaker's 512: the endpoint refuses it
        (archive(10, 15), 32),  # 31.25
    ],
    ids=lambda value: f"{value.disk_gb:g} GB" if not isinstance(value, int) else None,
)
def test_volumes_by_hand(model: S3Model | S3Archive, gigabytes: int) -> None:
    assert volume_gb(model) == gigabytes


@given(SIZES, SIZES)
def test_a_larger_model_never_gets_less_room(one: float, other: float) -> None:
    assert volume_gb(files(min(one, other))) <= volume_gb(files(max(one, other)))


@given(SIZES)
def test_a_volume_holds_the_model_and_a_quarter_more(size_gb: float) -> None:
    assert volume_gb(files(size_gb)) >= max(30, size_gb * 1.25)
    assert volume_gb(files(size_gb)) < max(30, size_gb * 1.25) + 1


@each("seconds", [60, 61, 3599, 3600, NUMBER_TOKEN])
def test_time_outs_within_the_limits_are_taken(seconds: Any) -> None:
    found = StartupTimeouts(download_seconds=seconds, container_seconds=seconds)
    assert (found.download_seconds, found.container_seconds) == (seconds, seconds)


WRONG = [None, True, False, 0, -1, 59, 3601, 60.0, 600.5, math.nan, math.inf, -math.inf, "60", "", [60], {}, ()]


@each("name", ["download_seconds", "container_seconds"])
@each("seconds", WRONG, ids=repr)
def test_other_time_outs_are_refused(name: str, seconds: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        StartupTimeouts(**{"download_seconds": 60, "container_seconds": 60, name: seconds})
    assert str(caught.value) == (
        f"StartupTimeouts: {name}: got {seconds!r}; allowed: a whole number from 60 to 3600;"
        " fix: choose seconds within the limits"
    )


def test_both_time_outs_are_refused_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        StartupTimeouts(download_seconds=0, container_seconds="600")
    told = "allowed: a whole number from 60 to 3600; fix: choose seconds within the limits"
    assert str(caught.value) == (
        "StartupTimeouts has 2 problems:\n"
        f"  1. download_seconds: got 0; {told}\n"
        f"  2. container_seconds: got '600'; {told}"
    )


def test_time_outs_are_equal_whatever_their_explanation() -> None:
    own = StartupTimeouts(download_seconds=600, container_seconds=900, explained="twice what was seen on 2026-11-20")
    assert own == StartupTimeouts(download_seconds=600, container_seconds=900)
    assert own.explained == "twice what was seen on 2026-11-20"


def test_an_explanation_is_text() -> None:
    with pytest.raises(ConfigurationError) as caught:
        StartupTimeouts(download_seconds=60, container_seconds=60, explained=190)  # type: ignore[arg-type]
    assert str(caught.value) == (
        "StartupTimeouts: explained: got 190; allowed: text or None; fix: write one line, or leave it out"
    )
