"""Lines beyond endpoints: tokens on Bedrock, resources without a known price, and resources out of scope."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping

from cdk_inference.core.alike import nearest
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.pricing.amounts import Line, Monthly
from cdk_inference.pricing.book import PriceBook
from cdk_inference.pricing.template_budgets import BUDGET
from cdk_inference.pricing.tokens import TokenPrice
from cdk_inference.pricing.usage import EndpointUsage, Usage
from cdk_inference.template import Deployment, EndpointInTemplate, Hosting, Resource, Stack, Unknown
from cdk_inference.template.hosted import COMPONENT, CONFIG, ENDPOINT
from cdk_inference.template.opaque import may_hold_resources, opaque_parts
from cdk_inference.template.scalable_targets import TARGET
from cdk_inference.template.stacks import NESTED
from cdk_inference.template.values import shown

PROFILE = "AWS::Bedrock::ApplicationInferenceProfile"
_BY_USE = "it is billed by usage, which is not priced here"
_OWN_INSTANCES = "it runs on its own instances, which are not priced here"
# Billed, and within what people call the cost of inference.
UNPRICED: Mapping[str, str] = {
    "AWS::Bedrock::Agent": _BY_USE,
    "AWS::Bedrock::DataAutomationProject": _BY_USE,
    "AWS::Bedrock::Flow": _BY_USE,
    "AWS::Bedrock::Guardrail": _BY_USE,
    "AWS::Bedrock::IntelligentPromptRouter": _BY_USE,
    "AWS::Bedrock::KnowledgeBase": _BY_USE,
    "AWS::SageMaker::App": _OWN_INSTANCES,
    "AWS::SageMaker::Cluster": _OWN_INSTANCES,
    "AWS::SageMaker::InferenceExperiment": _OWN_INSTANCES,
    "AWS::SageMaker::MlflowTrackingServer": _OWN_INSTANCES,
    "AWS::SageMaker::MonitoringSchedule": _OWN_INSTANCES,
    "AWS::SageMaker::NotebookInstance": _OWN_INSTANCES,
    "AWS::SageMaker::ProcessingJob": _OWN_INSTANCES,
}
# They cost nothing themselves.
_FREE = {ENDPOINT, CONFIG, TARGET, PROFILE, NESTED, "AWS::CDK::Metadata", "AWS::SageMaker::Model"}
_FREE |= {"AWS::ApplicationAutoScaling::ScalingPolicy", COMPONENT, BUDGET}
_FREE_SERVICES = ("AWS::IAM::",)


def token_lines(deployment: Deployment, book: PriceBook, usage: Usage, region: str | None) -> Iterator[Line]:
    """A line for each profile in the templates and for each other model in the usage file. `region`: of the latter."""
    profiles = [resource for stack in deployment.stacks for resource in stack.resources(PROFILE)]
    ids = Counter(resource.logical_id for resource in profiles)
    used = set()
    for resource in profiles:
        stack = resource.stack
        # Tokens under one name are counted once: profiles that share a logical id differ by their stacks.
        name = resource.logical_id if ids[resource.logical_id] == 1 else f"{stack.name}/{resource.logical_id}"
        used.add(name)
        yield _tokens(stack.name, stack.region, name, _model(resource), book, usage)
    regions = {stack.region for stack in deployment.stacks}
    own = regions.pop() if len(regions) == 1 else region
    for name in usage.tokens:
        if name not in used:
            yield _tokens("usage file", own, name, name, book, usage)


def _model(profile: Resource) -> str | Unknown:
    source = profile.get("ModelSource")
    if isinstance(profile.exists, Unknown):
        return profile.exists
    if isinstance(source, Unknown):
        return source
    arn = source.get("CopyFrom") if isinstance(source, dict) else None
    if isinstance(arn, str):
        return shown(arn.rpartition("/")[2])
    return arn if isinstance(arn, Unknown) else Unknown("the profile names no model")


def _tokens(stack: str, region: str | None, name: str, model: str | Unknown, book: PriceBook, usage: Usage) -> Line:
    tokens = usage.tokens.get(name)
    price: TokenPrice | Unknown
    if isinstance(model, Unknown):
        price = model
    elif region is None:
        price = Unknown("the region is not known; pass --region or set AWS_REGION")
    else:
        price = book.tokens(model, region)
    what = "a model" if isinstance(model, Unknown) else model
    notes: tuple[str, ...] = ()
    source = date = ""
    amount: float | Unknown
    if tokens is None:
        amount = Unknown(f"its token usage is not set (tokens.{name} in the usage file)")
    elif isinstance(price, Unknown):
        amount = price
    else:
        missing = [kind for kind, count in tokens.items() if count and kind not in price.usd_per_million]
        amount = math.fsum(count * price.usd_per_million.get(kind, 0.0) / 1e6 for kind, count in tokens.items())
        source, date = f"{price.source}, {price.date}", price.date
        words = [f"{count:,.0f} {kind.replace('_', ' ')}" for kind, count in tokens.items()]
        what = f"{what}: {', '.join(words)}"
        if missing:
            amount = Unknown(f"no price of {', '.join(missing).replace('_', ' ')} tokens of {model}")
        if price.long_prompt_tokens is not None:
            notes = (f"prompts above {price.long_prompt_tokens:,} tokens cost more, which is not included",)
    return Line(
        stack=stack,
        region=region,
        resource=name,
        kind="tokens",
        what=what,
        monthly=Monthly(minimum=amount, expected=amount, maximum=amount),
        by_use=tokens is None,
        source=source,
        date=date,
        notes=notes,
    )


def unknown_lines(deployment: Deployment, hosting: Hosting) -> Iterator[Line]:
    """Returns the resources that are or may be billed and have no known price."""
    for stack in deployment.stacks:
        for resource in stack.resources(*UNPRICED):
            reason = UNPRICED[resource.type]
            yield _unknown(stack, resource.logical_id, resource.type, reason, by_use=reason == _BY_USE)
        for part in opaque_parts(stack):
            yield _unknown(stack, part.logical_id, part.what, part.reason)
    for unread in deployment.unread:
        unknown = Unknown(unread.why)
        nothing = Monthly(minimum=unknown, expected=unknown, maximum=unknown)
        yield Line(stack=unread.stack, region=None, resource=unread.stack, kind="other", what="a file", monthly=nothing)
    for target, why in hosting.stray_targets:
        what = "a scalable target, which may change the bounds of an endpoint"
        yield _unknown(target.stack, target.logical_id, what, why)


def _unknown(stack: Stack, name: str, what: str, reason: str, *, by_use: bool = False) -> Line:
    why = Unknown(reason)
    monthly = Monthly(minimum=why, expected=why, maximum=why)
    return Line(
        stack=stack.name,
        region=stack.region,
        resource=name,
        kind="other",
        what=what,
        monthly=monthly,
        logical_id=name,
        by_use=by_use,
    )


def outside(deployment: Deployment) -> Counter[str]:
    """Types of resources that were not looked at, and how many there are of each."""
    found: Counter[str] = Counter()
    for stack in deployment.stacks:
        for resource in stack.resources():
            kind = resource.type
            priced = kind in _FREE or kind in UNPRICED or kind.startswith(_FREE_SERVICES)
            if not priced and not may_hold_resources(kind):
                found[kind] += 1
    return found


def check_usage(usage: Usage, hosting: Hosting, deployment: Deployment) -> None:
    """Raises ConfigurationError for usage that belongs to no endpoint or variant, or to several: it changes the sum.

    And for tokens under a name that is neither a profile's logical id nor, without a dot, the id of a model.
    """
    wrong: list[Problem | None] = [_no_profile(name, deployment) for name in usage.tokens]
    for key, used in usage.endpoints.items():
        name, _, variant = key.partition("/")
        found = [one for one in hosting.endpoints if name in usage_names(one)]
        if len(found) != 1:
            known = ", ".join(sorted({one.hosted.name for one in hosting.endpoints})[:10]) or "none in the templates"
            allowed = f"the name of one endpoint, which {len(found)} have: {known}" if found else known
            near = nearest(name, [one for endpoint in hosting.endpoints for one in usage_names(endpoint)])
            fix = f"write {near}" if near and not found else "write an endpoint's name or logical id"
            wrong.append(Problem(f"endpoints.{key}", name, allowed, fix))
            continue
        variants = found[0].hosted.variants
        names = [] if isinstance(variants, Unknown) else [one.name for one in variants]
        if variant and variant not in names:
            wrong.append(Problem(f"endpoints.{key}", variant, ", ".join(names), "name one of its variants"))
        elif not variant and len(names) > 1 and used != EndpointUsage(captured_gb_per_month=used.captured_gb_per_month):
            fix = "give the amount for each variant, without captured data"
            wrong.append(Problem(f"endpoints.{key}", name, ", ".join(f"{name}/{one}" for one in names), fix))
    raise_problems("--usage", *wrong)


def _no_profile(name: str, deployment: Deployment) -> Problem | None:
    profiles = [one for stack in deployment.stacks for one in stack.resources(PROFILE)]
    names = {one for found in profiles for one in (found.logical_id, f"{found.stack.name}/{found.logical_id}")}
    if name in names or "." in name:  # each id of a model has a dot, after its provider or geography
        return None
    near = nearest(name, sorted(names))
    fix = f"write {near}" if near else "write a profile's logical id, or a model's id as in amazon.nova-lite-v1:0"
    return Problem(f"tokens.{name}", name, ", ".join(sorted(names)[:10]) or "the id of a model or profile", fix)


def usage_names(endpoint: EndpointInTemplate) -> tuple[str, str]:
    """What an endpoint is called in the usage file."""
    return endpoint.hosted.name, endpoint.resource.logical_id
