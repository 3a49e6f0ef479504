"""Deployments: stacks read together from assemblies and template files, nested stacks included."""

from __future__ import annotations

import itertools
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cdk_inference.core.unknown import Unknown
from cdk_inference.template import loops, sam
from cdk_inference.template.assembly import MANIFEST, Assembly, AssemblyError, load_assembly
from cdk_inference.template.folders import Source, Unread, templates_in, within
from cdk_inference.template.load import TemplateError, load_template
from cdk_inference.template.stacks import NESTED, Deployment, Resource, Stack
from cdk_inference.template.values import mapping, shown

_LEVELS_MAX = 20
_OUTPUTS = re.compile(r"""(\w+)(?:\.|", ")Outputs\.""")  # A.Outputs.Name, or ["A", "Outputs.Name"]
_NESTED_MAX = 100_000  # resources of all nested stacks; a stack has 500 at most
_STACK = 50  # what a nested stack counts beside its resources


def load_deployment(
    paths: Sequence[Path],
    region: str | None,
    problems: list[str] | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> Deployment:
    """Reads cloud assemblies, other folders with templates, and template files. Raises AssemblyError or TemplateError.

    A file that is named twice, or by itself and with its folder, counts as one stack. A nested stack's file counts as
    that nested stack only. `Deployment.unread` lists the files of a folder without a manifest that cannot be read.

    Args:
        paths: Folders and files.
        region: Of stacks that have none of their own.
        problems: Gets what of an assembly cannot be read; without it, that is an error.
        parameters: Values of parameters, for each stack that declares them; nested ones get theirs from the outer one.
    """
    read: list[Assembly | Source] = []
    unread: list[Unread] = []
    for path in paths:
        if (path / MANIFEST).exists() or path.name == MANIFEST:
            assembly = load_assembly(path.parent if path.name == MANIFEST else path, problems)
            if not assembly.stacks and not problems:
                raise AssemblyError(f"{path} has no stacks; add one to the app, and run `cdk synth` again")
            read.append(assembly)
        elif path.is_dir():
            found, failed = templates_in(path)
            if not found and not failed:
                raise AssemblyError(
                    f"{path} has neither {MANIFEST} nor a template; run `cdk synth` first, or name another folder"
                )
            read += found
            unread += failed
        else:
            read.append(Source(stack=path.name.partition(".")[0], file=path, template=load_template(path)))
    roots = tuple((path if path.is_dir() else path.parent).resolve() for path in paths)
    read = list(_each_once(read))
    empty = Deployment(roots=roots, unread=tuple(unread), parameters=dict(parameters or {}))
    made = _made(empty, read, region)
    inner = {one.file.resolve() for one in made.stacks if one.outer is not None and one.file is not None}
    if not inner:
        return made
    outer = [one for one in read if isinstance(one, Assembly) or one.file.resolve() not in inner]
    while True:
        made = _made(empty, outer, region)
        reached = {stack.file.resolve() for stack in made.stacks if stack.file is not None}
        rest = [one for one in read if isinstance(one, Source) and one.file.resolve() not in reached]
        if not rest:
            return made
        outer.append(rest[0])  # nested in one another


def _each_once(read: Sequence[Assembly | Source]) -> Iterator[Assembly | Source]:
    """Without what is named twice: a folder, a template, a template and its folder. A link is a template of its own."""
    of_assemblies = {place for one in read if isinstance(one, Assembly) for place in _places(one)}
    seen: set[str] = set()
    for one in read:
        places = _places(one)
        known = seen | of_assemblies if isinstance(one, Source) else seen
        if not places or not places <= known:
            yield one
            seen |= places


def _places(one: Assembly | Source) -> set[str]:
    files = [one.file] if isinstance(one, Source) else [stack.file for stack in one.stacks]
    return {os.path.abspath(file) for file in files if file is not None}


def _made(empty: Deployment, read: Sequence[Assembly | Source], region: str | None) -> Deployment:
    made = replace(empty, stacks=[], keys=set())
    for one in read:
        if isinstance(one, Assembly):
            _add_assembly(made, one, region)
        else:
            _add(made, one.stack, region, one.template, one.file, None)
    return _opened(made)


def deployment_in(assembly: Assembly) -> Deployment:
    """The stacks of an assembly that was read already, which may have none."""
    deployment = Deployment()
    _add_assembly(deployment, assembly, None)
    return _opened(deployment)


def _add_assembly(deployment: Deployment, assembly: Assembly, region: str | None) -> None:
    if assembly.findings is not None:
        deployment.findings = (*(deployment.findings or ()), *assembly.findings)
        deployment.checks |= assembly.checks
    for made in assembly.stacks:
        if not made.nested:
            stack = _add(deployment, made.name, made.region or region, made.template, made.file, None)
            stack.protected = made.protected
            stack.paths, stack.acknowledged = made.paths, made.acknowledged


def deployment_of(
    templates: Mapping[str, Mapping[str, Any]], region: str | None, parameters: Mapping[str, Any] | None = None
) -> Deployment:
    """Of templates that are read already: the stack's name -> template."""
    deployment = Deployment(parameters=dict(parameters or {}))
    for name, template in templates.items():
        _add(deployment, name, region, template, None, None)
    return _opened(deployment)


def placed(
    deployment: Deployment, *, names: Mapping[str, str] | None = None, regions: Mapping[str, str] | None = None
) -> Deployment:
    """Returns the deployment with other names or regions for some stacks, by key; nested stacks follow."""
    made = replace(deployment, stacks=[], keys=set())
    for old in deployment.stacks:
        if old.outer is None:
            name, region = (names or {}).get(old.key, old.name), (regions or {}).get(old.key, old.region)
            stack = _add(made, name, region, old.template, old.file, old.given)
            stack.protected = old.protected
            stack.paths, stack.acknowledged = old.paths, old.acknowledged
    return _opened(made)


def _opened(deployment: Deployment) -> Deployment:
    """The deployment with the nested stacks of its outer ones, which may take exports of any of these."""
    outer = tuple(deployment.stacks)
    for stack in outer:
        _nest(stack)
    if len(deployment.stacks) > len(outer):
        deployment.stacks = [one for stack in outer for one in (stack, *_inner(stack))]
        deployment.forget_outputs()
    return deployment


def _nest(stack: Stack) -> None:
    for resource in _in_order(stack.resources(NESTED)):
        stack.nested[resource.logical_id] = _nested(resource)


def _inner(stack: Stack) -> Iterator[Stack]:
    for child in stack.nested.values():
        if isinstance(child, Stack):
            yield child
            yield from _inner(child)


def _add(
    deployment: Deployment,
    name: str,
    region: str | None,
    template: Mapping[str, Any],
    file: Path | None,
    given: Mapping[str, Any] | None,
    exists: bool | Unknown = True,
    outer: Stack | None = None,
) -> Stack:
    """given: parameter values; None for those of the deployment."""
    stack = Stack(
        key=_key(deployment, name, region),
        name=name,
        region=region,
        template=template,
        deployment=deployment,
        file=file,
        given=deployment.parameters if given is None else given,
        exists=exists,
        outer=outer,
    )
    stack.template = _written_out(stack)
    deployment.stacks.append(stack)
    if outer is not None:
        stack.paths, stack.acknowledged = outer.paths, outer.acknowledged
        _nest(stack)
    return stack


def _in_order(nested: Iterable[Resource]) -> Iterator[Resource]:
    """Yields nested stacks after those of which they take outputs; a template has them in any order."""
    left = {one.logical_id: one for one in nested}
    needs = {name: {*_OUTPUTS.findall(json.dumps(one.written, default=str))} - {name} for name, one in left.items()}
    while left:
        ready = (name for name in left if needs[name].isdisjoint(left))
        yield left.pop(next(ready, next(iter(left))))


def _written_out(stack: Stack) -> Mapping[str, Any]:
    """The template without loops and without SAM's resources, as far as that is known."""
    template, transforms = stack.template, list(sam.transforms_of(stack.template))
    if loops.TRANSFORM in transforms:
        template = loops.without_loops(template, replace(stack).resolve)
    if sam.TRANSFORM in transforms:
        template = sam.without_sam(template)
    return template


def _nested(resource: Resource) -> Stack | Unknown:
    outer, deployment = resource.stack, resource.stack.deployment
    url = resource.evaluate("TemplateURL")
    if not isinstance(url, str) or outer.file is None or "\0" in url:
        return Unknown("its template is not among the files")
    folder, name = outer.file.parent, url.rpartition("/")[2]
    # A path, as `aws cloudformation package` reads it, or the key of an asset of the CDK's.
    file = folder / deployment.assets(folder).get(name, url)
    if not os.path.exists(file):
        return Unknown(f"its template {shown(url)[:200]} is not among the files")
    if not any(within(file, root) for root in deployment.roots):
        places = " and ".join(map(str, deployment.roots[:3]))
        return Unknown(f"its template {shown(url)[:200]} lies outside of {places}; name a folder that holds both")
    around = list(outer.around())
    if any(one.file is not None and os.path.samefile(one.file, file) for one in around):
        return Unknown(f"its template {shown(url)[:200]} nests itself")
    try:
        template = deployment.templates.get(file) or load_template(file)
    except TemplateError as error:
        return Unknown(f"its template cannot be used: {error}")
    deployment.templates[file] = template
    deployment.nested_resources += _STACK + len(template["Resources"])
    if len(around) > _LEVELS_MAX or deployment.nested_resources > _NESTED_MAX:
        return Unknown("there are more nested stacks than are read")
    given = resource.evaluate("Parameters")
    return _add(
        deployment,
        f"{outer.name}/{resource.logical_id}",
        outer.region,
        template,
        file,
        _given(given, template),
        resource.exists,
        outer,
    )


def _given(written: Any, template: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an outer stack passes. Where that is not known, a parameter may have another value than its default."""
    if isinstance(written, Unknown):
        return dict.fromkeys(mapping(template.get("Parameters")), written)
    return mapping(written)


def _key(deployment: Deployment, name: str, region: str | None) -> str:
    wanted = name if name not in deployment.keys else f"{name} in {region}"
    numbered = (f"{wanted}, {number}" for number in itertools.count(2))
    found = next(key for key in itertools.chain([wanted], numbered) if key not in deployment.keys)
    deployment.keys.add(found)
    return found
