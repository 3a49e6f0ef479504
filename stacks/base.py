"""The base class of every stack: environment, termination protection and tags, from the settings."""

from __future__ import annotations

from aws_cdk import Environment, Stack, Tags
from constructs import Construct

from stacks.settings import Settings


class EnvironmentStack(Stack):
    """One stack of an environment, named `<environment>-<part>`.

    Args:
        settings: the environment: its name, region, protection and tags.
        part: the end of the stack's name.
        description: CloudFormation's description of the stack.
        region: Default: the environment's.
    """

    def __init__(
        self, scope: Construct, *, settings: Settings, part: str, description: str, region: str | None = None
    ) -> None:
        super().__init__(
            scope,
            f"{settings.name}-{part}",
            env=Environment(region=region or settings.region),
            description=description,
            termination_protection=settings.protected,
        )
        for name, value in settings.tags.items():
            Tags.of(self).add(name, value)
