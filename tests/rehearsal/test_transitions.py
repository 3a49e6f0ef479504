"""Every row of the table of updates against the engine: what the table says is what describe calls show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from cdk_inference.review import BY_ID, TRANSITIONS, Outcome, Sure, classify
from tests.each import each
from tests.rehearsal.base import BUCKET, PREFIX, base, properties
from tests.rehearsal.cloud import PLENTY, Cloud, each_on_emulator, needs_emulator
from tests.support import Template
from tests.unit.review.cases import CASES, Case, sides

pytestmark = pytest.mark.xdist_group("transitions")

STACK = "fleet"
KEYS = ("llama/config.json", "llama-2/config.json", *(f"{name}.tar.gz" for name in ("small", "other", "legal", "tax")))
DONE, UNDONE = ("CREATE_COMPLETE", "UPDATE_COMPLETE"), "UPDATE_ROLLBACK_COMPLETE"
# AWS does not say whether one deployment passes; the table's two are safe, and run.
NOT_SAID = {row.id for row in TRANSITIONS if row.outcome is Outcome.TWO_DEPLOYMENTS and row.sure is Sure.UNKNOWN}
# AWS does not say what comes of it with the same id, so no emulator can show it; the rehearsal lets the first pass.
UNKNOWN = {"kind", "component-moved"}
# The initial count stays, and so does the config: only RetainAllVariantProperties differs, as the row says.
SAME_CONFIG = {"scaled", "unscaled", "unscaled-pinned"}
# Nothing of these is in a template: the construct raises first, which tests/unit/review/test_refused.py holds.
AT_SYNTH = {row.id for row in TRANSITIONS if row.outcome is Outcome.REFUSED_AT_SYNTH}


class Running(NamedTuple):
    """What serves: endpoint -> its ARN, config and first moment; component -> the same."""

    endpoints: dict[str, tuple[str, ...]]
    components: dict[str, tuple[str, ...]]


def running(cloud: Cloud) -> Running:
    endpoints = {
        one["EndpointName"]: (one["EndpointArn"], one["EndpointConfigName"], str(one["CreationTime"]))
        for one in cloud.look.endpoints()
    }
    client = cloud.look.client("sagemaker")
    components = {}
    for one in client.list_inference_components()["InferenceComponents"]:
        found = client.describe_inference_component(InferenceComponentName=one["InferenceComponentName"])
        specification = (str(found.get("Specification")), str(found.get("Specifications")))
        components[found["InferenceComponentName"]] = (found["InferenceComponentArn"], *specification)
    return Running(endpoints, components)


def observed(before: Running, after: Running) -> Outcome:
    """What a deployment did, by what runs before and after it."""
    for old, new in zip(before, after, strict=True):
        if old.keys() - new.keys() and new.keys() - old.keys():
            return Outcome.NEW_NAME
    both = before.endpoints.keys() & after.endpoints.keys()
    if any(after.endpoints[name][1] != before.endpoints[name][1] for name in both):
        assert all(after.endpoints[name][::2] == before.endpoints[name][::2] for name in both)
        return Outcome.BLUE_GREEN
    stay = before.components.keys() & after.components.keys()
    same = all(after.components[name] == before.components[name] for name in stay)
    return Outcome.IN_PLACE if same else Outcome.COPIES


def _arrange(cloud: Cloud) -> None:
    cloud.clear(PLENTY)
    for name, keys in (("models", KEYS), ("captured", ()), ("requests", ())):
        cloud.upload(name, keys)
    cloud.upload(BUCKET, [f"{PREFIX}config.json"])
    _ready(cloud)


def _ready(cloud: Cloud) -> None:
    cloud.bootstrap()
    cloud.look.client("ecr").create_repository(repositoryName="mine")


def _deployed(cloud: Cloud, template: Template, *, update: bool = True) -> Running:
    status, reasons = cloud.deploy(template, STACK, update=update)
    assert (status in DONE, reasons) == (True, [])
    return running(cloud)


def _two_deployments(cloud: Cloud, row: str, held: Template, after: Template) -> None:
    """One deployment is refused, and leaves what runs as it was; the table's two pass."""
    before = running(cloud)
    if row not in NOT_SAID:
        status, reasons = cloud.deploy(after, STACK, update=True)
        assert (status, running(cloud)) == (UNDONE, before)
        assert any("[autoscaled-variant: https://" in reason for reason in reasons)
    _deployed(cloud, held)
    _deployed(cloud, after)


@needs_emulator
@each_on_emulator("case", CASES)
def test_a_row_is_what_the_engine_does(cloud: Cloud, case: Case) -> None:
    templates, expected = sides()[case.id], BY_ID[case.row].outcome
    _arrange(cloud)
    before = _deployed(cloud, templates.before, update=False)
    if templates.held is not None:
        _two_deployments(cloud, case.row, templates.held, templates.after)
        return
    if (case.after_stack, case.after_region) != (STACK, "us-east-1"):
        assert expected is Outcome.NEW_NAME
        _another_stack(cloud, case, templates.after)
    elif case.row == "component-moved":
        status, _ = cloud.deploy(templates.after, STACK, update=True)
        assert (status, running(cloud)) == (UNDONE, before)
    elif expected is Outcome.REFUSED:
        status, reasons = cloud.deploy(templates.after, STACK, update=True)
        assert (status, running(cloud), len(reasons)) == (UNDONE, before, 1)
    else:
        found = observed(before, _deployed(cloud, templates.after))
        assert found is (Outcome.IN_PLACE if case.id in SAME_CONFIG else expected) or case.row in UNKNOWN


