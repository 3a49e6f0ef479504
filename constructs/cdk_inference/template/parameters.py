"""Values for the parameters of templates: KEY=VALUE, or a file in one of the forms that AWS's tools take.

| form | taken by |
|---|---|
| `[{"ParameterKey": "Stage", "ParameterValue": "prod"}]` | `aws cloudformation create-stack --parameters file://` |
| `["Stage=prod"]` | `aws cloudformation deploy --parameter-overrides file://` |
| `{"Parameters": {"Stage": "prod"}}` | CodePipeline, SageMaker's project templates |
| `parameter_overrides` in samconfig.toml or .yaml | `sam deploy` |

https://docs.aws.amazon.com/cli/latest/reference/cloudformation/deploy/ and
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html
(read 2026-11-29)
"""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cdk_inference.core.alike import nearest
from cdk_inference.core.errors import ConfigurationError, Problem, raise_problems
from cdk_inference.core.pages import page
from cdk_inference.template.load import TemplateError, load_value, one_line, read_text
from cdk_inference.template.resolve import comparable
from cdk_inference.template.stacks import Deployment
from cdk_inference.template.values import items, mapping

OPTION = "--parameters"
_NAME = re.compile("[A-Za-z0-9]+")
_PAIR = re.compile("([A-Za-z0-9]+)=(.*)", re.DOTALL)
_LONG_PAIR = re.compile("ParameterKey=([A-Za-z0-9]+),ParameterValue=(.*)", re.DOTALL)
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_ENTRY = {"ParameterKey", "ParameterValue", "UsePreviousValue", "ResolvedValue"}
_BESIDE = {"Parameters", "Tags", "StackPolicy"}  # what CodePipeline's file has
_FORMS = '[{"ParameterKey": ..., "ParameterValue": ...}], ["KEY=VALUE"], {"Parameters": {...}} or a samconfig file'
_FIX = f"{page('prices')} shows one"
_COMMANDS = ("deploy", "global")


def read_parameters(arguments: Sequence[str]) -> dict[str, str]:
    """Parameter's name -> value, of KEY=VALUE and files; a later argument wins. Raises ConfigurationError."""
    found: dict[str, str] = {}
    for argument in arguments:
        pair = _LONG_PAIR.fullmatch(argument) or _PAIR.fullmatch(argument)
        path, _, environment = argument.rpartition(":")
        if pair is not None and not Path(argument).exists():
            found[pair[1]] = _unescaped(pair[2]) if pair.re is _LONG_PAIR else pair[2]
        elif path and not Path(argument).exists() and Path(path).exists():
            found |= _unique(argument, _in_file(Path(path), environment))
        elif argument.strip() and not Path(argument).is_dir():
            found |= _unique(argument, _in_file(Path(argument), None))
        else:
            got = "a folder" if argument.strip() else "nothing"
            raise _problem(argument, got, f"KEY=VALUE or a file with {_FORMS}", "name a file, or leave the option out")
    return found


def _unescaped(value: str) -> str:
    r"""The text of a value in the AWS CLI's shorthand, where a comma is written \, or stands in quotes.

    https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-shorthand.html (read 2026-11-30)
    """
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return value.replace("\\,", ",")


def check_parameters(parameters: Mapping[str, str], *deployments: Deployment) -> None:
    """Raises ConfigurationError for a parameter that no template declares, and for a value that none allows.

    One deployment has to declare it: of two that are compared, a parameter may be new.
    """
    outer = [stack for one in deployments for stack in one.stacks if stack.outer is None]
    inner = {
        name for one in deployments for stack in one.stacks if stack.outer is not None for name in _declared(stack)
    }
    declared: dict[str, list[Mapping[str, Any]]] = {}
    for stack in outer:
        for name, written in _declared(stack).items():
            declared.setdefault(name, []).append(mapping(written))
    problems = [
        _wrong(name, value, declared[name]) if name in declared else _undeclared(name, value, list(declared), inner)
        for name, value in parameters.items()
    ]
    raise_problems(OPTION, *problems)


def _declared(stack: Any) -> dict[str, Any]:
    return mapping(stack.template.get("Parameters"))


def _undeclared(name: str, value: str, declared: list[str], inner: set[str]) -> Problem:
    allowed = ", ".join(sorted(declared)[:20]) or "no template declares a parameter"
    if name in inner:
        fix = "give the parameter of the outer template that a nested one gets it from"
    else:
        near = nearest(name, declared)
        fix = f"write {near}" if near else "name a parameter that one of the templates declares"
    return Problem(name, value, allowed, fix)


def _wrong(name: str, value: str, declarations: list[Mapping[str, Any]]) -> Problem | None:
    if any(one.get("NoEcho") in (True, "true") for one in declarations):
        return None  # its value is shown nowhere
    problems = (problem for one in declarations if (problem := _refused(name, value, one)))
    return next(problems, None)


def _refused(name: str, value: str, declared: Mapping[str, Any]) -> Problem | None:
    """Why CloudFormation refuses a value. AllowedPattern is left to it: its expressions are those of Java.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html (read 2026-11-30);
    that each value of a list has to be allowed, as cfn-lint 1.58.0 has it (E2015).
    """
    kind = str(declared.get("Type"))
    allowed = [str(comparable(choice)) for choice in items(declared.get("AllowedValues"))]
    listed = kind.startswith(("CommaDelimitedList", "List<")) and value not in allowed
    values = [one.strip() for one in value.split(",")] if listed else [value]
    for one in values:
        if allowed and one not in allowed:
            return Problem(name, one, ", ".join(allowed[:20]), "give one of them")
        if kind in ("Number", "List<Number>"):
            number = _number(one)
            wrong = "a number" if number is None else _outside(number, declared, "Value")
        else:
            wrong = _outside(len(one), declared, "Length") if kind == "String" else ""
        if wrong:
            return Problem(name, one, wrong, "correct the value")
    return None


