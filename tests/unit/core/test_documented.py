"""Hovering over a public name shows what each argument is, and its real default.

Docstrings have a line for each argument ("name: ..." or "name, other: ..."). Where it has a default, the line says it,
or names the class whose line says it ("as in `RealtimeEndpoint`").
"""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable
from typing import Any

from cdk_inference import endpoints, fit, hardware, pricing, scaling, serving
from tests.each import each

ROOMS = ("bedrock", "comparison", "cost", "endpoints", "health", "network", "rollout", "scaling", "serving")
FURTHER = (
    *(fit.Architecture, fit.Experts, fit.Workload, hardware.InstanceType, hardware.register, hardware.register_region),
    *(pricing.Price, pricing.PriceBook),
)
# Nobody makes these by name: they come from `from_endpoint_name`, or are made by this package.
NOT_MADE = {
    endpoints.ImportedAsyncEndpoint,
    endpoints.ImportedComponent,
    endpoints.ImportedComponentEndpoint,
    endpoints.ImportedEndpoint,
    endpoints.ImportedServerlessEndpoint,
    endpoints.InvocableEndpoint,
    scaling.Policy,
    serving.AwsImage,
}
GIVEN_BY_THE_CDK = {"self", "scope", "id", "args", "kwargs"}
ENTRY = re.compile(r"^(\s*)([a-z_0-9]+(?:, [a-z_0-9]+)*): (.*)$")


def public() -> dict[str, Callable[..., Any]]:
    modules = [importlib.import_module(f"cdk_inference.{room}") for room in ROOMS]
    found = [getattr(module, name) for module in modules for name in module.__all__]
    made = [one for one in found if inspect.isfunction(one) or (inspect.isclass(one) and one not in NOT_MADE)]
    return {one.__name__: one for one in (*made, *FURTHER) if one.__module__.startswith("cdk_inference")}


def parameters(made: Callable[..., Any]) -> list[inspect.Parameter]:
    found = inspect.signature(made.__init__ if inspect.isclass(made) else made).parameters  # type: ignore[misc]
    return [one for one in found.values() if one.name not in GIVEN_BY_THE_CDK and not one.name.startswith("_")]


def described(made: Callable[..., Any]) -> dict[str, str]:
    """Argument -> its text, of the docstring and of those of the classes that it extends."""
    found: dict[str, str] = {}
    for owner in made.__mro__ if inspect.isclass(made) else [made]:
        if owner.__module__.startswith("cdk_inference"):
            found = {**entries(inspect.cleandoc(owner.__doc__ or "")), **found}
    return found


def entries(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    names: list[str] = []
    indent = 0
    for line in text.splitlines():
        entry = ENTRY.match(line)
        if entry:
            names, indent = entry[2].split(", "), len(entry[1])
        elif len(line) - len(line.lstrip()) <= indent:
            names = []
        for name in names:
            found[name] = f"{found.get(name, '')} {line.strip()}"
    return found


def says_a_default(text: str, default: object) -> bool:
    if re.search(r"as in `|\bdefault\b", text, re.IGNORECASE):
        return True
    return default is None and "None" in text


def stated(text: str) -> list[str]:
    """The defaults that a text states as a value."""
    return re.findall(r'[Dd]efault:? (True|False|-?\d[\d_]*(?:\.\d+)?|"[^"]*")', text)


PUBLIC = public()


@each("name", PUBLIC)
def test_each_argument_is_described(name: str) -> None:
    texts = described(PUBLIC[name])
    assert [one.name for one in parameters(PUBLIC[name]) if one.name not in texts] == []


@each("name", PUBLIC)
def test_the_default_is_described_as_it_is(name: str) -> None:
    texts = described(PUBLIC[name])
    optional = [one for one in parameters(PUBLIC[name]) if one.default is not one.empty]
    assert [one.name for one in optional if not says_a_default(texts.get(one.name, ""), one.default)] == []
    for one in optional:
        values = [value.strip('"') for value in stated(texts[one.name])]
        shared = [value for value in values if value in repr(one.default)]
        assert values == [] or shared != [], (one.name, one.default, values)


def test_no_default_is_a_value_that_is_never_used() -> None:
    """The burn rate of `CostControls` follows from its budget: its default is a name, not a rate."""
    default = inspect.signature(PUBLIC["CostControls"].__init__).parameters["burn_rate"].default  # type: ignore[misc]
    assert repr(default) == "<Derived.FROM_BUDGET: 'twice the rate at which monthly_budget lasts a month'>"