def _another_stack(cloud: Cloud, case: Case, after: Template) -> None:
    """The new one beside the old, which is deleted afterwards; a model's bucket has to be in the new region."""
    there = cloud.inside(case.after_region)
    if case.after_region != "us-east-1":
        _ready(there)
        status, reasons = there.deploy(after, "first-try")
        assert (status, len(reasons)) == ("ROLLBACK_COMPLETE", 1), reasons
        for key in KEYS:
            cloud.s3.delete_object(Bucket="models", Key=key)
        cloud.s3.delete_bucket(Bucket="models")
        there.upload("models", KEYS)
    assert there.deploy(after, case.after_stack) == ("CREATE_COMPLETE", [])
    cloud.formation.delete_stack(StackName=STACK)
    assert len(running(there).endpoints) == 1


Edit = Callable[[Template], Any]


def _nothing(template: Template) -> None:
    del template


def _variant(template: Template) -> dict[str, Any]:
    found: dict[str, Any] = properties(template, "Config")["ProductionVariants"][0]
    return found


def _elsewhere() -> Template:
    """The stack of another team: two models, and an endpoint config of each, all by names."""
    template = base()
    resources = template["Resources"]
    role = {**properties(template, "Role"), "RoleName": "role-elsewhere"}
    made: dict[str, Any] = {"Role": {**resources["Role"], "Properties": role}}
    for name in ("first", "second"):
        model = {**properties(template, "Model"), "ModelName": name}
        made[f"Model{name}"] = {"Type": "AWS::SageMaker::Model", "Properties": model}
        (variant,) = properties(template, "Config")["ProductionVariants"]
        variants = [{**variant, "ModelName": {"Fn::GetAtt": [f"Model{name}", "ModelName"]}}]
        config = {"EndpointConfigName": name, "ProductionVariants": variants}
        made[f"Config{name}"] = {"Type": "AWS::SageMaker::EndpointConfig", "Properties": config}
    return {"Resources": made}


def _named_model(name: str) -> Edit:
    def edit(template: Template) -> None:
        del template["Resources"]["Model"]
        _variant(template)["ModelName"] = name

    return edit


def _named_config(name: str) -> Edit:
    def edit(template: Template) -> None:
        del template["Resources"]["Model"], template["Resources"]["Config"]
        template["Resources"]["Endpoint"]["DependsOn"] = ["Errors"]
        properties(template, "Endpoint")["EndpointConfigName"] = name

    return edit


def _another_role(template: Template) -> None:
    role = template["Resources"]["Role"]
    copied = {**role["Properties"], "RoleName": "chat-role-2"}
    template["Resources"]["Role2"] = {"Type": role["Type"], "Properties": copied}
    properties(template, "Model")["ExecutionRoleArn"] = {"Fn::GetAtt": ["Role2", "Arn"]}


def _without(*names: str) -> Edit:
    def edit(template: Template) -> None:
        for name in names:
            del template["Resources"][name]

    return edit


def _target(**changes: Any) -> Edit:
    return lambda template: properties(template, "Target").update(changes)


_ALL = ("Endpoint", "Target", "Policy", "ErrorRate", "Both", "Errors")
# Rows of templates by hand: what is different before, and after.
BY_HAND: dict[str, tuple[Edit, Edit]] = {
    "model-named": (_named_model("first"), _named_model("second")),
    "execution-role": (_nothing, _another_role),
    "config-named": (_named_config("first"), _named_config("second")),
    "config-other": (_nothing, lambda t: _variant(t).update(EnableSSMAccess=True)),
    "scaling-other": (_nothing, _target(SuspendedState={"DynamicScalingInSuspended": True})),
    "lower-bound-moved": (_target(MinCapacity=1), _target(MinCapacity=2)),
    "zero-minimum": (_nothing, _target(MinCapacity=0)),
    "policy-added": (_without("Policy"), _nothing),
    "policy-removed": (_nothing, _without("Policy")),
    "registered": (_without("Policy", "Target"), _nothing),
    "deregistered": (_nothing, _without("Policy", "Target")),
    "endpoint-added": (_without(*_ALL), _nothing),
    "endpoint-removed": (_nothing, _without(*_ALL)),
}
# A part of a component that no construct of ours and no other row has; the rehearsal refuses what the API lacks.
UNSHOWN = {"component-other"}


def test_every_row_runs_or_is_listed_with_its_reason() -> None:
    assert {row.id for row in TRANSITIONS} == {case.row for case in CASES} | {*BY_HAND} | UNSHOWN | AT_SYNTH


def _by_hand(row: str) -> tuple[Template, Template]:
    before, after = base(), base()
    for template, edit in zip((before, after), BY_HAND[row], strict=True):
        edit(template)
    return before, after


@each("row", BY_HAND)
def test_templates_by_hand_are_about_their_row(row: str) -> None:
    assert row in [change.transition.id for change in classify(*_by_hand(row)).changes]


@needs_emulator
@each_on_emulator("row", BY_HAND)
def test_a_row_of_templates_by_hand_is_what_the_engine_does(cloud: Cloud, row: str) -> None:
    before, after = _by_hand(row)
    _arrange(cloud)
    if row.endswith("-named"):
        assert cloud.deploy(_elsewhere(), "elsewhere") == ("CREATE_COMPLETE", [])
    was = _deployed(cloud, before, update=False)
    if BY_ID[row].outcome is Outcome.REFUSED:
        status, reasons = cloud.deploy(after, STACK, update=True)
        assert (status, running(cloud), len(reasons)) == (UNDONE, was, 1)
        return
    assert observed(was, _deployed(cloud, after)) is BY_ID[row].outcome
