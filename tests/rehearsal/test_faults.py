"""Every fault is caught with its message, every control passes: real stacks on the emulator, in its own environment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rehearsal import environment, processes, workspace
from rehearsal.stand_in import FILES
from tests.each import each
from tests.judges import lint
from tests.rehearsal.base import BUCKET, PREFIX, Template, base
from tests.rehearsal.cloud import PYTHON, Cloud, each_on_emulator, needs_emulator
from tests.rehearsal.faults import FAULTS, Fault

pytestmark = [needs_emulator, pytest.mark.xdist_group("rehearsal")]
STACK = "rehearsed"
_QUOTAS = {"ml.g6.2xlarge": 8, "ml.g6.xlarge": 8, "ml.inf2.8xlarge": None}


def _clear(cloud: Cloud, keys: tuple[str, ...], quotas: dict[str, int]) -> None:
    """Everything anew: the model's bucket with these keys, a hub's token, the quotas."""
    cloud.clear(quotas)
    cloud.upload(BUCKET, keys)
    cloud.look.client("ssm").put_parameter(Name="/hub-token", Value="x", Type="String")


def _quotas(more: Any) -> dict[str, int]:
    return {name: count for name, count in {**_QUOTAS, **(more or {})}.items() if count is not None}


def _template(edit: Any) -> Template:
    template = base()
    edit(template)
    return template


def _arrange(cloud: Cloud, fault: Fault, *, control: bool) -> None:
    _clear(
        cloud,
        fault.control_keys if control else fault.keys,
        _quotas(fault.control_quotas if control else fault.quotas),
    )
    if fault.update:
        assert cloud.deploy(_template(fault.before), STACK) == ("CREATE_COMPLETE", [])


@each_on_emulator("name", FAULTS)
def test_a_fault_is_caught_with_its_message(cloud: Cloud, name: str) -> None:
    fault = FAULTS[name]
    _arrange(cloud, fault, control=False)
    status, reasons = cloud.deploy(_template(fault.fault), STACK, update=fault.update)
    if fault.later:
        assert (status, reasons) == ("UPDATE_COMPLETE" if fault.update else "CREATE_COMPLETE", [])
        assert [
            message for rule, message in cloud.reports() if rule == fault.rule and message.startswith(fault.message)
        ]
        return
    assert status == ("UPDATE_ROLLBACK_COMPLETE" if fault.update else "ROLLBACK_COMPLETE")
    caught = [reason for reason in reasons if f"[{fault.rule}: https://" in reason]
    assert [reason[: len(fault.message)] for reason in caught] == [fault.message], reasons


@each_on_emulator("name", FAULTS)
def test_its_control_passes(cloud: Cloud, name: str) -> None:
    fault = FAULTS[name]
    _arrange(cloud, fault, control=True)
    status, reasons = cloud.deploy(_template(fault.control), STACK, update=fault.update)
    assert (status, reasons) == ("UPDATE_COMPLETE" if fault.update else "CREATE_COMPLETE", [])
    assert cloud.reports() == []


@pytest.mark.cfn_lint
@each("name", FAULTS)
def test_cfn_lint_lets_the_fault_through(name: str) -> None:
    """And so does cloudformation-validate, which runs before each deployment above."""
    found = lint.cfn_lint(_template(FAULTS[name].fault), "us-east-1")
    assert [one for one in found if not one.startswith("I")] == []


def test_what_was_uploaded_to_the_declared_prefix_answers(cloud: Cloud) -> None:
    """The two files come from the emulator's environment. A dog is closer to a puppy than to a tax."""
    folder = next((environment.FOLDER / "lib").glob("python3.*/site-packages/wordllama"))
    _clear(cloud, (), _quotas(None))
    for name, place in FILES.items():
        cloud.s3.put_object(Bucket=BUCKET, Key=f"{PREFIX}{name}", Body=(folder / place).read_bytes())
    assert cloud.deploy(base(), STACK) == ("CREATE_COMPLETE", [])
    client = cloud.look.client("sagemaker-runtime")
    body = json.dumps({"inputs": ["dog", "puppy", "tax"]})
    answer = client.invoke_endpoint(EndpointName="chat", Body=body, ContentType="application/json")
    puppy, tax = json.loads(answer["Body"].read())["similarities"]
    assert puppy > 0.4 > 0.1 > tax


def test_the_emulator_has_every_private_name() -> None:
    lines: list[str] = []
    place = workspace.make()
    code = "from rehearsal.emulator.private_names import missing; print(missing())"
    command = [str(PYTHON), "-I", "-c", code]
    processes.run(command, folder=Path(place.folder), variables=place.variables(), line=lines.append)
    place.remove()
    assert lines[-1:] == ["[]"]
