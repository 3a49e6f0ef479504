"""A real-time endpoint: a model on one instance type or on several by priority, and variants beside it."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Validations
from constructs import Construct

from cdk_inference.core.checks import instance_of, known_choice
from cdk_inference.core.errors import raise_problems
from cdk_inference.endpoints.common_checks import raise_distinct_problems, shared_problems
from cdk_inference.endpoints.execution_role import statements_problem
from cdk_inference.endpoints.imported import DEFAULT_VARIANT_NAME, ImportedEndpoint
from cdk_inference.endpoints.instance_base import InstanceEndpointBase
from cdk_inference.endpoints.needed_statements import instance_statements
from cdk_inference.endpoints.pool_metrics import VariantMetrics
from cdk_inference.endpoints.pools import InstancePools
from cdk_inference.endpoints.reservation import CapacityReservation, reservation_problems, reserved_type_warning
from cdk_inference.endpoints.routing import DEFAULT_ROUTING, Routing
from cdk_inference.endpoints.settings import Observability, Shared
from cdk_inference.endpoints.variant_spec import (
    ROLLOUTS,
    VariantSpec,
    additional_variant_problems,
    additional_variants,
    has_guardrails,
    names_of,
    own_weight,
    shadow_chip_problems,
)
from cdk_inference.endpoints.variants import ShadowVariant, Variant
from cdk_inference.hardware import InstanceType
from cdk_inference.kit.interfaces import Key, Role, Topic
from cdk_inference.kit.physical_names import endpoint_name, endpoint_name_problem
from cdk_inference.kit.region_checks import topic_problem
from cdk_inference.kit.stack_context import path_below, stack_context
from cdk_inference.kit.vpc_placement import VpcPlacement
from cdk_inference.rollout import AllAtOnce, Immediate, Rollout
from cdk_inference.scaling import FixedCount, Policy
from cdk_inference.serving import Server, StartupTimeouts

_ONE_INSTANCE = FixedCount(instances=1)
_DEFAULT_OBSERVABILITY = Observability()


class RealtimeEndpoint(InstanceEndpointBase):
    """A SageMaker real-time endpoint with what belongs to it: model, execution role, log group, autoscaling.

    server: what runs: container, model and environment, for example `Lmi(model=S3Model(...), ...)`.
    hardware: the instance type, "ml.<family>.<size>", or `InstancePools` of several by priority. Changing it is one
        line; while the endpoint is autoscaled it takes two deployments, see docs/changing-hardware.md.
    scaling: how many instances, a policy of `cdk_inference.scaling`. Default: one instance. While a policy scales, an
        update keeps the count it has reached; with `FixedCount` an update sets the count.
    encryption_key: encrypts the storage volume, on hardware that takes one, and the log group. Default: AWS's keys.
        The construct adds what CloudWatch Logs needs to the key's policy; for an imported key do that yourself.
    network_isolation: the containers get no network and no credentials. Default True; SageMaker itself still
        fetches model and image.
    vpc: subnets and security groups for the containers. Default: SageMaker's own network.
    observability: log retention, metric period, data capture. Default `Observability()`.
    startup: start-up time-outs. Default: from the model's size and the hardware (`serving.startup_timeouts`).
    rollout: how an update reaches the instances, and what ends it. Default: `AllAtOnce()`, blue/green with ten minutes
        of baking and a rollback alarm on the new fleet's 5xx answers; on Inf1, where SageMaker has no guardrails,
        `Immediate()`.
    routing: how requests find an instance: "LEAST_OUTSTANDING_REQUESTS" (default), "RANDOM", which is SageMaker's own
        default, or `PrefixAware(...)`: prompts that begin alike go to the same instance.
    more_variants: further production variants that answer a share of the requests (A/B tests). Default: none.
    shadow: one variant that gets copies of the requests and answers nobody. Default: none.
    reservation: takes the instances from an ML capacity reservation. Default: from what there is on demand. A type that
        no region lists on demand is taken with one only, and warned of: that it can be had so is not established.
    alarm_topic: gets the alarm that reports when the endpoint runs another config than the template's, as after a
        rollback. Default, and with `Immediate()`: not made. The topic's policy, and its key's, must let CloudWatch
        publish.
    role: the execution role, made by others. Default: one that has what it needs. Nothing is added to a given one: it
        must trust sagemaker.amazonaws.com and allow `required_statements`.

    Names follow from stack and id ("<stack>-<id>", lower case); another id or stack name is another endpoint.
    Raises ConfigurationError, with everything that is wrong, before anything is synthesized.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        server: Server,
        hardware: str | InstancePools,
        scaling: Policy = _ONE_INSTANCE,
        encryption_key: Key | None = None,
        network_isolation: bool = True,
        vpc: VpcPlacement | None = None,
        observability: Observability = _DEFAULT_OBSERVABILITY,
        startup: StartupTimeouts | None = None,
        rollout: Rollout | None = None,
        routing: Routing = DEFAULT_ROUTING,
        more_variants: Sequence[Variant] = (),
        shadow: ShadowVariant | None = None,
        reservation: CapacityReservation | None = None,
        alarm_topic: Topic | None = None,
        role: Role | None = None,
    ) -> None:
        context, path = stack_context(scope), path_below(scope, id)
        name = endpoint_name(path, context)
        shared = Shared(
            encryption_key=encryption_key,
            network_isolation=network_isolation,
            vpc=vpc,
            observability=observability,
            role=role,
        )
        production, copied = additional_variants(more_variants, shadow, name)
        main = VariantSpec(
            name=DEFAULT_VARIANT_NAME,
            server=server,
            hardware=hardware,
            scaling=scaling,
            routing=routing,
            startup=startup,
            reservation=reservation,
            weight=own_weight([variant.weight for variant in production]),
            endpoint_name=name,
        )
        everything = [main, *production, *copied]
        raise_distinct_problems(
            f"RealtimeEndpoint {path}",
            [
                endpoint_name_problem(path, context),
                *(problem for spec in everything for problem in spec.problems(context, rollout)),
                *reservation_problems(
                    reservation, context.region, pooled=isinstance(hardware, InstancePools), variants=len(everything)
                ),
                *additional_variant_problems(DEFAULT_VARIANT_NAME, more_variants, shadow, rollout),
                *(shadow_chip_problems([main, *copied]) if copied else []),
                topic_problem("alarm_topic", alarm_topic, context.region, "endpoint", optional=True),
                *shared_problems(
                    shared, context, [one for spec in (main, *production, *copied) for one in spec.servers()]
                ),
                None
                if rollout is None
                else instance_of("rollout", rollout, ROLLOUTS, names_of(ROLLOUTS), "rollout=AllAtOnce()"),
            ],
        )
        plans = [spec.plan(context) for spec in (main, *production)]
        shadows = [spec.plan(context) for spec in copied]
        if rollout is None:
            watched = all(has_guardrails(pool.hardware) for plan in plans for pool in plan.pools)
            rollout = AllAtOnce() if watched else Immediate()
        needed = instance_statements(context, name, shared, plans, rollout=rollout, shadows=shadows)
        raise_problems(f"RealtimeEndpoint {path}", statements_problem(needed, role))
        super().__init__(scope, id)
        self.variant_name = DEFAULT_VARIANT_NAME
        self.scaling = scaling
        self._types = plans[0].instance_types
        self.hardware: InstanceType = self._types[0]
        self._plans = {plan.name: plan for plan in (*plans, *shadows)}
        if main.reserved_only(self.hardware):
            Validations.of(self).add_warning(*reserved_type_warning(self.hardware))
        self._make(plans, shared, needed=needed, rollout=rollout, alarm_topic=alarm_topic, shadows=shadows)

    def variant(self, name: str) -> VariantMetrics:
        """The metrics of one variant by its name, shadow variants included. Raises ConfigurationError for another."""
        fix = "write the name of one of the variants"
        raise_problems(f"RealtimeEndpoint {self.node.path}", known_choice("name", name, tuple(self._plans), fix))
        return VariantMetrics(self.endpoint_name, name, self._plans[name].instance_types)

    @staticmethod
    def from_endpoint_name(
        scope: Construct,
        id: str,
        endpoint_name: str,
        *,
        variant_name: str = DEFAULT_VARIANT_NAME,
        hardware: str | InstancePools | None = None,
    ) -> ImportedEndpoint:
        """An endpoint that exists already, in the account and region of `scope`'s stack.

        hardware: its instance type or pools if known; metrics that this hardware does not publish are then refused,
            and those per instance type need it.
        """
        return ImportedEndpoint(scope, id, endpoint_name=endpoint_name, variant_name=variant_name, hardware=hardware)
