"""An adapter on an inference component: a small set of weights that its base loads beside the model."""

from __future__ import annotations

from aws_cdk import CfnTag, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from cdk_inference.checks import instance_of
from cdk_inference.endpoints.component import InferenceComponent
from cdk_inference.endpoints.component_metrics import ComponentMetrics
from cdk_inference.endpoints.elsewhere import region_problem
from cdk_inference.endpoints.managed import ENDPOINT_TAG
from cdk_inference.endpoints.naming import endpoint_name_at
from cdk_inference.endpoints.place import place_of
from cdk_inference.endpoints.validation import refuse_all
from cdk_inference.errors import Problem, refuse
from cdk_inference.hardware import InstanceType
from cdk_inference.serving import S3Archive

Component = sagemaker.CfnInferenceComponent


class AdapterComponent(Construct, ComponentMetrics):
    """An adapter (LoRA) as an inference component of its own: requests name it and are answered by its base.

    base: the component whose model it belongs to, of the same stack; it is deployed first. It needs no resources
        and no copies of its own: it uses its base's.
    adapter: the weights, one .tar.gz; SageMaker takes no uncompressed files here.

    https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-adapt.html (read 2026-11-22)

    Raises ConfigurationError.
    """

    def __init__(self, scope: Construct, id: str, *, base: InferenceComponent, adapter: S3Archive) -> None:
        super().__init__(scope, id)
        subject = f"AdapterComponent {self.node.path}"
        refuse(subject, instance_of("base", base, InferenceComponent, "an InferenceComponent", "make the base first"))
        stack = Stack.of(self)
        place = place_of(stack)
        self.component_name, name_problem = endpoint_name_at(self.node.path, place)
        self.base = base
        self.instance_types: tuple[InstanceType, ...] = base.instance_types
        problems = [name_problem, *_archive_problems(adapter, place.region)]
        if Stack.of(base) is not stack:
            allowed = "a component of the adapter's own stack"
            problems.append(Problem("base", Stack.of(base).node.path, allowed, "make both in one stack"))
        refuse_all(subject, problems)
        base.endpoint.admit_model(adapter)
        assert adapter.bucket is not None, "an adapter without a bucket is refused"
        component = Component(
            self,
            "Resource",
            endpoint_name=base.endpoint.endpoint_name,
            inference_component_name=self.component_name,
            specification=Component.InferenceComponentSpecificationProperty(
                base_inference_component_name=base.component_name,
                container=Component.InferenceComponentContainerSpecificationProperty(
                    artifact_url=f"s3://{adapter.bucket.bucket_name}/{adapter.key}"
                ),
            ),
            tags=[CfnTag(key=ENDPOINT_TAG, value=base.endpoint.endpoint_name)],
        )
        component.add_resource_dependency(base.resource)

    @property
    def component_arn(self) -> str:
        """The component's ARN."""
        return place_of(Stack.of(self)).arn("sagemaker", f"inference-component/{self.component_name}")

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allows `grantee` to invoke this adapter, streaming included; not its base nor other adapters."""
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=list(self.base.invoke_actions),
            resource_arns=[self.base.endpoint.endpoint_arn, self.component_arn],
        )


def _archive_problems(adapter: object, region: str) -> list[Problem | None]:
    if not isinstance(adapter, S3Archive):
        return [Problem("adapter", adapter, "S3Archive", 'adapter=S3Archive(key="legal.tar.gz", ...)')]
    if adapter.bucket is None:
        return [Problem("adapter.bucket", None, "the bucket that holds the adapter", "write S3Archive(bucket=...)")]
    return [region_problem("adapter.bucket", adapter.bucket, region, "a bucket")]
