"""What an endpoint's role must allow, known before anything of the endpoint is made."""

from __future__ import annotations

from collections.abc import Sequence

from cdk_inference.endpoints import execution_role
from cdk_inference.endpoints.data_capture import capture_statements
from cdk_inference.endpoints.endpoint_config import image_of
from cdk_inference.endpoints.imported import DEFAULT_VARIANT_NAME
from cdk_inference.endpoints.settings import Shared
from cdk_inference.endpoints.variant_plan import VariantPlan, servers_of
from cdk_inference.kit.iam import Statement
from cdk_inference.kit.rollback_alarms import rollback_alarm_names
from cdk_inference.kit.stack_context import StackContext
from cdk_inference.rollout import Immediate, Rollout
from cdk_inference.serving import Server

LOG_GROUP_PREFIX = "/aws/sagemaker/Endpoints/"


def needed_statements(
    context: StackContext,
    endpoint_name: str,
    shared: Shared,
    servers: Sequence[Server],
    *,
    volume_key_arn: str | None = None,
    alarm_names: Sequence[str] = (),
    more: Sequence[Statement] = (),
) -> list[Statement]:
    """What the role of an endpoint must allow, before anything is made."""
    needed = execution_role.statements(
        models=[server.model for server in servers],
        repository_arns=[image_of(context, server.container_image)[1] for server in servers],
        log_group_arn=context.arn("logs", f"log-group:{LOG_GROUP_PREFIX}{endpoint_name}"),
        volume_key_arn=volume_key_arn,
        alarm_arns=[context.arn("cloudwatch", f"alarm:{name}") for name in alarm_names],
        in_vpc=shared.vpc is not None,
    )
    return [*needed, *capture_statements(shared.observability.capture), *more]


def instance_statements(
    context: StackContext,
    endpoint_name: str,
    shared: Shared,
    plans: list[VariantPlan],
    *,
    rollout: Rollout,
    shadows: Sequence[VariantPlan] = (),
    more: Sequence[Statement] = (),
) -> list[Statement]:
    """What the role of an endpoint with instances must allow, before anything is made."""
    everything = [*plans, *shadows]
    return needed_statements(
        context,
        endpoint_name,
        shared,
        servers_of(everything),
        volume_key_arn=volume_key_arn_of(shared, everything),
        alarm_names=alarm_names_of(endpoint_name, plans, rollout),
        more=more,
    )


def volume_key_arn_of(shared: Shared, plans: Sequence[VariantPlan]) -> str | None:
    """The key of the storage volumes; None where no hardware takes one."""
    key = shared.encryption_key
    return key.key_arn if key is not None and any(plan.storage_volume for plan in plans) else None


def alarm_names_of(endpoint_name: str, plans: Sequence[VariantPlan], rollout: Rollout) -> list[str]:
    """The rollback alarms of the production variants `plans`."""
    if isinstance(rollout, Immediate):
        return []
    when = rollout.rollback_when
    return [name for plan in plans for name in rollback_alarm_names(endpoint_name, when, alarm_suffix(plan))]


def alarm_suffix(plan: VariantPlan) -> str:
    """What distinguishes the parts of a further variant from those of the endpoint's own."""
    return "" if plan.name == DEFAULT_VARIANT_NAME else plan.name
