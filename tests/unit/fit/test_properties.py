"""What holds for every workload, on generated ones."""

from __future__ import annotations

import contextlib
import dataclasses
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.fit import (
    KV_PRECISIONS,
    PRECISIONS,
    PUBLISHED,
    Architecture,
    Window,
    Workload,
    best_degree,
    judge,
    kv_cache_gb,
    memory_needed,
    problems,
    smallest_types,
    weights_gb,
)
from cdk_inference.hardware import InstanceType, instance_types, lookup, regions

ACCELERATED = [known for known in instance_types() if known.kind != "cpu"]
LLAMA = PUBLISHED["meta-llama/Llama-3.1-8B"]
WORK = Workload(architecture=LLAMA, precision="bf16", context_tokens=8192, batch=1)
NAMED = re.compile(r"'(ml\.[a-z0-9.-]+)' \(degree ([0-9]+)\)")
HERE = re.compile(r"use (?:degree )?([0-9, or]+)(?: on|;)")


@st.composite
def architectures(draw: st.DrawFn) -> Architecture:
    heads = draw(st.sampled_from([1, 2, 4, 8, 10, 16]))
    hidden, vocabulary = draw(st.sampled_from([1024, 4096, 8192])), draw(st.sampled_from([32_000, 128_256]))
    tables = 2 * hidden * vocabulary
    return Architecture(
        parameters=tables + draw(st.floats(1e8, 5e11)),
        layers=draw(st.integers(1, 130)),
        attention_heads=heads * draw(st.sampled_from([1, 2, 3, 4, 7, 8])),
        key_value_heads=heads,
        head_dimension=draw(st.sampled_from([64, 128, 256])),
        hidden_size=hidden,
        vocabulary=vocabulary,
        tied_embeddings=draw(st.booleans()),
    )


@st.composite
def workloads(draw: st.DrawFn) -> Workload:
    return Workload(
        architecture=draw(architectures()),
        precision=draw(st.sampled_from([name for name, one in PRECISIONS.items() if not one.experts_only])),
        context_tokens=draw(st.integers(1, 131_072)),
        batch=draw(st.integers(1, 64)),
        kv_precision=draw(st.sampled_from(list(KV_PRECISIONS))),
    )


DEGREES = st.sampled_from([1, 2, 3, 4, 5, 8, 12, 16, 24, 32, 64])


@given(workloads(), DEGREES, st.integers(1, 100), st.floats(1.01, 3))
def test_more_of_anything_needs_more(work: Workload, degree: int, more: int, factor: float) -> None:
    need = memory_needed(work, degree)
    model = work.architecture
    larger = dataclasses.replace(work, architecture=dataclasses.replace(model, parameters=model.parameters * factor))
    assert memory_needed(larger, degree).weights_gb > need.weights_gb
    assert memory_needed(larger, degree).kv_cache_gb == need.kv_cache_gb
    for field in ("context_tokens", "batch"):
        longer = memory_needed(dataclasses.replace(work, **{field: getattr(work, field) + more}), degree)
        assert longer.kv_cache_gb > need.kv_cache_gb
        assert longer.weights_gb == need.weights_gb


@given(workloads(), DEGREES)
def test_more_bits_never_need_less(work: Workload, degree: int) -> None:
    def weights(name: str) -> float:
        return memory_needed(dataclasses.replace(work, precision=name), degree).weights_gb

    assert weights("fp32") > weights("bf16") == weights("fp16") > weights("fp8") == weights("int8") > weights("awq")
    work = dataclasses.replace(work, precision="bf16")
    half = memory_needed(dataclasses.replace(work, kv_precision="fp8"), degree).kv_cache_gb
    whole = memory_needed(dataclasses.replace(work, kv_precision="bf16"), degree).kv_cache_gb
    assert memory_needed(dataclasses.replace(work, precision="fp32", kv_precision="fp16"), degree).kv_cache_gb == (
        pytest.approx(whole * 2)
    )
    assert half * 2 == pytest.approx(whole)


@given(workloads(), st.integers(0, 6), st.integers(1, 3))
def test_more_devices_never_hold_more_each(work: Workload, power: int, steps: int) -> None:
    """As long as key-value heads are split evenly or copied whole, as they are for powers of two on both sides."""
    heads = dataclasses.replace(work.architecture, key_value_heads=1)
    for model in (heads, LLAMA):
        few = memory_needed(dataclasses.replace(work, architecture=model), 2**power)
        many = memory_needed(dataclasses.replace(work, architecture=model), 2 ** (power + steps))
        assert many.weights_gb <= few.weights_gb
        assert many.kv_cache_gb <= few.kv_cache_gb


@given(workloads(), st.sampled_from(ACCELERATED), DEGREES, st.integers(1, 100))
def test_more_of_anything_leaves_less(work: Workload, known: InstanceType, degree: int, more: int) -> None:
    verdict = judge(work, known, degree)
    if verdict is None:
        return
    order = ("fits", "tight", "does not fit")
    for field in ("context_tokens", "batch"):
        larger = judge(dataclasses.replace(work, **{field: getattr(work, field) + more}), known, degree)
        assert larger is not None
        assert larger.spare_gib < verdict.spare_gib
        assert order.index(larger.name) >= order.index(verdict.name)
    assert verdict.spare_gib == pytest.approx(verdict.usable_gib - verdict.total_gib)


