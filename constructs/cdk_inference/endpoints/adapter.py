"""An adapter on an inference component: a small set of weights that its base loads beside the model."""

from __future__ import annotations

from aws_cdk import CfnTag
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.endpoints.base import ENDPOINT_TAG
from cdk_inference.endpoints.common_checks import raise_distinct_problems
from cdk_inference.endpoints.component import InferenceComponent
from cdk_inference.endpoints.imported import InvocableComponent
from cdk_inference.endpoints.settings import Shared
from cdk_inference.hardware import InstanceType
from cdk_inference.kit.l1 import make_l1
from cdk_inference.kit.physical_names import endpoint_name_problem, take_endpoint_name
from cdk_inference.kit.region_checks import region_problem
from cdk_inference.kit.stack_context import path_below, stack_context
from cdk_inference.kit.vpc_placement import VpcPlacement
from cdk_inference.serving import S3Archive

Component = sagemaker.CfnInferenceComponent


class AdapterComponent(InvocableComponent):
    """An adapter (LoRA) as an inference component of its own: requests name it and are answered by its base.

    base: the component whose model it belongs to, of the same stack; it is deployed first. Its server must load
        adapters while it runs: `Lmi` with OPTION_ENABLE_LORA, or `Vllm` with SM_VLLM_ENABLE_LORA and
        VLLM_ALLOW_RUNTIME_LORA_UPDATING, each "true" in `environment`; a `Container` as its image wants it. The
        adapter has no resources, copies or log group of its own: it uses its base's.
    adapter: the weights, one .tar.gz; SageMaker takes no uncompressed files here.

    https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-adapt.html (read 2026-11-22)

    Raises ConfigurationError.
    """

    def __init__(self, scope: Construct, id: str, *, base: InferenceComponent, adapter: S3Archive) -> None:
        context, path = stack_context(scope), path_below(scope, id)
        subject = f"AdapterComponent {path}"
        named = endpoint_name_problem(path, context)
        if wrong := _base_problem(base):
            raise_problems(subject, named, wrong, *_archive_problems(adapter, context.region, None))
        endpoint = base.endpoint
        problems = [
            named,
            *(one.adapters_problem("base") for one in base.servers),
            *_archive_problems(adapter, context.region, endpoint.shared),
        ]
        if (other := stack_context(base)).path != context.path:
            allowed = "a component of the adapter's own stack"
            problems.append(Problem("base", other.path, allowed, "make both in one stack"))
        if not any(problems):
            problems.append(endpoint.adapter_problem(adapter))
        raise_distinct_problems(subject, problems)
        super().__init__(scope, id)
        self.component_name = take_endpoint_name(path, context)
        self.endpoint_name = endpoint.endpoint_name
        self.base = base
        endpoint.admit_adapter(adapter)
        assert adapter.bucket is not None, "an adapter without a bucket is refused"
        self.resource = make_l1(
            Component,
            self,
            "Resource",
            endpoint_name=self.endpoint_name,
            inference_component_name=self.component_name,
            specification=Component.InferenceComponentSpecificationProperty(
                base_inference_component_name=base.component_name,
                container=Component.InferenceComponentContainerSpecificationProperty(
                    artifact_url=f"s3://{adapter.bucket.bucket_name}/{adapter.key}"
                ),
            ),
            tags=[CfnTag(key=ENDPOINT_TAG, value=self.endpoint_name)],
        )
        self.resource.add_resource_dependency(base.resource)

    @property
    def instance_types(self) -> tuple[InstanceType, ...]:
        """The base's instance types, by priority."""
        return self.base.instance_types


def _base_problem(base: object) -> Problem | None:
    if isinstance(base, InferenceComponent):
        return None
    if isinstance(base, AdapterComponent):
        allowed = "an InferenceComponent: an adapter has no adapters of its own"
        return Problem("base", base.component_name, allowed, f"write the adapter's own base, {base.base.node.path}")
    return Problem("base", type(base).__name__, "an InferenceComponent of this app", "make the base first")


def _archive_problems(adapter: object, region: str, shared: Shared | None) -> list[Problem | None]:
    if not isinstance(adapter, S3Archive):
        return [Problem("adapter", adapter, "S3Archive", 'adapter=S3Archive(key="legal.tar.gz", ...)')]
    if adapter.bucket is None:
        return [Problem("adapter.bucket", None, "the bucket that holds the adapter", "write S3Archive(bucket=...)")]
    found: list[Problem | None] = [region_problem("adapter.bucket", adapter.bucket, region, "a bucket")]
    if shared is not None and isinstance(shared.vpc, VpcPlacement):
        found += shared.vpc.bucket_problems(read=[adapter.bucket], written=[])
    return found
