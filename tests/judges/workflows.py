"""What judges the files for CI: actionlint with ShellCheck, zizmor, JSON schemas. None of them asks the network."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = tuple(sorted((ROOT / ".github" / "workflows").glob("*.yml")))
EXAMPLES = tuple(sorted((ROOT / "examples" / "ci").glob("github-*.yml")))
GITLAB = ROOT / "examples" / "ci" / "gitlab-ci.yml"
BUILDSPEC = ROOT / "examples" / "ci" / "buildspec.yml"

_BIN = Path(sys.executable).parent
_GITHUB_SCHEMA = ("--builtin-schema", "vendor.github-workflows")
_GITLAB_SCHEMA = ("--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci")
_BUILDSPEC_SCHEMA = ("--schemafile", ROOT / "tests" / "data" / "buildspec.schema.json")


def load(file: Path) -> dict[str, Any]:
    """The file as YAML; the key `on` is a string, as for GitHub, and not YAML 1.1's `true`."""
    loaded = yaml.safe_load(file.read_text("utf-8"))
    return {"on" if key is True else key: value for key, value in loaded.items()}


def findings(*files: Path) -> dict[Path, list[str]]:
    """By file, what the judges of its kind find, such as `zizmor unpinned-uses`; a file without a valid form gets no more.

    Each judge starts once for all files: that takes most of its time.
    """
    found: dict[Path, list[str]] = {file: [] for file in files}
    others = {GITLAB.name: _GITLAB_SCHEMA, BUILDSPEC.name: _BUILDSPEC_SCHEMA}
    workflows = [file for file in files if file.name not in others]
    kinds = {name: [file for file in files if file.name == name] for name in others}
    for schema, kind in ((_GITHUB_SCHEMA, workflows), *((others[name], kinds[name]) for name in others)):
        for file, finding in _schema(schema, kind) if kind else ():
            found[file].append(finding)
    sound = [file for file in workflows if not found[file]]
    for file, finding in (*_actionlint(sound), *_zizmor(sound)) if sound else ():
        found[file].append(finding)
    for file in (file for kind in kinds.values() for file in kind if not found[file]):
        found[file] += _shellcheck(load(file))
    return found


def _judge(name: str, *arguments: str | Path, text: str | None = None) -> Any:
    """What the judge prints, read as JSON; its exit status only tells findings from none."""
    command = [_BIN / name, *arguments]
    run = subprocess.run(command, input=text, capture_output=True, text=True, check=False, cwd=ROOT)
    assert run.stdout, run.stderr
    return json.loads(run.stdout)


def _schema(schema: Sequence[str | Path], files: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    said = _judge("python", "-m", "check_jsonschema", "-o", "json", *schema, *files)
    for error in said.get("parse_errors", []):
        yield Path(error["filename"]), "not YAML"
    for error in said["errors"]:
        yield Path(error["filename"]), f"schema {error['path']}"


def _actionlint(files: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    for finding in _judge("actionlint", "-format", "{{json .}}", "-shellcheck", _BIN / "shellcheck", *files):
        yield (ROOT / finding["filepath"]).resolve(), f"actionlint {finding['kind']}: {finding['message']}"


def _zizmor(files: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    for finding in _judge("zizmor", "--offline", "--persona", "pedantic", "--quiet", "--format", "json", *files):
        if not finding["ignored"]:
            file, *_ = (one["symbolic"]["key"]["Local"] for one in finding["locations"])
            yield ROOT / file["verbatim_path"], f"zizmor {finding['ident']}"


def _shellcheck(file: dict[str, Any]) -> Iterator[str]:
    """The scripts of GitLab's jobs and of CodeBuild's phases, each run by one shell."""
    jobs = [*file.values(), *file.get("phases", {}).values()]
    for script in (job.get("script") or job.get("commands") for job in jobs if isinstance(job, dict)):
        if script:
            for finding in _judge("shellcheck", "--shell", "bash", "--format", "json", "-", text="\n".join(script)):
                yield f"shellcheck SC{finding['code']}: {finding['message']}"
