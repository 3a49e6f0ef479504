"""The alarms of a deployment, each with its kind, its endpoints and whom it notifies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cdk_inference.core.unknown import Unknown
from cdk_inference.template.alarm_kinds import AlarmKind, kind_by_metrics
from cdk_inference.template.destinations import Destination, Destinations, Place, Resources, name_in, place_of
from cdk_inference.template.endpoint_alarms import ALARM, endpoint_alarms
from cdk_inference.template.hosted import COMPONENT, ENDPOINT, Hosting
from cdk_inference.template.partial_text import text_in
from cdk_inference.template.stacks import Deployment, Resource
from cdk_inference.template.values import items, mapping, readable

COMPOSITE, BUDGET = "AWS::CloudWatch::CompositeAlarm", "AWS::Budgets::Budget"
_CHILD = re.compile(r"""(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*["']?([^"')]+)["']?\s*\)""")


@dataclass(frozen=True, kw_only=True)
class AlarmInTemplate:
    """An alarm, its kind, the endpoints that it is about, and the destinations that it calls.

    part: it calls nothing, and a composite alarm reads it.
    """

    resource: Resource
    name: str
    kind: AlarmKind
    endpoints: tuple[Place, ...]
    destinations: tuple[Destination, ...]
    part: bool = False


@dataclass(frozen=True, kw_only=True)
class Notifications:
    """The alarms of a deployment, and the destinations of its budgets, one entry for each budget."""

    alarms: tuple[AlarmInTemplate, ...]
    of_budgets: tuple[Destination, ...]

    @property
    def destinations(self) -> tuple[Destination, ...]:
        """Everything that is called, each once, in the order of the templates."""
        called = [one for alarm in self.alarms for one in alarm.destinations]
        return tuple(dict.fromkeys([*called, *self.of_budgets]))

    @property
    def silent(self) -> tuple[AlarmInTemplate, ...]:
        """Alarms that notify no one: no destination, no composite alarm that reads them, and not for scaling."""
        return tuple(one for one in self.alarms if not one.destinations and not one.part and one.kind != "scaling")


def read_notifications(deployment: Deployment, hosting: Hosting) -> Notifications:
    """Reads alarms, budgets, topics, subscriptions and chat channels of every stack, whoever wrote them."""
    return _Reader(deployment, hosting).read()


class _Reader:
    def __init__(self, deployment: Deployment, hosting: Hosting) -> None:
        self.stacks = deployment.stacks
        self.resources = Resources(deployment, {ALARM: "AlarmName", COMPOSITE: "AlarmName"})
        self.called = Destinations(deployment)
        self.rollback = set(self._rollback())
        self.endpoints: dict[Place, list[Place]] = {}
        for endpoint, alarms in endpoint_alarms(deployment, hosting).items():
            for alarm in alarms:
                self.endpoints.setdefault(place_of(alarm), []).append(endpoint)

    def read(self) -> Notifications:
        found = {place_of(one): self._alarm(one) for stack in self.stacks for one in stack.resources(ALARM)}
        parts = set[Place]()
        for stack in self.stacks:
            for composite in stack.resources(COMPOSITE):
                children = list(self._children(composite))
                parts |= set(children)
                known = [found[place] for place in children if place in found]
                found[place_of(composite)] = self._composite(composite, known)
        alarms = [replace(one, part=place in parts and not one.destinations) for place, one in found.items()]
        budgets = [one for stack in self.stacks for budget in stack.resources(BUDGET) for one in self._budget(budget)]
        return Notifications(alarms=tuple(alarms), of_budgets=tuple(budgets))

    def _alarm(self, alarm: Resource) -> AlarmInTemplate:
        actions = list(_actions(alarm))
        destinations = self._destinations(actions, alarm)
        kind: AlarmKind = "scaling" if any(map(self.called.scales, actions)) else kind_by_metrics(alarm)
        return AlarmInTemplate(
            resource=alarm,
            name=name_in(alarm, "AlarmName"),
            kind="rollback" if place_of(alarm) in self.rollback else kind,
            endpoints=tuple(self.endpoints.get(place_of(alarm), ())),
            destinations=destinations,
        )

    def _composite(self, alarm: Resource, children: list[AlarmInTemplate]) -> AlarmInTemplate:
        """Of the kind of its children; one on costs decides: "no requests, and instances run"."""
        kinds: list[AlarmKind] = [child.kind for child in children]
        ranked: tuple[AlarmKind, ...] = ("cost", "health", *kinds)
        present: list[AlarmKind] = [one for one in ranked if one in kinds]
        kind: AlarmKind = present[0] if present else "other"
        return AlarmInTemplate(
            resource=alarm,
            name=name_in(alarm, "AlarmName"),
            kind="rollback" if place_of(alarm) in self.rollback else kind,
            endpoints=tuple(dict.fromkeys(place for child in children for place in child.endpoints)),
            destinations=self._destinations(list(_actions(alarm)), alarm),
        )

    def _destinations(self, actions: list[object], caller: Resource) -> tuple[Destination, ...]:
        found = [self.called.of(action, caller) for action in actions]
        return tuple(dict.fromkeys(one for one in found if one is not None))

    def _budget(self, budget: Resource) -> Iterator[Destination]:
        """Each destination of a budget once."""
        notified = map(mapping, items(budget.get("NotificationsWithSubscribers")))
        subscribers = [mapping(one) for notification in notified for one in items(notification.get("Subscribers"))]
        found: dict[Destination, None] = {}
        for one in subscribers:
            address = one.get("Address")
            if one.get("SubscriptionType") == "EMAIL":
                text = readable(text_in(address) or "an address known at deployment only")
                found[Destination(key=text, name="e-mail of a budget", receivers=(text,))] = None
            elif (topic := self.called.of(address, budget)) is not None:
                found[topic] = None
        yield from found

    def _rollback(self) -> Iterator[Place]:
        """The alarms that endpoints and components name for the rollback of an update."""
        for stack in self.stacks:
            for one in stack.resources(ENDPOINT, COMPONENT):
                rollback = mapping(mapping(one.get("DeploymentConfig")).get("AutoRollbackConfiguration"))
                for alarm in items(rollback.get("Alarms")):
                    yield from self._named(text_in(mapping(alarm).get("AlarmName")) or "", one)

    def _children(self, composite: Resource) -> Iterator[Place]:
        for text in _CHILD.findall(text_in(composite.get("AlarmRule")) or ""):
            yield from self._named(text, composite)

    def _named(self, text: str, near: Resource) -> Iterator[Place]:
        for type in (ALARM, COMPOSITE):
            found = self.resources.find(type, text, near)
            if found is not None:
                yield place_of(found)


def _actions(alarm: Resource) -> Iterator[object]:
    """What begins to be called; nothing where the actions are switched off."""
    if str(alarm.get("ActionsEnabled")).lower() == "false":
        return
    for member in ("AlarmActions", "InsufficientDataActions"):
        listed = alarm.get(member)
        yield from [listed] if isinstance(listed, Unknown) else items(listed)
