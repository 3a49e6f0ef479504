"""Synthesized templates, whoever wrote them: loading them, resolving what they say, and reading endpoints from them."""

from cdk_inference.core.unknown import Unknown
from cdk_inference.template.assembly import Assembly, AssemblyError, Finding, StackTemplate, load_assembly
from cdk_inference.template.endpoints import EndpointRow, endpoints_of
from cdk_inference.template.hosted import Bounds, HostedEndpoint, Hosting, Serverless, Variant, hosting
from cdk_inference.template.load import TemplateError, load_template
from cdk_inference.template.stacks import Deployment, Resource, Stack, deployment_of, load_deployment, load_templates

__all__ = [
    "Assembly",
    "AssemblyError",
    "Bounds",
    "Deployment",
    "EndpointRow",
    "Finding",
    "HostedEndpoint",
    "Hosting",
    "Resource",
    "Serverless",
    "Stack",
    "StackTemplate",
    "TemplateError",
    "Unknown",
    "Variant",
    "deployment_of",
    "endpoints_of",
    "hosting",
    "load_assembly",
    "load_deployment",
    "load_template",
    "load_templates",
]
