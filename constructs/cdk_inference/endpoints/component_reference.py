"""What every inference component answers to, made here or elsewhere: its ARN, the right to invoke it, its metrics."""

from __future__ import annotations

from typing import ClassVar

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_inference.core.checks import is_token, matching
from cdk_inference.core.errors import refuse
from cdk_inference.core.names import ENDPOINT_NAME_PATTERN
from cdk_inference.endpoints.component_metrics import ComponentMetrics
from cdk_inference.endpoints.place import place_of
from cdk_inference.endpoints.reference import InvocableEndpoint
from cdk_inference.hardware import InstanceType


class InvocableComponent(Construct, ComponentMetrics):
    """A component, or an adapter, that callers can be allowed to invoke, and whose metrics can be read.

    Only names stand in what it grants, no reference to the component: a caller's stack waits for nothing.
    """

    # Endpoint and component are resource types of both actions:
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html (cfn-lint 1.58.0)
    invoke_actions: ClassVar[tuple[str, ...]] = InvocableEndpoint.invoke_actions

    @property
    def component_arn(self) -> str:
        """The component's ARN."""
        return self._arn("inference-component", self.component_name)

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allows `grantee` to invoke this component, streaming included; nothing else.

        A request names the endpoint and the component, so both stand in the statement; what else the endpoint hosts
        does not.
        """
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=list(self.invoke_actions),
            resource_arns=[self._arn("endpoint", self.endpoint_name), self.component_arn],
        )

    def _arn(self, kind: str, name: str) -> str:
        """SageMaker writes names in lower case there; CloudFormation cannot lower one that it learns late."""
        return place_of(Stack.of(self)).arn("sagemaker", f"{kind}/{name if is_token(name) else name.lower()}")


class ImportedComponent(InvocableComponent):
    """A component that another stack or tool has made. Use `InferenceComponent.from_component_name`."""

    def __init__(self, scope: Construct, id: str, *, component_name: str, endpoint_name: str) -> None:
        super().__init__(scope, id)
        fix = "copy it from `aws sagemaker list-inference-components`"
        allowed = "letters, digits and hyphens between them, up to 63 characters"
        refuse(
            f"component {self.node.path}",
            matching("component_name", component_name, ENDPOINT_NAME_PATTERN, allowed, fix),
            matching("endpoint_name", endpoint_name, ENDPOINT_NAME_PATTERN, allowed, fix),
        )
        self.component_name = component_name
        self.endpoint_name = endpoint_name
        self.instance_types: tuple[InstanceType, ...] | None = None
