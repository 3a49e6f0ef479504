"""The calibration of benchmarks/, in short: its sums are the package's, its truth is the queue's, verdicts hold."""

from __future__ import annotations

import importlib
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from unittest import mock

import numpy as np
import pytest

from cdk_inference.proof.request import Request
from cdk_inference.proof.step import summarize
from localserver.queueing import NONE, Queue, rate_at_target, simulate

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def calibration() -> Iterator[ModuleType]:
    with mock.patch.object(sys, "path", [str(ROOT / "benchmarks"), *sys.path]):
        module = importlib.import_module("calibration")
    with mock.patch.object(module, "REQUESTS", 300):
        yield module


def test_the_truth_is_that_of_a_long_run() -> None:
    """Erlang's wait against a simulation that knows nothing of it."""
    queue = Queue(slots=4, service_seconds=0.2, first_token_seconds=0.05, error_share=0.02)
    rate = rate_at_target(queue, 0.5, 0.95)
    (_, step) = simulate(queue, [rate, rate], 3000, np.ones(100), np.random.default_rng(1))
    assert step.failed is not None
    in_time = (step.ttft <= 0.5) & (step.failed == NONE)
    assert float(in_time.mean()) == pytest.approx(0.95, abs=0.004)


def test_a_client_that_is_too_slow_falls_behind() -> None:
    queue = Queue(slots=4, service_seconds=0.01, first_token_seconds=0.001)
    (step,) = simulate(queue, [100.0], 1000, np.ones(4), np.random.default_rng(1), client_rate=50)
    assert step.late is not None
    # 10 s of schedule take 20 s to send.
    assert step.late[-1] == pytest.approx([10.0] * 4, abs=1.5)


def test_the_sums_are_those_of_the_package(calibration: ModuleType) -> None:
    queue = Queue(slots=4, service_seconds=0.2, first_token_seconds=0.05, error_share=0.1)
    steps = simulate(queue, [12.0], 300, np.ones(3), np.random.default_rng(2))
    (found,) = calibration.summed(steps, calibration.FAIR[0], fast=True)
    for column, ours in enumerate(found):
        due = np.cumsum(steps[0].gaps[:, column].astype(float))
        requests = []
        for number, moment in enumerate(due):
            ok = steps[0].failed is not None and steps[0].failed[number, column] == NONE
            token = float(moment + steps[0].ttft[number, column])
            times = {"first_token": token, "end": token} if ok else {}
            requests.append(Request(step=0, due=moment, sent=moment, status="ok" if ok else "error", **times))
        theirs = summarize(requests, rate=12.0, at_once=None, seen=set(), percents=(95,))
        assert theirs is not None
        assert ours.latencies["ttft p95"] == pytest.approx(theirs.latencies["ttft p95"], rel=1e-3)
        assert ours.failed["error"] == theirs.failed["error"]
        assert ours.slow_head == pytest.approx(theirs.slow_head, abs=1e-3)
        assert ours.requests == theirs.requests


def test_fair_comparisons_cover_the_truth_and_unfair_ones_are_refused(calibration: ModuleType) -> None:
    fair = calibration.calibrate(calibration.FAIR[0], 30, 10, seed=1)
    assert fair.covered >= 25
    assert fair.refused <= 3
    assert abs(math.fsum(fair.logarithms) / 30) < 0.05
    # A shorter ladder shows less of what is wrong with them.
    with mock.patch.object(calibration, "LADDER", calibration.LADDER[::2]):
        refused = {design.name: calibration.calibrate(design, 2, 10, seed=1).refused for design in calibration.UNFAIR}
    assert refused == dict.fromkeys(refused, 2)
