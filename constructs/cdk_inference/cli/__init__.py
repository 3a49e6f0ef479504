"""The `cdk-inference` command."""

from cdk_inference.cli.main import main

__all__ = ["main"]
