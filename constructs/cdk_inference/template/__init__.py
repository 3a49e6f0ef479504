"""Synthesized templates, whoever wrote them: loading an assembly, and reading endpoints from it."""

from cdk_inference.template.assembly import Assembly, AssemblyError, Finding, StackTemplate, load_assembly
from cdk_inference.template.endpoints import EndpointRow, endpoints_of

__all__ = ["Assembly", "AssemblyError", "EndpointRow", "Finding", "StackTemplate", "endpoints_of", "load_assembly"]