def _outside(size: float, declared: Mapping[str, Any], what: str) -> str:
    """What is allowed, of a size outside of MinValue and MaxValue, or MinLength and MaxLength; "" if it is inside."""
    low, high = (_number(str(declared.get(f"{bound}{what}"))) for bound in ("Min", "Max"))
    unit = " characters" if what == "Length" else ""
    if low is not None and size < low:
        return f"{low:g}{unit} or more"
    return f"at most {high:g}{unit}" if high is not None and size > high else ""


def _number(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text.strip()) else None


def _unique(argument: str, pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found and found[name] != value:
            raise _problem(argument, name, "each parameter once", "remove one of the two")
        found[name] = value
    return found


def _problem(argument: str, got: object, allowed: str = _FORMS, fix: str = _FIX) -> ConfigurationError:
    return ConfigurationError(f"{OPTION} {argument}", [Problem("file", got, allowed, fix)])


def _in_file(file: Path, environment: str | None) -> Iterator[tuple[str, str]]:
    if not file.exists():
        raise _problem(str(file), "no such file", f"KEY=VALUE or a file with {_FORMS}", "correct the name")
    try:
        if file.suffix == ".toml":
            content: Any = tomllib.loads(read_text(file))
        else:
            content = load_value(file, "a file with parameters")
    except TemplateError as error:
        raise _problem(str(file), str(error)) from None
    except (ValueError, RecursionError) as error:
        raise _problem(str(file), one_line(error), "TOML") from None
    if file.suffix == ".toml" or (isinstance(content, dict) and _is_sam(content)):
        yield from _of_sam(file, mapping(content), environment)
        return
    if environment is not None:
        raise _problem(
            f"{file}:{environment}", "no samconfig file", "an environment of a samconfig file", "leave it out"
        )
    if isinstance(content, list):
        for entry in content:
            yield from _entry(file, entry)
    elif isinstance(content, dict) and isinstance(content.get("Parameters"), dict) and content.keys() <= _BESIDE:
        yield from _table(file, content["Parameters"])
    else:
        got = ", ".join(sorted(map(str, content)))[:80] if isinstance(content, dict) else type(content).__name__
        raise _problem(str(file), got)


def _entry(file: Path, entry: object) -> Iterator[tuple[str, str]]:
    if isinstance(entry, str):
        yield from _overrides(file, entry)
    elif isinstance(entry, dict) and isinstance(entry.get("ParameterKey"), str) and entry.keys() <= _ENTRY:
        if "ParameterValue" in entry:
            yield entry["ParameterKey"], _text(file, entry["ParameterKey"], entry["ParameterValue"])
        elif entry.get("UsePreviousValue") is not True:
            raise _problem(str(file), entry, "an entry with ParameterValue")
    else:
        raise _problem(str(file), entry, '{"ParameterKey": ..., "ParameterValue": ...} or "KEY=VALUE" in the list')


def _table(file: Path, table: Mapping[Any, Any]) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise _problem(str(file), name, "names of letters and digits", "correct the name")
        yield name, _text(file, name, value)


def _text(file: Path, name: str, value: object) -> str:
    """A parameter's value as CloudFormation takes it; a list is text with commas."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (str, int, float)):
        return str(value)
    if isinstance(value, list) and all(isinstance(one, (str, int, float)) for one in value):
        return ",".join(_text(file, name, one) for one in value)
    raise _problem(str(file), value, f"a text, a number or a list of them for {name}", "correct the value")


def _is_sam(content: Mapping[Any, Any]) -> bool:
    return any(_written(table) is not None for table in content.values())


def _written(environment: object) -> Any:
    """The parameter_overrides of an environment in a samconfig file."""
    tables = [mapping(mapping(mapping(environment).get(command)).get("parameters")) for command in _COMMANDS]
    return next((table["parameter_overrides"] for table in tables if "parameter_overrides" in table), None)


def _of_sam(file: Path, content: Mapping[str, Any], environment: str | None) -> Iterator[tuple[str, str]]:
    having = [name for name, table in content.items() if _written(table) is not None]
    chosen = environment or ("default" if "default" in having or len(having) != 1 else having[0])
    if chosen not in having:
        listed = ", ".join(f"{file}:{name}" for name in having) or "an environment with parameter_overrides"
        raise _problem(str(file), chosen, listed, "name one of them" if having else _FIX)
    written = _written(content[chosen])
    if isinstance(written, dict):
        yield from _table(file, written)
    elif isinstance(written, (str, list)):
        for one in [written] if isinstance(written, str) else written:
            yield from _entry(file, one)
    else:
        raise _problem(str(file), written, 'parameter_overrides = "KEY=VALUE ..."')


def _overrides(file: Path, text: str) -> Iterator[tuple[str, str]]:
    """KEY=VALUE pairs as a shell would take them apart."""
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise _problem(str(file), text[:80], f"KEY=VALUE pairs ({error})") from None
    for word in words:
        pair = _LONG_PAIR.fullmatch(word) or _PAIR.fullmatch(word)
        if pair is None:
            raise _problem(str(file), word[:80], "KEY=VALUE pairs")
        yield pair[1], pair[2]
