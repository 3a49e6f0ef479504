"""What `choose` was given: a model by its size, its name or its config.json, and how it is used."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from cdk_inference.cli.arguments import Errors, missing_files
from cdk_inference.cli.numbers import in_words, read_number, whole
from cdk_inference.core.alike import nearest
from cdk_inference.core.errors import ConfigurationError, Problem, raise_problems
from cdk_inference.fit import (
    PRECISIONS,
    PUBLISHED,
    PUBLISHED_MODELS,
    Architecture,
    Workload,
    architecture_from_config,
    lend,
    precision_from_config,
)
from cdk_inference.fit.architecture import PARAMETERS_MAX
from cdk_inference.fit.lent import NEIGHBOUR_FACTOR
from cdk_inference.fit.precision import PrecisionName
from cdk_inference.template import TemplateError
from cdk_inference.template.load import load_object


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A workload, and what about it was assumed."""

    workload: Workload
    assumed: str


def asked_workload(chosen: argparse.Namespace, errors: Errors) -> Asked | None:
    """The workload that the arguments describe; None if something was wrong with them, which is added to `errors`."""
    tokens = _context(chosen, errors)
    batch = _batch(chosen, errors)
    precision = errors.of(_precision, chosen.precision)
    found = errors.of(_model, chosen, tokens or 1, batch or 1)
    if found is None:
        return None
    assumed, architecture, own = found
    if chosen.precision is None and own is None:
        fix = "write how the weights are stored; --model and --config include it"
        errors.add(Problem("--precision", None, ", ".join(PRECISIONS), fix))
    precision = precision or own
    if tokens is None or batch is None or precision is None:
        return None
    workload = errors.of(_workload, architecture, precision, tokens, batch)
    return None if workload is None else Asked(workload=workload, assumed=assumed)


def _workload(architecture: Architecture, precision: str, context: int, batch: int) -> Workload:
    known = cast("PrecisionName", precision)
    return Workload(architecture=architecture, precision=known, context_tokens=context, batch=batch)


def _batch(chosen: argparse.Namespace, errors: Errors) -> int | None:
    if chosen.batch is not None:
        return errors.of(whole, "--batch", chosen.batch, "16")
    errors.add(Problem("--batch", None, "concurrent requests of one instance", "write it, as in 16"))
    return None


def _context(chosen: argparse.Namespace, errors: Errors) -> int | None:
    """--context, or prompt and answer of the rate together, which it must hold."""
    needed = _request_tokens(chosen)
    if chosen.context is not None:
        context = errors.of(whole, "--context", chosen.context, "8192 or 8k")
        if context is not None and needed is not None and context < needed:
            allowed = f"at least {needed}, the tokens of prompt and answer together"
            errors.add(Problem("--context", chosen.context, allowed, "leave it out, or correct the lengths"))
        return context
    if None in (chosen.prompt_tokens, chosen.output_tokens):
        fix = "write it, or --prompt-tokens and --output-tokens of a rate"
        errors.add(Problem("--context", None, "tokens of prompt and answer together: 8192 or 8k", fix))
    return needed


def _request_tokens(chosen: argparse.Namespace) -> int | None:
    """Tokens of prompt and answer; None if one is missing or wrong, which choose_rate reports."""
    given = (chosen.prompt_tokens, chosen.output_tokens)
    with contextlib.suppress(ConfigurationError):
        lengths = [whole("", length, "") for length in given if length is not None]
        return sum(lengths) if len(lengths) == len(given) and min(lengths) > 0 else None
    return None


def _model(chosen: argparse.Namespace, context: int, batch: int) -> tuple[str, Architecture, str | None]:
    """(what is assumed, the architecture, how its weights are stored)."""
    parameters = None if chosen.parameters is None else _parameters(chosen.parameters)
    if chosen.config is not None:
        config = _read(chosen.config)
        architecture = architecture_from_config(config, parameters)
        own = None if chosen.precision is not None else precision_from_config(config)
        return f"{chosen.config}, {in_words(architecture.parameters)} parameters", architecture, own
    if (parameters is None) == (chosen.model is None):
        got = f"--parameters {chosen.parameters}, --model {chosen.model}"
        allowed = "one of --parameters, --model and --config"
        fix = "a published model and a config.json include the number"
        raise_problems("choose", Problem("--parameters", got, allowed, fix))
    if chosen.model is not None:
        raise_problems("choose", _name_problem(chosen.model))
        model = PUBLISHED_MODELS[chosen.model]
        assumed = f"{chosen.model} as of {model.as_of}, {in_words(model.architecture.parameters)} parameters"
        return assumed, model.architecture, model.precision
    assert parameters is not None
    lent = lend(parameters, tokens=context, requests=batch)
    if lent is None:
        raise_problems("choose", _size_problem(str(chosen.parameters)))
        raise AssertionError
    # What a neighbour limits requests to says nothing about another model.
    architecture = replace(lent.architecture, context_limit=None)
    assumed = (
        f"{in_words(parameters)} parameters of a dense model; layers and heads are those of {lent.name}, which has "
        f"the largest cache of {lent.neighbours} published models within {NEIGHBOUR_FACTOR} times the size: "
        "--config has the model's own"
    )
    return assumed, architecture, None


def _parameters(text: str) -> float:
    found = read_number("--parameters", text, "8e9 or 8B")
    if not 0 < found <= PARAMETERS_MAX:
        fix = "write the number of parameters, as in 8e9 or 8B"
        raise_problems("choose", Problem("--parameters", text, f"above 0, at most {in_words(PARAMETERS_MAX)}", fix))
    return found


def _precision(text: str | None) -> str | None:
    if text is None or text.lower() in PRECISIONS:
        return None if text is None else text.lower()
    near = nearest(text, PRECISIONS)
    fix = f"write {near}" if near else "choose one of them"
    raise_problems("choose", Problem("--precision", text, ", ".join(PRECISIONS), fix))
    return None


def _name_problem(name: str) -> Problem | None:
    if name in PUBLISHED:
        return None
    ends = {one.split("/")[-1]: one for one in PUBLISHED}
    near = nearest(name.split("/")[-1], ends)
    fix = f"write {ends[near]}" if near else "give its config.json with --config"
    return Problem("--model", name, ", ".join(PUBLISHED), fix)


def _size_problem(text: str) -> Problem:
    dense = sorted(one.parameters for one in PUBLISHED.values() if one.experts is None)
    sizes = ", ".join(dict.fromkeys(map(in_words, dense)))
    allowed = f"within a factor of {NEIGHBOUR_FACTOR} of a dense published model: {sizes}"
    fix = "write the number, as in 8e9 or 8B, or give the model's own shape with --config"
    return Problem("--parameters", text, allowed, fix)


def _read(path: Path) -> Mapping[str, object]:
    raise_problems("choose", *missing_files("--config", [path]))
    try:
        return load_object(path, "a model's config.json")
    except TemplateError as error:
        problem = Problem("--config", str(error), "a model's config.json", "correct the path")
        raise ConfigurationError("choose", [problem]) from None
