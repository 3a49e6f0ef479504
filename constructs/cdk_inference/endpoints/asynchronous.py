"""An asynchronous endpoint: requests wait in a queue, bodies and answers are files, and it can scale to zero."""

from __future__ import annotations

from typing import ClassVar

from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_inference.core.checks import instance_of, whole_number
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.endpoints.async_io import AsyncIo
from cdk_inference.endpoints.common_checks import raise_distinct_problems, shared_problems
from cdk_inference.endpoints.execution_role import statements_problem
from cdk_inference.endpoints.imported import ASYNC_ACTIONS, DEFAULT_VARIANT_NAME, ImportedAsyncEndpoint
from cdk_inference.endpoints.instance_base import InstanceEndpointBase
from cdk_inference.endpoints.kind_metrics import AsyncMetrics
from cdk_inference.endpoints.needed_statements import instance_statements
from cdk_inference.endpoints.pools import InstancePools
from cdk_inference.endpoints.settings import Observability, Shared
from cdk_inference.endpoints.variant_spec import ROLLOUTS, VariantSpec, names_of
from cdk_inference.hardware import InstanceType
from cdk_inference.kit.grants import granted
from cdk_inference.kit.interfaces import Key, Role, Topic
from cdk_inference.kit.physical_names import endpoint_name, endpoint_name_problem
from cdk_inference.kit.region_checks import topic_problem
from cdk_inference.kit.stack_context import path_below, stack_context
from cdk_inference.kit.vpc_placement import VpcPlacement
from cdk_inference.rollout import AllAtOnce, Rollout
from cdk_inference.scaling import FixedCount, Policy
from cdk_inference.serving import Server, StartupTimeouts

# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AsyncInferenceClientConfig.html (botocore 1.44.5)
CONCURRENT_MAX = 1000

_ONE_INSTANCE = FixedCount(instances=1)
_DEFAULT_OBSERVABILITY = Observability()
_DEFAULT_ROLLOUT = AllAtOnce()


