"""Everything that was read together, with the look-ups that conditions across resources need."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

from cdk_inference.core.unknown import Unknown
from cdk_inference.template.hosted import CONFIG, ENDPOINT, EndpointInTemplate, Hosting, read_hosting
from cdk_inference.template.stacks import Deployment, Resource
from cdk_inference.template.values import last_part, references_in

_NAMES = {
    ENDPOINT: "EndpointName",
    CONFIG: "EndpointConfigName",
    "AWS::SageMaker::Model": "ModelName",
    "AWS::ApplicationAutoScaling::ScalableTarget": "",
}


class Read:
    """A deployment; every resource's properties are resolved once."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self._properties: dict[tuple[str, str], Any] = {}
        self._may_lack: dict[tuple[str, str], bool] = {}

    def properties(self, resource: Resource) -> Any:
        """Returns the resource's properties, resolved."""
        place = resource.stack.key, resource.logical_id
        if place not in self._properties:
            # Any property of a resource that a macro may change is Unknown.
            macro = resource.get("")
            properties = resource.written.get("Properties") or {}
            self._properties[place] = macro if isinstance(macro, Unknown) else resource.stack.resolve(properties)
        return self._properties[place]

    def may_lack(self, resource: Resource) -> bool:
        """Returns whether an unknown property may not be there at all, since AWS::NoValue stands in the resource."""
        place = resource.stack.key, resource.logical_id
        if place not in self._may_lack:
            self._may_lack[place] = "AWS::NoValue" in repr(resource.written)
        return self._may_lack[place]

    def resources(self, type: str) -> Iterator[Resource]:
        """Yields the resources of a type in all stacks."""
        for stack in self.deployment.stacks:
            yield from stack.resources(type)

    @functools.cached_property
    def hosting(self) -> Hosting:
        """The endpoints, with kinds, variants and counts."""
        return read_hosting(self.deployment)

    @functools.cached_property
    def endpoints(self) -> dict[tuple[str, str], EndpointInTemplate]:
        """(stack's key, logical id) -> endpoint."""
        return {one.place: one for one in self.hosting.endpoints}

    def endpoint_named(self, name: str, near: Resource) -> EndpointInTemplate | None:
        """Returns the endpoint that `name` stands for: of the same stack, or the only one of the region."""
        found = [
            one
            for one in self.hosting.endpoints
            if one.name == last_part(name) and one.resource.stack.region == near.stack.region
        ]
        own = [one for one in found if one.resource.stack is near.stack] or found
        return own[0] if len(own) == 1 else None

    def find(self, type: str, named: str, near: Resource) -> Resource | None:
        """Returns the resource of `type` that a reference, a name or an ARN stands for; None where it was not read."""
        for stack, logical_id, _ in references_in(named):
            for other in self.deployment.stacks:
                if other.key == stack and (found := other.resource(logical_id)) is not None and found.type == type:
                    return found
        name = last_part(named)
        listed = [one for one in self._named.get((type, name), ()) if one.stack.region == near.stack.region]
        own = [one for one in listed if one.stack is near.stack] or listed
        return own[0] if len(own) == 1 else None

    @functools.cached_property
    def _named(self) -> dict[tuple[str, str], list[Resource]]:
        found: dict[tuple[str, str], list[Resource]] = {}
        for type, member in _NAMES.items():
            for resource in self.resources(type) if member else ():
                properties = self.properties(resource)
                name = properties.get(member) if isinstance(properties, dict) else None
                if isinstance(name, str):
                    found.setdefault((type, name), []).append(resource)
        return found

    @functools.cached_property
    def computed(self) -> dict[object, Any]:
        """What conditions keep for their next call."""
        return {}