@given(workloads(), DEGREES, st.integers(1, 4096), st.integers(1, 100))
def test_a_window_never_needs_more_than_the_whole_context(work: Workload, degree: int, window: int, step: int) -> None:
    """But for the padding of groups, which the same number of layers of both kinds does not need."""
    model = dataclasses.replace(work.architecture, layers=work.architecture.layers * 2)
    layers = work.architecture.layers
    windowed = dataclasses.replace(model, window=Window(layers=layers, tokens=window))
    whole = memory_needed(dataclasses.replace(work, architecture=model), degree, in_flight=step)
    part = memory_needed(dataclasses.replace(work, architecture=windowed), degree, in_flight=step)
    assert whole.kv_cache_gb / 2 < part.kv_cache_gb <= whole.kv_cache_gb
    assert part.weights_gb == whole.weights_gb


@given(workloads(), DEGREES)
def test_all_devices_together_hold_at_least_the_model(work: Workload, degree: int) -> None:
    model = work.architecture
    need = memory_needed(work, degree)
    assert need.weights_gb * degree >= weights_gb(model, work.precision) * (1 - 1e-9)
    whole = kv_cache_gb(model, work.context_tokens, work.batch, work.kv_precision)
    assert need.kv_cache_gb * degree >= whole * (1 - 1e-9)


@given(workloads(), st.sampled_from([None, "eu-north-1", "nowhere-1", *regions()]))
def test_every_type_that_is_offered_holds_it_and_is_listed(work: Workload, region: str | None) -> None:
    offered = smallest_types(work, region)
    sizes = [known.accelerator_memory_gib or 0 for known, _ in offered]
    assert sizes == sorted(sizes)
    for known, degree in offered:
        assert problems(work, known, degree) == []
        assert known.regions
        assert region not in regions() or region in known.regions
    left_out = [known for known in ACCELERATED if known.regions and known not in [one for one, _ in offered]]
    if region not in regions():
        found = [best_degree(work, known) for known in left_out]
        assert [one for one in found if one is not None and one[1].name == "fits"] == []


@given(workloads(), st.sampled_from(ACCELERATED), DEGREES, st.sampled_from([None, *regions()]))
def test_every_fix_really_fits(work: Workload, known: InstanceType, degree: int, region: str | None) -> None:
    for problem in problems(work, known, degree, region):
        named = NAMED.findall(problem.fix)
        here = (
            [int(one) for one in re.findall("[0-9]+", HERE.search(problem.fix)[1])] if HERE.search(problem.fix) else []
        )
        assert named or here or "no instance of" in problem.fix
        assert len(named) <= 3
        for name, its_degree in named:
            assert problems(work, lookup(name), int(its_degree)) == []
            assert region is None or region in lookup(name).regions
        for its_degree in here:
            assert [one for one in problems(work, known, its_degree) if one.argument != "precision"] == []


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.just("${Token[X.1]}"),
    st.just(-1.8881545897087626e289),
    st.just(10**400),
    st.lists(st.integers(), max_size=2),
)
CALLS: list[tuple[Callable[..., Any], dict[str, Any]]] = [
    (Architecture, {name: getattr(LLAMA, name) for name in LLAMA.__dataclass_fields__}),
    (Workload, {name: getattr(WORK, name) for name in WORK.__dataclass_fields__}),
    (weights_gb, {"architecture": LLAMA, "precision": "bf16"}),
    (kv_cache_gb, {"architecture": LLAMA, "context_tokens": 1, "batch": 1, "kv_precision": "fp8"}),
    (memory_needed, {"workload": WORK, "degree": 1}),
    (problems, {"workload": WORK, "instance_type": lookup("ml.g6.xlarge"), "degree": 1, "region": None}),
    (smallest_types, {"workload": WORK, "region": None, "kinds": ("gpu",)}),
]


@given(st.data())
def test_junk_raises_nothing_but_configuration_errors(data: st.DataObject) -> None:
    call, sound = data.draw(st.sampled_from(CALLS))
    wrong = data.draw(st.dictionaries(st.sampled_from(list(sound)), JUNK, min_size=1))
    with contextlib.suppress(ConfigurationError):
        call(**{**sound, **wrong})


@given(st.data())
def test_a_number_that_fits_a_float_only_just_still_gives_a_sum(data: st.DataObject) -> None:
    most = data.draw(st.sampled_from([1, 7, 10**9]))
    model = dataclasses.replace(LLAMA, layers=most, head_dimension=most, attention_heads=most, key_value_heads=most)
    work = Workload(architecture=model, precision="fp32", context_tokens=most, batch=most)
    assert 0 < memory_needed(work, most).gib < float("inf")
