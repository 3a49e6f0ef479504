"""A serverless endpoint: billed by what requests take, without instances and without accelerators."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, get_args

from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from cdk_inference.core.checks import instance_of, is_token, one_of, whole_number
from cdk_inference.core.errors import Problem
from cdk_inference.core.unknown import unless_token
from cdk_inference.endpoints.base import EndpointBase
from cdk_inference.endpoints.common_checks import raise_distinct_problems
from cdk_inference.endpoints.execution_role import role_problem
from cdk_inference.endpoints.imported import DEFAULT_VARIANT_NAME, ImportedServerlessEndpoint
from cdk_inference.endpoints.kind_metrics import ServerlessMetrics
from cdk_inference.endpoints.needed_statements import needed_statements
from cdk_inference.endpoints.settings import Observability, Shared
from cdk_inference.endpoints.variant_spec import server_problems
from cdk_inference.hosting import CountRange, HostedEndpoint, HostedVariant, Serverless
from cdk_inference.kit.autoscaling import attach
from cdk_inference.kit.interfaces import Key, Role
from cdk_inference.kit.l1 import make_l1
from cdk_inference.kit.physical_names import endpoint_name, endpoint_name_problem
from cdk_inference.kit.region_checks import key_problem
from cdk_inference.kit.stack_context import StackContext, path_below, stack_context
from cdk_inference.scaling import Policy, ProvisionedConcurrency, ScalableTarget, TargetProvisionedUtilization
from cdk_inference.scaling.target import SCALABLE
from cdk_inference.serving import HuggingFaceModel, S3Archive, Server

Config = sagemaker.CfnEndpointConfig

# https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html (read 2026-11-22)
MemoryMb = Literal[1024, 2048, 3072, 4096, 5120, 6144]
MEMORY_MB = get_args(MemoryMb)
CONCURRENCY_MAX = 200
DISK_GB = 5

_DEFAULT_OBSERVABILITY = Observability()
_NOT_HERE = ("enhanced_metrics", "detailed", "metric_period_seconds", "capture")


class ServerlessEndpoint(ServerlessMetrics, EndpointBase):
    """A SageMaker serverless endpoint: nothing runs, and nothing is billed, between requests; the first one waits.

    server: on a CPU, with the model as an `S3Archive`: such endpoints have no accelerators and take no prefix of files.
        The image may have up to 10 GB, the unpacked model and all that the container writes 5 GB.
    memory_mb: 1024, 2048, 3072, 4096, 5120 or 6144; processors come in proportion. At least the model's
        size. Default 2048.
    max_concurrency: requests at once, 1 to 200; further ones are refused. Default 5.
    provisioned: how many executions are kept warm, billed all the time: `ProvisionedConcurrency(executions=...)`, or
        `TargetProvisionedUtilization(...)`. Default: none.
    encryption_key: encrypts the copy of the image that SageMaker keeps, and the log group. Default: AWS's keys.
    observability: log retention. Default: 30 days; there are no metrics per instance and no data capture.
    role: as in `RealtimeEndpoint`.

    Such endpoints have no VPC, no network isolation, no data capture, no variants and no deployment guardrails. An
    endpoint with instances cannot become one; the other way goes once and not back.
    https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html (read 2026-11-22)

    Attributes: `hosted`, the description of what it hosts, which readers of the template get too.

    Raises ConfigurationError, with everything that is wrong, before anything is synthesized.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        server: Server,
        memory_mb: MemoryMb = 2048,
        max_concurrency: int = 5,
        provisioned: ProvisionedConcurrency | TargetProvisionedUtilization | None = None,
        encryption_key: Key | None = None,
        observability: Observability = _DEFAULT_OBSERVABILITY,
        role: Role | None = None,
    ) -> None:
        context, path = stack_context(scope), path_below(scope, id)
        sound = whole_number("max_concurrency", max_concurrency, 1, CONCURRENCY_MAX, "choose within the limits")
        target = ScalableTarget.variant(
            "serverless",
            endpoint_name(path, context),
            DEFAULT_VARIANT_NAME,
            max_concurrency=None if sound is not None or is_token(max_concurrency) else max_concurrency,
            account=context.account,
            region=context.region,
        )
        raise_distinct_problems(
            f"ServerlessEndpoint {path}",
            [
                endpoint_name_problem(path, context),
                *_server_problems(server, context, memory_mb),
                one_of("memory_mb", memory_mb, MEMORY_MB, "choose one of these"),
                whole_number(
                    "max_concurrency", max_concurrency, 1, CONCURRENCY_MAX, "choose a count within the limits"
                ),
                *_provisioned_problems(provisioned, target),
                None if encryption_key is None else key_problem(encryption_key, context.region),
                _observability_problem(observability),
                role_problem(role, context.account),
            ],
        )
        super().__init__(scope, id)
        self.variant_name = DEFAULT_VARIANT_NAME
        key_arn = None if encryption_key is None else encryption_key.key_arn
        shared = Shared(encryption_key=encryption_key, network_isolation=False, observability=observability, role=role)
        serverless = Serverless(
            memory_mb=unless_token(memory_mb),
            max_concurrency=unless_token(max_concurrency),
            provisioned=None if provisioned is None else provisioned.counts,
        )
        variant = HostedVariant(name=self.variant_name, instances=CountRange.fixed(0), serverless=serverless)
        self.hosted: HostedEndpoint = self._description(shared, [variant])
        log_group = self._make_log_group(shared)
        needed = needed_statements(context, self.endpoint_name, shared, [server], volume_key_arn=key_arn)
        self._make_role(shared, [server], needed)
        (model,) = self._make_models(shared, [server], as_url=True)
        configured = Config.ProductionVariantProperty(
            variant_name=self.variant_name,
            model_name=model.attr_model_name,
            initial_variant_weight=1,
            serverless_config=Config.ServerlessConfigProperty(
                memory_size_in_mb=memory_mb,
                max_concurrency=max_concurrency,
                provisioned_concurrency=None if provisioned is None else provisioned.minimum,
            ),
        )
        config = make_l1(Config, self, "Config", production_variants=[configured], kms_key_id=key_arn, tags=self._tags)
        endpoint = make_l1(
            sagemaker.CfnEndpoint,
            self,
            "Resource",
            endpoint_name=self.endpoint_name,
            endpoint_config_name=config.attr_endpoint_config_name,
            tags=self._tags,
        )
        endpoint.add_resource_dependency(log_group)
        if provisioned is not None:
            attach(self, provisioned, target, depends_on=[endpoint])

    @staticmethod
    def from_endpoint_name(scope: Construct, id: str, endpoint_name: str) -> ImportedServerlessEndpoint:
        """A serverless endpoint that exists already, in the account and region of `scope`'s stack."""
        return ImportedServerlessEndpoint(scope, id, endpoint_name=endpoint_name)


