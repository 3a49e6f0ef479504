"""A real-time endpoint: one model, on one instance type or on several by priority."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from cdk_inference.checks import instance_of
from cdk_inference.endpoints.asked import ROLLOUTS, AskedVariant, has_guardrails, names_of
from cdk_inference.endpoints.instances import InstanceEndpoint
from cdk_inference.endpoints.managed import Shared
from cdk_inference.endpoints.pools import InstancePools
from cdk_inference.endpoints.reference import DEFAULT_VARIANT_NAME, ImportedEndpoint
from cdk_inference.endpoints.settings import Observability, VpcPlacement
from cdk_inference.endpoints.validation import refuse_all, shared_problems
from cdk_inference.endpoints.variant import DEFAULT_ROUTING
from cdk_inference.hardware import InstanceType
from cdk_inference.rollout import AllAtOnce, Immediate, Rollout
from cdk_inference.scaling import FixedCount, Scaling, TargetConcurrency, TargetInvocations
from cdk_inference.serving import Server, StartupTimeouts

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_sns as sns

SCALINGS = (FixedCount, TargetInvocations, TargetConcurrency)

_ONE_INSTANCE = FixedCount(instances=1)
_DEFAULT_OBSERVABILITY = Observability()


class RealtimeEndpoint(InstanceEndpoint):
    """A SageMaker real-time endpoint with what belongs to it: model, execution role, log group, autoscaling.

    server: what runs: container, model and environment, for example `Lmi(model=S3Model(...), ...)`.
    hardware: the instance type, "ml.<family>.<size>", or `InstancePools` of several by priority. Changing it is one
        line; while the endpoint is autoscaled it takes two deployments, see docs/changing-hardware.md.
    scaling: `FixedCount`, `TargetInvocations` or `TargetConcurrency`. Default: one instance. While a policy scales,
        an update keeps the count it has reached; with `FixedCount` an update sets the count.
    encryption_key: encrypts the storage volume, on hardware that takes one, and the log group. Default: AWS's keys.
        The construct adds what CloudWatch Logs needs to the key's policy; for an imported key do that yourself.
    network_isolation: the containers get no network and no credentials. Default True; SageMaker itself still
        fetches model and image.
    vpc: subnets and security groups for the containers. Default: SageMaker's own network.
    observability: log retention, metric period, data capture.
    startup: start-up time-outs. Default: from the model's size and the hardware (`serving.startup_timeouts`).
    rollout: how an update reaches the instances, and what ends it. Default: `AllAtOnce()`, blue/green with ten minutes
        of baking and a rollback alarm on the new fleet's 5xx answers; on Inf1, where SageMaker has no guardrails,
        `Immediate()`.
    routing: how requests find an instance: "LEAST_OUTSTANDING_REQUESTS" (default), "PREFIX_AWARE" (prompts that begin
        alike go to the same instance) or "RANDOM", which is SageMaker's own default.
    alarm_topic: gets the alarm that tells when the endpoint runs another config than the template's, as after a
        rollback. Default, and with `Immediate()`: not made. The topic's policy, and its key's, must let CloudWatch
        publish.

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
        scaling: Scaling = _ONE_INSTANCE,
        encryption_key: kms.IKey | None = None,
        network_isolation: bool = True,
        vpc: VpcPlacement | None = None,
        observability: Observability = _DEFAULT_OBSERVABILITY,
        startup: StartupTimeouts | None = None,
        rollout: Rollout | None = None,
        routing: str = DEFAULT_ROUTING,
        alarm_topic: sns.ITopic | None = None,
    ) -> None:
        super().__init__(scope, id)
        self.variant_name = DEFAULT_VARIANT_NAME
        self.scaling = scaling
        shared = Shared(
            encryption_key=encryption_key, network_isolation=network_isolation, vpc=vpc, observability=observability
        )
        asked = AskedVariant(
            name=self.variant_name,
            server=server,
            hardware=hardware,
            scaling=scaling,
            routing=routing,
            startup=startup,
            kinds=SCALINGS,
        )
        refuse_all(
            f"RealtimeEndpoint {self.node.path}",
            [
                self._name_problem,
                *asked.problems(self._place.region, rollout),
                *shared_problems(shared, self._place.region, asked.servers()),
                None
                if rollout is None
                else instance_of("rollout", rollout, ROLLOUTS, names_of(ROLLOUTS), "rollout=AllAtOnce()"),
            ],
        )
        plan = asked.plan()
        self.instance_types: tuple[InstanceType, ...] = plan.instance_types
        self.hardware: InstanceType = self.instance_types[0]
        if rollout is None:
            rollout = AllAtOnce() if all(has_guardrails(pool.hardware) for pool in plan.pools) else Immediate()
        self._make([plan], shared, rollout=rollout, alarm_topic=alarm_topic)

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
