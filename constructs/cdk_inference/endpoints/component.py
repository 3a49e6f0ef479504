"""An inference component: one model on a shared endpoint, with copies of its own."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from aws_cdk import CfnTag, Validations
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.endpoints import nag_reasons
from cdk_inference.endpoints.base import ENDPOINT_TAG, warn_of_fit
from cdk_inference.endpoints.capacity import Placement, Resources
from cdk_inference.endpoints.common_checks import raise_distinct_problems
from cdk_inference.endpoints.component_spec import ComponentOn, ComponentSpec, CopyDemand, problems_without_endpoint
from cdk_inference.endpoints.components import Admission, ComponentEndpoint
from cdk_inference.endpoints.endpoint_config import STARTUP_METADATA
from cdk_inference.endpoints.imported import ImportedComponent, InvocableComponent
from cdk_inference.hardware import InstanceType
from cdk_inference.hosting import HostedComponent
from cdk_inference.kit.autoscaling import attach
from cdk_inference.kit.deployment_config import component_deployment, make_component_alarms, rollback_alarm_names
from cdk_inference.kit.l1 import make_l1
from cdk_inference.kit.log_groups import make_log_group
from cdk_inference.kit.nag import acknowledge
from cdk_inference.kit.physical_names import endpoint_name, endpoint_name_problem, take_endpoint_name
from cdk_inference.kit.stack_context import path_below, stack_context
from cdk_inference.rollout import Rolling
from cdk_inference.scaling import FixedCopies, Policy, ScalableTarget
from cdk_inference.serving import Server, StartupTimeouts
from cdk_inference.serving.startup_sum import longest_start

Component = sagemaker.CfnInferenceComponent

LOG_GROUP_PREFIX = "/aws/sagemaker/InferenceComponents/"

_ONE_COPY = FixedCopies(copies=1)
_SAME_EVERYWHERE: Mapping[str, ComponentOn] = MappingProxyType({})


class InferenceComponent(InvocableComponent):
    """A model that runs on a `ComponentEndpoint` beside others.

    endpoint: the endpoint, of the same stack.
    server: what runs. The model comes from S3 uncompressed or as an archive, like everywhere.
    resources: what one copy reserves.
    scaling: how many copies, a policy of `cdk_inference.scaling`. Default: one copy. With a minimum of 0, its own or a
        window's, the wake policy and its alarm come with it, and the endpoint's `ManagedInstances` must have a minimum
        of 0: then it can rest without instances. At zero every request fails until a copy runs; nothing is queued.
        The first deployment starts one copy in any case.
    per_type: type -> `ComponentOn`, for types of the endpoint's pools that need another server or other resources.
        The others have `server` and `resources`. Default: none.
    startup: as in `RealtimeEndpoint`.
    placement: SPREAD or BINPACK. Default: SageMaker's own.
    rollout: `Rolling(...)`, whose `instances` count copies here: new copies replace old ones in batches, watched by a
        rollback alarm. Old and new copies answer side by side meanwhile, so a batch needs free room. Needs 2 copies.
        Default: SageMaker's own.

    An update of a component may set the copies back to the policy's minimum: CloudFormation cannot read the count.
    https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-deploy-models.html (read 2026-11-22)

    Raises ConfigurationError, with everything that is wrong, before anything is synthesized.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        endpoint: ComponentEndpoint,
        server: Server,
        resources: Resources,
        scaling: Policy = _ONE_COPY,
        per_type: Mapping[str, ComponentOn] = _SAME_EVERYWHERE,
        startup: StartupTimeouts | None = None,
        placement: Placement | None = None,
        rollout: Rolling | None = None,
    ) -> None:
        context, path = stack_context(scope), path_below(scope, id)
        subject = f"InferenceComponent {path}"
        on_endpoint = functools.partial(
            ComponentSpec,
            server=server,
            resources=resources,
            per_type=per_type,
            scaling=scaling,
            startup=startup,
            placement=placement,
            rollout=rollout,
        )
        if wrong := _endpoint_problem(endpoint):
            others = problems_without_endpoint(**on_endpoint.keywords)
            raise_problems(subject, endpoint_name_problem(path, context), wrong, *others)
        name, types = endpoint_name(path, context), endpoint.instance_types
        target = ScalableTarget.component(name, hardware=types, account=context.account, region=context.region)
        spec = on_endpoint(types=types, rests=endpoint.rests, shared=endpoint.shared, target=target)
        problems = [endpoint_name_problem(path, context), *spec.problems(context)]
        if (other := stack_context(endpoint)).path != context.path:
            allowed = "an endpoint of the component's own stack, which has the role that the component needs"
            problems.append(Problem("endpoint", other.path, allowed, "make both in one stack"))
        raise_distinct_problems(subject, problems)
        ones = {one.name: spec.on(one) for one in types}
        names = [] if rollout is None else rollback_alarm_names(name, rollout.rollback_when)
        admission = Admission(
            servers=tuple(one.server for one in ones.values()),
            demand=CopyDemand(
                component_name=name,
                copies=scaling.minimum,
                on=tuple((one, ones[one.name].resources) for one in types),
            ),
            hosted=HostedComponent(name=name, copies=scaling.counts),
            log_group_name=f"{LOG_GROUP_PREFIX}{name}",
            alarm_names=tuple(names),
        )
        raise_distinct_problems(subject, endpoint.admission_problems(admission))

        super().__init__(scope, id)
        self.component_name = take_endpoint_name(path, context)
        self.endpoint = endpoint
        self.endpoint_name = endpoint.endpoint_name
        self.scaling = scaling
        self._types = types
        self.servers = admission.servers
        self._warn(admission.demand)
        shared = endpoint.shared
        tags = [CfnTag(key=ENDPOINT_TAG, value=endpoint.endpoint_name)]
        log_group = make_log_group(
            self,
            "LogGroup",
            context,
            name=self.log_group_name,
            prefix=LOG_GROUP_PREFIX,
            retention_days=shared.observability.retention_days,
            keep=shared.observability.keep_logs,
            key=shared.encryption_key,
            tags=tags,
        )
        warn_of_fit(self, [(spec.on(one).server, one) for one in self.instance_types], alone=False)
        models = endpoint.admit(self, admission)
        timeouts, warning = longest_start((spec.on(one).server, one) for one in self.instance_types)
        if startup is not None:
            timeouts = startup
        elif warning is not None:
            Validations.of(self).add_warning(*warning)
        specifications = [
            self._specification(model, one.resources, timeouts, placement)
            for model, one in zip(models, ones.values(), strict=True)
        ]
        # Where the endpoint has pools AWS's guide names every type:
        # https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-heterogeneous.html (read 2026-11-22)
        pooled = len(ones) > 1
        component = make_l1(
            Component,
            self,
            "Resource",
            endpoint_name=endpoint.endpoint_name,
            variant_name=endpoint.variant_name,
            inference_component_name=self.component_name,
            specification=None if pooled else Component.InferenceComponentSpecificationProperty(**specifications[0]),
            specifications=[
                Component.InferenceComponentSpecificationForInstanceTypeProperty(instance_type=name, **one)
                for name, one in zip(ones, specifications, strict=True)
            ]
            if pooled
            else None,
            # A copy count of 0 was refused at creation (a report of 2026): the policy takes it down.
            runtime_config=Component.InferenceComponentRuntimeConfigProperty(copy_count=max(1, scaling.minimum)),
            deployment_config=None if rollout is None else component_deployment(rollout, names),
            tags=tags,
        )
        if timeouts.explained is not None:
            component.add_metadata(STARTUP_METADATA, timeouts.explained)
        component.add_resource_dependency(endpoint.resource)
        component.add_resource_dependency(log_group)
        if rollout is not None:
            for alarm in make_component_alarms(self, self.component_name, rollout.rollback_when):
                acknowledge(alarm, nag_reasons.ROLLBACK_ALARM)
                component.add_resource_dependency(alarm)
        self.resource = component
        attach(self, scaling, target, depends_on=[component])

    @property
    def instance_types(self) -> tuple[InstanceType, ...]:
        """The endpoint's instance types, by priority."""
        return self._types

    @property
    def log_group_name(self) -> str:
        """Where the copies log; a component does not log to its endpoint's group."""
        return f"{LOG_GROUP_PREFIX}{self.component_name}"

    @staticmethod
    def from_component_name(scope: Construct, id: str, component_name: str, *, endpoint_name: str) -> ImportedComponent:
        """A component, or an adapter, that exists already, in the account and region of `scope`'s stack."""
        return ImportedComponent(scope, id, component_name=component_name, endpoint_name=endpoint_name)

    def _warn(self, demand: CopyDemand) -> None:
        """Of what is no fault by itself, and costs money or the first deployment."""
        warn = Validations.of(self).add_warning
        if self.endpoint.rests and self.scaling.counts.lowest != 0:
            warn(
                "cdk-inference:never-rests",
                f"{self.component_name} always keeps a copy, so {self.endpoint_name} never rests although its "
                "min_instances is 0: an instance stays and is billed. Write ManagedInstances(min_instances=1, ...), or "
                "give the component a policy with a minimum of 0.",
            )
        first = self.endpoint.room_problem(demand, first=True)
        if first is not None:
            warn(
                "cdk-inference:first-copies",
                f"Every component begins with one copy, whatever its minimum, and that of {self.component_name} has no "
                f"room while the others have theirs: {first}. Deploy it once others rest, and acknowledge this.",
            )

    @staticmethod
    def _specification(
        model: sagemaker.CfnModel, resources: Resources, timeouts: StartupTimeouts, placement: Placement | None
    ) -> dict[str, Any]:
        scheduling = None
        if placement is not None:
            scheduling = Component.InferenceComponentSchedulingConfigProperty(
                placement_strategy=placement.strategy,
                availability_zone_balance=Component.InferenceComponentAvailabilityZoneBalanceProperty(
                    enforcement_mode="PERMISSIVE", max_imbalance=placement.max_zone_imbalance
                ),
            )
        return {
            "model_name": model.attr_model_name,
            "startup_parameters": Component.InferenceComponentStartupParametersProperty(
                model_data_download_timeout_in_seconds=timeouts.download_seconds,
                container_startup_health_check_timeout_in_seconds=timeouts.container_seconds,
            ),
            "compute_resource_requirements": Component.InferenceComponentComputeResourceRequirementsProperty(
                min_memory_required_in_mb=resources.memory_mb,
                number_of_accelerator_devices_required=resources.accelerators,
                number_of_cpu_cores_required=resources.cpu_cores,
            ),
            "scheduling_config": scheduling,
        }


def _endpoint_problem(endpoint: object) -> Problem | None:
    if isinstance(endpoint, ComponentEndpoint):
        return None
    allowed = "a ComponentEndpoint of this app: an endpoint whose variant names a model takes no components"
    return Problem("endpoint", type(endpoint).__name__, allowed, "make a ComponentEndpoint first")
