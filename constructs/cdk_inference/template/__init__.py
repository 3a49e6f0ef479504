"""Synthesized templates, whoever wrote them: loading them, resolving what they say, and reading endpoints from them."""

from cdk_inference.core.unknown import Unknown
from cdk_inference.template.assembly import Assembly, AssemblyError, Finding, StackTemplate, load_assembly
from cdk_inference.template.conditions import SwitchedOff, switched_off
from cdk_inference.template.deployments import deployment_in, deployment_of, load_deployment
from cdk_inference.template.endpoint_alarms import endpoint_alarms
from cdk_inference.template.folders import Unread
from cdk_inference.template.hosted import EndpointInTemplate, Hosting, read_hosting
from cdk_inference.template.load import TemplateError, load_template
from cdk_inference.template.opaque import OpaquePart, opaque_parts
from cdk_inference.template.partial_text import same_text, text_in
from cdk_inference.template.scalable_targets import targets_elsewhere
from cdk_inference.template.stacks import Deployment, Resource, Stack

__all__ = [
    "Assembly",
    "AssemblyError",
    "Deployment",
    "EndpointInTemplate",
    "Finding",
    "Hosting",
    "OpaquePart",
    "Resource",
    "Stack",
    "StackTemplate",
    "SwitchedOff",
    "TemplateError",
    "Unknown",
    "Unread",
    "deployment_in",
    "deployment_of",
    "endpoint_alarms",
    "load_assembly",
    "load_deployment",
    "load_template",
    "opaque_parts",
    "read_hosting",
    "same_text",
    "switched_off",
    "targets_elsewhere",
    "text_in",
]
