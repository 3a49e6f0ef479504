"""Deployments: stacks read together from assemblies and template files, nested stacks included."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cdk_inference.core.unknown import Unknown
from cdk_inference.template.assembly import MANIFEST, Assembly, AssemblyError, load_assembly
from cdk_inference.template.load import TemplateError, load_template
from cdk_inference.template.stacks import NESTED, Deployment, Resource, Stack
from cdk_inference.template.values import shown

_NESTED_MAX = 20  # levels of nested stacks


def load_deployment(paths: Sequence[Path], region: str | None, problems: list[str] | None = None) -> Deployment:
    """Reads folders (cloud assemblies) and template files. `region` is for stacks that have none of their own.

    Raises AssemblyError or TemplateError. With `problems`, what of an assembly cannot be read is told there.
    """
    deployment = Deployment()
    for path in paths:
        if path.is_dir() or path.name == MANIFEST:
            assembly = load_assembly(path if path.is_dir() else path.parent, problems)
            if not assembly.stacks and not problems:
                raise AssemblyError(f"{path} has no stacks; add one to the app, and run `cdk synth` again")
            _add_assembly(deployment, assembly, region)
        else:
            name = path.name.partition(".")[0]
            _add(deployment, name, region, load_template(path), path, {})
    return deployment


def deployment_in(assembly: Assembly) -> Deployment:
    """The stacks of an assembly that was read already, which may have none."""
    deployment = Deployment()
    _add_assembly(deployment, assembly, None)
    return deployment


def _add_assembly(deployment: Deployment, assembly: Assembly, region: str | None) -> None:
    if assembly.findings is not None:
        deployment.findings = (*(deployment.findings or ()), *assembly.findings)
        deployment.checks |= assembly.checks
    for made in assembly.stacks:
        if not made.nested:
            stack = _add(deployment, made.name, made.region or region, made.template, made.file, {})
            stack.protected = made.protected
            for one in (stack, *_inner(stack)):
                one.paths = made.paths


def load_templates(files: Mapping[str, Path], region: str | None) -> Deployment:
    """Reads template files: the stack's name -> file. Raises TemplateError."""
    deployment = Deployment()
    for name, file in files.items():
        _add(deployment, name, region, load_template(file), file, {})
    return deployment


def deployment_of(templates: Mapping[str, Mapping[str, Any]], region: str | None) -> Deployment:
    """Of templates that are read already: the stack's name -> template."""
    deployment = Deployment()
    for name, template in templates.items():
        _add(deployment, name, region, template, None, {})
    return deployment


def placed(
    deployment: Deployment, *, names: Mapping[str, str] | None = None, regions: Mapping[str, str] | None = None
) -> Deployment:
    """Returns the deployment with other names or regions for some stacks, by key; nested stacks follow."""
    made = Deployment(findings=deployment.findings, checks=deployment.checks)
    for old in deployment.stacks:
        if old.outer is None:
            name, region = (names or {}).get(old.key, old.name), (regions or {}).get(old.key, old.region)
            stack = _add(made, name, region, old.template, old.file, old.given)
            stack.protected = old.protected
            for one in (stack, *_inner(stack)):
                one.paths = old.paths
    return made


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
    given: Mapping[str, Any],
    level: int = 0,
    exists: bool | Unknown = True,
    outer: Stack | None = None,
) -> Stack:
    stack = Stack(
        key=_key(deployment, name, region),
        name=name,
        region=region,
        template=template,
        deployment=deployment,
        file=file,
        given=given,
        exists=exists,
        outer=outer,
    )
    deployment.stacks.append(stack)
    for resource in stack.resources(NESTED):
        stack.nested[resource.logical_id] = _nested(resource, level + 1)
    return stack


def _nested(resource: Resource, level: int) -> Stack | Unknown:
    outer = resource.stack
    if level > _NESTED_MAX:
        return Unknown("stacks are nested too deep")
    url = resource.get("TemplateURL")
    if not isinstance(url, str) or outer.file is None or "\0" in url:
        return Unknown("its template is not among the files")
    folder, name = outer.file.parent, url.rpartition("/")[2]
    # A path, as `aws cloudformation package` reads it, or the key of an asset of the CDK's.
    file = folder / outer.deployment.assets(folder).get(name, url)
    if not os.path.isfile(file):
        return Unknown(f"its template {shown(url)[:200]} is not among the files")
    try:
        template = load_template(file)
    except TemplateError as error:
        return Unknown(f"its template cannot be used: {error}")
    given = resource.get("Parameters")
    return _add(
        outer.deployment,
        f"{outer.name}/{resource.logical_id}",
        outer.region,
        template,
        file,
        given if isinstance(given, dict) else {},
        level,
        resource.exists,
        outer,
    )


def _key(deployment: Deployment, name: str, region: str | None) -> str:
    taken = {stack.key for stack in deployment.stacks}
    wanted = name if name not in taken else f"{name} in {region}"
    return next(key for key in (wanted, *(f"{wanted}, {n}" for n in range(2, len(taken) + 3))) if key not in taken)
