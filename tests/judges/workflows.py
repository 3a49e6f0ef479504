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


def findings(*files: Path) -> list[str]:
    """What the judges of each file's kind say, such as `zizmor unpinned-uses`. One that has no valid form gets no more."""
    found: list[str] = []
    workflows = [file for file in files if file.name not in (GITLAB.name, BUILDSPEC.name)]
    if workflows:
        found += _schema(_GITHUB_SCHEMA, workflows) or [*_actionlint(workflows), *_zizmor(workflows)]
    for file in set(files) - set(workflows):
        schema = _GITLAB_SCHEMA if file.name == GITLAB.name else _BUILDSPEC_SCHEMA
        found += _schema(schema, [file]) or [*_shellcheck(load(file))]
    return found


def _judge(name: str, *arguments: str | Path, text: str | None = None) -> Any:
    """What the judge prints, read as JSON; its exit status only tells findings from none."""
    command = [_BIN / name, *arguments]
    run = subprocess.run(command, input=text, capture_output=True, text=True, check=False, cwd=ROOT)
    assert run.stdout, run.stderr
    return json.loads(run.stdout)


def _schema(schema: Sequence[str | Path], files: Sequence[Path]) -> list[str]:
    said = _judge("python", "-m", "check_jsonschema", "-o", "json", *schema, *files)
    unread = [f"not YAML: {error['filename']}" for error in said.get("parse_errors", [])]
    return unread + [f"schema {error['path']}" for error in said["errors"]]


def _actionlint(files: Sequence[Path]) -> Iterator[str]:
    for finding in _judge("actionlint", "-format", "{{json .}}", "-shellcheck", _BIN / "shellcheck", *files):
        yield f"actionlint {finding['kind']}: {finding['message']}"


def _zizmor(files: Sequence[Path]) -> Iterator[str]:
    for finding in _judge("zizmor", "--offline", "--persona", "pedantic", "--quiet", "--format", "json", *files):
        if not finding["ignored"]:
            yield f"zizmor {finding['ident']}"


def _shellcheck(file: dict[str, Any]) -> Iterator[str]:
    """The scripts of GitLab's jobs and of CodeBuild's phases, each run by one shell."""
    jobs = [*file.values(), *file.get("phases", {}).values()]
    for script in (job.get("script") or job.get("commands") for job in jobs if isinstance(job, dict)):
        if script:
            for finding in _judge("shellcheck", "--shell", "bash", "--format", "json", "-", text="\n".join(script)):
                yield f"shellcheck SC{finding['code']}: {finding['message']}"
