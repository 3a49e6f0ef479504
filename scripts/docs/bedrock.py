"""docs/bedrock.md: its picture, its statements and its numbers come from the code that writes policies.

The words are in bedrock.md beside this file.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cdk_inference.bedrock import table as known
from cdk_inference.bedrock.additional_access import (
    OPERATIONS,
    AdditionalAccess,
    further_statements,
    marketplace_statements,
)
from cdk_inference.bedrock.conditions import Conditions, ExistingGuardrail
from cdk_inference.bedrock.documents import NOT_DENIED, deny_statements, endpoint_statements
from cdk_inference.bedrock.models import (
    ExistingProfile,
    ExistingRouter,
    FoundationModel,
    ImportedModel,
    InferenceProfile,
    Model,
)
from cdk_inference.bedrock.statements import INVOKE, Statement, reach, statements
from cdk_inference.core.location import Location
from scripts.docs._markdown import NOTE, table

PROSE = Path(__file__).with_name("bedrock.md")

HERE = Location(partition="aws", region="us-east-1", account="111122223333")
OWN = f"arn:aws:bedrock:{HERE.region}:{HERE.account}"
MODEL = "anthropic.claude-opus-5-5"
GEO, GLOBAL = InferenceProfile(f"us.{MODEL}"), InferenceProfile(f"global.{MODEL}")
NOVA = FoundationModel("amazon.nova-lite-v1:0")
TEAM = ExistingProfile(f"{OWN}:application-inference-profile/abcdef123456", of=GEO)
ROUTER = ExistingRouter(f"{OWN}:prompt-router/abcdef123456", models=(NOVA, FoundationModel("amazon.nova-pro-v1:0")))
ASKED = Conditions(
    guardrail=ExistingGuardrail(guardrail_arn=f"{OWN}:guardrail/abcdef123456", guardrail_version="3"),
    vpc_endpoint_ids=("vpce-0123456789abcdef0",),
    organization_id="o-a1b2c3d4e5",
)
KINDS: tuple[tuple[str, Model, Conditions], ...] = (
    (f"`FoundationModel`: {NOVA.id}", NOVA, Conditions()),
    (f"`InferenceProfile`: {GEO.id}", GEO, Conditions()),
    (f"`InferenceProfile`: {GLOBAL.id}", GLOBAL, Conditions()),
    (f"`ApplicationProfile` of {GEO.id}", TEAM, Conditions()),
    ("`PromptRouter`", ROUTER, Conditions()),
    ("`ImportedModel`, and the others by ARN", ImportedModel(f"{OWN}:imported-model/abcdef123456"), Conditions()),
    ("the application profile, with guardrail, VPC endpoint and organisation", TEAM, ASKED),
)


def _resource(arn: str) -> str:
    """Without what every ARN has."""
    return arn.split(":", 5)[5] if arn.startswith("arn:") else arn


def _resources(arns: Sequence[str]) -> str:
    """Each resource once, with its regions where it is in another one than the stack's."""
    regions: dict[str, list[str]] = {}
    for arn in arns:
        region = arn.split(":")[3] if arn.startswith("arn:") and ":iam:" not in arn else HERE.region
        regions.setdefault(_resource(arn), []).append(region or "no region")
    return ", ".join(
        f"`{name}`" + ("" if found == [HERE.region] else f" in {', '.join(found)}") for name, found in regions.items()
    )


def _condition(statement: Statement) -> str:
    found = []
    for operator, keys in statement.get("Condition", {}).items():
        for key, value in keys.items():
            values = value if isinstance(value, list) else [value]
            spoken = " or ".join(_resource(str(one)) for one in values)
            found.append(f"{key} {'is not' if 'Not' in operator else 'is'} {spoken}")
    return "; ".join(found)


def _actions(statement: Statement) -> str:
    if tuple(statement["Action"]) == INVOKE:
        return "invoke, streaming"
    names: dict[str, list[str]] = {}
    for action in statement["Action"]:
        service, _, name = action.partition(":")
        names.setdefault(service, []).append(name or service)
    return "; ".join(f"{service}: {', '.join(actions)}" for service, actions in names.items())


def _row(statement: Statement) -> tuple[object, ...]:
    negated = "NotResource" in statement
    resources: Sequence[str] = statement["NotResource" if negated else "Resource"]
    on = ("all but " if negated else "") + _resources(resources)
    return statement["Sid"], statement["Effect"], _actions(statement), on, _condition(statement)


HEADINGS = ("statement", "effect", "actions", "on", "if")


