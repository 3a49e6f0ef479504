"""Endpoints and inference components that callers can invoke, made in this app or imported by name."""

from __future__ import annotations

from typing import ClassVar, NoReturn

from aws_cdk import Resource
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_inference.core.checks import is_token, matching
from cdk_inference.core.errors import ConfigurationError, Problem, raise_problems
from cdk_inference.core.names import ENDPOINT_NAME_PATTERN
from cdk_inference.core.unknown import Unknown
from cdk_inference.endpoints.kind_metrics import AsyncMetrics, ComponentMetrics, ServerlessMetrics
from cdk_inference.endpoints.pool_metrics import PoolMetrics
from cdk_inference.endpoints.pools import InstancePools
from cdk_inference.endpoints.variant_plan import BilledVariant
from cdk_inference.hardware import InstanceType, lookup, type_problem
from cdk_inference.hosting import CountRange, HostedVariant
from cdk_inference.kit.grants import granted
from cdk_inference.kit.stack_context import path_below, stack_context
from cdk_inference.metrics import DEFAULT_PUBLISH_PERIOD_SECONDS

# The name that AWS's SDKs and console give a single variant.
DEFAULT_VARIANT_NAME = "AllTraffic"
ASYNC_ACTIONS = ("sagemaker:InvokeEndpointAsync",)
# It knows no resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
# (cfn-lint 1.58.0)
TOKEN_ACTIONS = ("sagemaker:CallWithBearerToken",)
_ELSEWHERE = Unknown("it is set where the endpoint was made")


class InvocableEndpoint(Resource, PoolMetrics):
    """An endpoint that callers can be allowed to invoke, and whose metrics can be read.

    Only names stand in what it grants, no reference to the endpoint: a caller's stack waits for nothing.
    """

    # Streaming answers need InvokeEndpoint too; InvokeEndpointAsync is for asynchronous endpoints only.
    # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointWithResponseStream.html
    invoke_actions: ClassVar[tuple[str, ...]] = (
        "sagemaker:InvokeEndpoint",
        "sagemaker:InvokeEndpointWithResponseStream",
    )

    @property
    def endpoint_arn(self) -> str:
        """The endpoint's ARN. SageMaker writes the name in lower case there; a name that is known at deployment only
        must be in lower case already, since CloudFormation cannot lower it."""
        name = self.endpoint_name if is_token(self.endpoint_name) else self.endpoint_name.lower()
        return stack_context(self).arn("sagemaker", f"endpoint/{name}")

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allows `grantee` to invoke this endpoint, streaming included; nothing else.

        Raises ConfigurationError for who cannot be allowed here: a principal of another account, or a service.
        """
        return granted(self, grantee, self.invoke_actions, [self.endpoint_arn])

    def grant_invoke_openai(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allows `grantee` to call /openai/v1 of this endpoint with a bearer token, and to invoke it as ever.

        A token is good for whatever its maker may invoke: sagemaker:CallWithBearerToken knows no resource.
        https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-openai-compatible.html (read 2026-11-29)

        Raises ConfigurationError, also for endpoints that do not answer at once.
        """
        if self.kind != "realtime":
            allowed = "a real-time endpoint, or a component of a shared one: these have the OpenAI-compatible path"
            problem = Problem("grant_invoke_openai", type(self).__name__, allowed, "use grant_invoke(grantee)")
            raise ConfigurationError(f"{type(self).__name__} {self.node.path}", [problem])
        return self.grant_invoke(grantee).combine(granted(self, grantee, TOKEN_ACTIONS, ["*"]))