class AsyncEndpoint(AsyncMetrics, InstanceEndpointBase):
    """A SageMaker asynchronous endpoint: for bodies of up to 1 GB, answers that take up to an hour, and idle nights.

    Callers put a body into the exchange's bucket, name it in InvokeEndpointAsync, and find the answer in the same
    bucket. Requests wait for up to 6 hours, 21 600 s at most. Such an endpoint takes no synchronous calls.

    server, hardware, encryption_key, network_isolation, vpc, observability, startup: as in `RealtimeEndpoint`. Inf1 is
        refused: asynchronous inference does not have it.
    exchange: the bucket, its prefixes, and the topics that are notified.
    scaling: how many instances, zero included. Default: one instance.
    max_concurrent_per_instance: requests that one instance works on at once, 1 to 1000. Default: SageMaker chooses.
    rollout: as in `RealtimeEndpoint`. Default: `AllAtOnce()`. Only requests that end while the new fleet is watched can
        end the update: let `bake_seconds` be longer than a request takes.
    alarm_topic: as in `RealtimeEndpoint`, notified once two of the last three five-minute periods had answers.
    role: as in `RealtimeEndpoint`.

    The container must answer pings while it works, else it is replaced as unhealthy.
    https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference.html (read 2026-11-22)

    Raises ConfigurationError, with everything that is wrong, before anything is synthesized.
    """

    # An action of its own: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
    invoke_actions: ClassVar[tuple[str, ...]] = ASYNC_ACTIONS

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        server: Server,
        hardware: str | InstancePools,
        exchange: AsyncIo,
        scaling: Policy = _ONE_INSTANCE,
        max_concurrent_per_instance: int | None = None,
        encryption_key: Key | None = None,
        network_isolation: bool = True,
        vpc: VpcPlacement | None = None,
        observability: Observability = _DEFAULT_OBSERVABILITY,
        startup: StartupTimeouts | None = None,
        rollout: Rollout = _DEFAULT_ROLLOUT,
        alarm_topic: Topic | None = None,
        role: Role | None = None,
    ) -> None:
        context, path = stack_context(scope), path_below(scope, id)
        shared = Shared(
            encryption_key=encryption_key,
            network_isolation=network_isolation,
            vpc=vpc,
            observability=observability,
            role=role,
        )
        spec = VariantSpec(
            name=DEFAULT_VARIANT_NAME,
            server=server,
            hardware=hardware,
            scaling=scaling,
            routing=None,
            startup=startup,
            kind="async",
            endpoint_name=endpoint_name(path, context),
        )
        sound = isinstance(exchange, AsyncIo)
        excluded = _inf1_problems(spec)
        raise_distinct_problems(
            f"AsyncEndpoint {path}",
            [
                endpoint_name_problem(path, context),
                *spec.problems(context, None if excluded else rollout),
                *excluded,
                instance_of("exchange", exchange, AsyncIo, "AsyncIo", "exchange=AsyncIo(bucket=...)"),
                *(exchange.problems_in(context.region) if sound else []),
                *(
                    vpc.bucket_problems(read=[exchange.bucket], written=[exchange.bucket])
                    if sound and isinstance(vpc, VpcPlacement)
                    else []
                ),
                None
                if max_concurrent_per_instance is None
                else whole_number(
                    "max_concurrent_per_instance",
                    max_concurrent_per_instance,
                    1,
                    CONCURRENT_MAX,
                    "choose a count within the limits, or leave it out",
                ),
                topic_problem("alarm_topic", alarm_topic, context.region, "endpoint", optional=True),
                *shared_problems(shared, context, spec.servers()),
                instance_of("rollout", rollout, ROLLOUTS, names_of(ROLLOUTS), "rollout=AllAtOnce()"),
            ],
        )
        plan = spec.plan(context)
        needed = instance_statements(
            context, spec.endpoint_name, shared, [plan], rollout=rollout, more=exchange.statements()
        )
        raise_problems(f"AsyncEndpoint {path}", statements_problem(needed, role))
        super().__init__(scope, id)
        self.variant_name = DEFAULT_VARIANT_NAME
        self.scaling = scaling
        self.exchange = exchange
        self._types = plan.instance_types
        self.hardware: InstanceType = self._types[0]
        self._make(
            [plan],
            shared,
            needed=needed,
            rollout=rollout,
            alarm_topic=alarm_topic,
            async_config=exchange.config(max_concurrent_per_instance),
        )

    @staticmethod
    def from_endpoint_name(
        scope: Construct, id: str, endpoint_name: str, *, hardware: str | InstancePools | None = None
    ) -> ImportedAsyncEndpoint:
        """An asynchronous endpoint that exists already, in the account and region of `scope`'s stack.

        hardware: as in `RealtimeEndpoint.from_endpoint_name`.
        """
        return ImportedAsyncEndpoint(scope, id, endpoint_name=endpoint_name, hardware=hardware)

    def grant_put_input(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allows `grantee` to put request bodies where the endpoint reads them; nothing else."""
        return self._grant_files(grantee, "s3:PutObject", [self.exchange.input_prefix], ["kms:GenerateDataKey"])

    def grant_read_output(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allows `grantee` to read answers, and what became of requests that failed; nothing else.

        Without the right to list the bucket, an answer that is not there yet is "access denied", not "not found".
        """
        prefixes = [self.exchange.output_prefix, self.exchange.failure_prefix]
        return self._grant_files(grantee, "s3:GetObject", prefixes, [])

    def _grant_files(
        self, grantee: iam.IGrantable, action: str, prefixes: list[str], key_actions: list[str]
    ) -> iam.Grant:
        """The action on objects under the prefixes, and the use of the bucket's key that it takes.

        Uploads in parts take kms:Decrypt too: https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
        """
        bucket = self.exchange.bucket
        files = [f"{bucket.bucket_arn}/{prefix}*" for prefix in prefixes]
        allowed = granted(self, grantee, [action], files)
        if bucket.encryption_key is None:
            return allowed
        key_arn = bucket.encryption_key.key_arn
        return allowed.combine(granted(self, grantee, ["kms:Decrypt", *key_actions], [key_arn]))


def _inf1_problems(spec: VariantSpec) -> list[Problem]:
    """Asynchronous inference excludes Inf1.

    https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html (read 2026-11-22)
    """
    return [
        Problem("hardware", pool.hardware.name, "hardware other than Inf1", "choose Inf2 or GPU hardware")
        for pool in spec.pools()
        if pool.hardware.accelerator == "Inferentia"
    ]