def picture() -> str:
    """A call through the geographic profile: what is authorized, and by which statement."""
    touched = reach(TEAM, HERE)
    first, second, guardrail, _ = statements(TEAM, HERE, ASKED)
    name, version = _resource(touched.entry), getattr(ASKED.guardrail, "guardrail_version", "")
    lines = [
        "flowchart LR",
        '    caller["caller"] -- "Converse, InvokeModel, streamed or not" --> door["VPC endpoint<br>bedrock-runtime"]',
        f'    door -- "{first["Sid"]}:<br>this VPC endpoint, this organisation" --> profile["{name}"]',
    ]
    for number, arn in enumerate(touched.regional, 1):
        region = arn.split(":")[3]
        label = (
            f'"{second["Sid"]}:<br>through this profile, with this guardrail"' if number == 1 else f'"{second["Sid"]}"'
        )
        lines.append(f'    profile -- {label} --> m{number}["{MODEL}<br>in {region}"]')
    lines += [
        f'    caller -. "{guardrail["Sid"]}" .-> guardrail["guardrail, version {version}"]',
        '    caller -. "nothing allows this" .-x m1',
    ]
    return "```mermaid\n" + "\n".join(lines) + "\n```\n"


def page() -> str:
    """The whole page."""
    granted = [(kind, *_row(one)) for kind, model, conditions in KINDS for one in statements(model, HERE, conditions)]
    shown: list[tuple[object, ...]] = []
    for number, (kind, *rest) in enumerate(granted):
        again = number > 0 and granted[number - 1][0] == kind
        shown.append(("" if again else kind, *rest))
    further = AdditionalAccess(
        api_keys="short-term", openai_project="default", batch_role_arn=f"arn:aws:iam::{HERE.account}:role/Jobs"
    )
    batch = AdditionalAccess(batch_role_arn=further.batch_role_arn)
    jobs = [one for one in deny_statements([NOVA], HERE, Conditions(), batch) if "Batch" in one["Sid"]]
    further = dataclasses.replace(further, operations=OPERATIONS)
    others = [*further_statements([NOVA], HERE, Conditions(), further), *marketplace_statements(["prod-xdkflymybwmvi"])]
    return PROSE.read_text(encoding="utf-8").format(
        note=NOTE,
        picture=picture(),
        statements=table(("what", *HEADINGS), shown),
        others=table(HEADINGS, map(_row, others)),
        denials=table(HEADINGS, map(_row, deny_statements([TEAM], HERE, ASKED))),
        batch=table(HEADINGS, map(_row, jobs)),
        not_denied=", ".join(f"`{one}`" for one in NOT_DENIED),
        endpoint=table(HEADINGS, map(_row, endpoint_statements([TEAM], HERE, ASKED))),
        providers=_providers(),
        geographies=_geographies(),
        day=known.day(),
        api=known.sources()["api"],
        code=known.sources()["code"],
    )


def _providers() -> str:
    facts = list(known.models().values())
    rows: list[tuple[object, ...]] = []
    for provider in sorted({fact.provider for fact in facts}):
        own = [fact for fact in facts if fact.provider == provider]
        through: list[Any] = [fact for fact in own if not fact.on_demand and _has_profile(fact.id)]
        rows.append(
            (
                provider,
                len(own),
                len(through),
                sum(fact.streaming for fact in own),
                sum(bool(fact.mantle) for fact in own),
                ", ".join(sorted({name for fact in own for name in fact.outputs})),
            )
        )
    headings = (
        "provider",
        "models",
        "through a profile only",
        "streaming",
        "on the OpenAI-compatible endpoint",
        "outputs",
    )
    return table(headings, rows)


def _has_profile(model: str) -> bool:
    return any(name.partition(".")[2] == model for name in known.profiles())


def _geographies() -> str:
    rows = []
    for prefix, sources in sorted(known.geographies().items()):
        facts = [fact for name, fact in known.profiles().items() if name.partition(".")[0] == prefix]
        to = sorted({region for fact in facts for regions in fact.destinations.values() for region in regions})
        called_from = f"{len(sources)} commercial regions" if prefix == known.GLOBAL else ", ".join(sorted(sources))
        routed_to = (
            "any commercial region"
            if prefix == known.GLOBAL
            else "the same"
            if to == sorted(sources)
            else ", ".join(to)
        )
        rows.append((f"`{prefix}.`", len(facts), called_from, routed_to))
    return table(("profiles", "how many", "called from", "route to, all of them together"), rows)