class _Imported(InvocableEndpoint):
    """An endpoint that another stack or tool has made, of whatever kind."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        endpoint_name: str,
        variant_name: str = DEFAULT_VARIANT_NAME,
        hardware: str | InstancePools | None = None,
    ) -> None:
        names: tuple[str, ...] | None = None
        if hardware is not None:
            names = hardware.types if isinstance(hardware, InstancePools) else (hardware,)
        fix = "copy it from `aws sagemaker list-endpoints`"
        allowed = "letters, digits and single hyphens between them, up to 63 characters"
        raise_problems(
            f"endpoint {path_below(scope, id)}",
            matching("endpoint_name", endpoint_name, ENDPOINT_NAME_PATTERN, allowed, fix),
            matching("variant_name", variant_name, ENDPOINT_NAME_PATTERN, allowed, fix),
            *(_type_problem(name) for name in names or ()),
        )
        super().__init__(scope, id)
        self.endpoint_name = endpoint_name
        self.variant_name = variant_name
        self._types = None if names is None else tuple(map(lookup, names))
        self.hardware: InstanceType | None = None if self._types is None else self._types[0]

    @property
    def instance_types(self) -> tuple[InstanceType, ...] | None:
        """By priority; None where `hardware` was not given."""
        return self._types


def _type_problem(name: object) -> Problem | None:
    if is_token(name):
        fix = "write the type, or leave hardware out: it decides which metrics there are"
        return Problem("hardware", "a value known at deployment only", "plain text", fix)
    return type_problem("hardware", name)


class ImportedEndpoint(_Imported):
    """A real-time endpoint made elsewhere. Use `RealtimeEndpoint.from_endpoint_name`."""

    @property
    def billed_variants(self) -> tuple[BilledVariant, ...]:
        """What runs there and is billed by the hour, taken to publish every minute, SageMaker's default."""
        types = None if self.instance_types is None else tuple(one.name for one in self.instance_types)
        hosted = HostedVariant(
            name=self.variant_name, types=types or (_ELSEWHERE,), instances=CountRange.fixed(_ELSEWHERE)
        )
        return (BilledVariant(metrics=self, hosted=hosted, publish_seconds=DEFAULT_PUBLISH_PERIOD_SECONDS),)


class ImportedAsyncEndpoint(AsyncMetrics, ImportedEndpoint):
    """An asynchronous endpoint made elsewhere. Use `AsyncEndpoint.from_endpoint_name`."""

    invoke_actions: ClassVar[tuple[str, ...]] = ASYNC_ACTIONS


class ImportedServerlessEndpoint(ServerlessMetrics, _Imported):
    """A serverless endpoint made elsewhere. Use `ServerlessEndpoint.from_endpoint_name`."""

    def __init__(self, scope: Construct, id: str, *, endpoint_name: str) -> None:
        super().__init__(scope, id, endpoint_name=endpoint_name)


class ImportedComponentEndpoint(_Imported):
    """An endpoint of inference components made elsewhere. Use `ComponentEndpoint.from_endpoint_name`."""

    kind: ClassVar[str] = "shared"

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """Refused, as of `ComponentEndpoint`."""
        del grantee
        refuse_whole_endpoint(self)


def refuse_whole_endpoint(endpoint: InvocableEndpoint) -> NoReturn:
    """Raises ConfigurationError: a request to `endpoint` names a component, and so does the right to send it."""
    fix = "write component.grant_invoke(grantee) for each component that it may call"
    problem = Problem("grant_invoke", "the endpoint", "an InferenceComponent or an AdapterComponent", fix)
    raise ConfigurationError(f"{type(endpoint).__name__} {endpoint.node.path}", [problem])


class InvocableComponent(Resource, ComponentMetrics):
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
        does not. Raises ConfigurationError for who cannot be allowed here: a principal of another account, or a
        service.
        """
        arns = [self._arn("endpoint", self.endpoint_name), self.component_arn]
        return granted(self, grantee, self.invoke_actions, arns)

    def grant_invoke_openai(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allows `grantee` to call /openai/v1 with a bearer token too, as of a real-time endpoint."""
        return self.grant_invoke(grantee).combine(granted(self, grantee, TOKEN_ACTIONS, ["*"]))

    def _arn(self, kind: str, name: str) -> str:
        """SageMaker writes names in lower case there; CloudFormation cannot lower one that it learns late."""
        return stack_context(self).arn("sagemaker", f"{kind}/{name if is_token(name) else name.lower()}")


class ImportedComponent(InvocableComponent):
    """A component that another stack or tool has made. Use `InferenceComponent.from_component_name`."""

    def __init__(self, scope: Construct, id: str, *, component_name: str, endpoint_name: str) -> None:
        fix = "copy it from `aws sagemaker list-inference-components`"
        allowed = "letters, digits and hyphens between them, up to 63 characters"
        raise_problems(
            f"component {path_below(scope, id)}",
            matching("component_name", component_name, ENDPOINT_NAME_PATTERN, allowed, fix),
            matching("endpoint_name", endpoint_name, ENDPOINT_NAME_PATTERN, allowed, fix),
        )
        super().__init__(scope, id)
        self.component_name = component_name
        self.endpoint_name = endpoint_name