def _server_problems(server: object, context: StackContext, memory_mb: object) -> list[Problem | None]:
    found = instance_of("server", server, Server, "a server", "for example server=TeiCpu(model=S3Archive(...))")
    if not isinstance(server, Server):
        return [found]
    problems = server_problems(server, context)
    if "cpu" not in server.hardware_kinds:
        got = f"{type(server).__name__} for {' and '.join(server.hardware_kinds)}"
        fix = "choose a server for CPUs (TeiCpu, TritonCpu, Container), or RealtimeEndpoint for an accelerator"
        problems.append(Problem("server", got, "a server for CPUs: serverless endpoints have no accelerators", fix))
    model = server.model
    if isinstance(model, HuggingFaceModel):
        # Not AWS's rule but this package's: nothing keeps the files between one cold start and the next.
        allowed = "S3Archive: from the hub every cold start would download the model again"
        problems.append(Problem("server.model", model.title, allowed, "pack the model into a .tar.gz in S3"))
    elif not isinstance(model, S3Archive):
        allowed = "S3Archive: serverless endpoints take no uncompressed model"
        problems.append(Problem("server.model", type(model).__name__, allowed, "pack the model into a .tar.gz"))
    elif model.accept_eula:
        allowed = "False: ModelDataUrl, which serverless endpoints take, has no place for an accepted licence"
        problems.append(Problem("server.model.accept_eula", True, allowed, "use RealtimeEndpoint"))
    elif model.disk_gb > DISK_GB:
        # Whether the archive stays beside its files is not said; both are counted.
        allowed = f"up to {DISK_GB} GB, archive and files together"
        fix = "choose a smaller model, or RealtimeEndpoint"
        problems.append(Problem("server.model", f"{model.disk_gb:g} GB on disk", allowed, fix))
    elif isinstance(memory_mb, int) and not is_token(memory_mb) and memory_mb in MEMORY_MB:
        needed = model.unpacked_gb * 1000**3 / 1024**2
        if needed > memory_mb:
            # "The memory size should be at least as large as your model size": the page above.
            fix = "raise memory_mb, choose a smaller model, or RealtimeEndpoint"
            allowed = f"at least the model's size, {needed:.0f} MB"
            problems.append(Problem("memory_mb", memory_mb, allowed, fix))
    return problems


def _provisioned_problems(provisioned: object, target: ScalableTarget) -> list[Problem]:
    if provisioned is None:
        return []
    if not isinstance(provisioned, Policy):
        fix = "provisioned=ProvisionedConcurrency(executions=...)"
        return [Problem("provisioned", provisioned, ", ".join(SCALABLE["serverless"].policies), fix)]
    return [
        replace(one, argument=f"provisioned{one.argument.removeprefix('scaling')}")
        for one in provisioned.problems_for(target)
    ]


def _observability_problem(observability: object) -> Problem | None:
    wrong = instance_of("observability", observability, Observability, "Observability", "observability=Observability()")
    if wrong is not None or not isinstance(observability, Observability):
        return wrong
    given = [name for name in _NOT_HERE if getattr(observability, name) != getattr(_DEFAULT_OBSERVABILITY, name)]
    if not given:
        return None
    allowed = "retention_days and keep_logs: a serverless endpoint has no instances to measure, and no data capture"
    return Problem("observability", ", ".join(given), allowed, "leave them out, or choose RealtimeEndpoint")
