"""What alarms and budgets call, and who receives it: subscriptions of topics, chat channels, functions, addresses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cdk_inference.core.unknown import Unknown
from cdk_inference.template.partial_text import text_in
from cdk_inference.template.stacks import Deployment, Resource
from cdk_inference.template.values import items, mapping, readable, references_in, split_text

TOPIC, SUBSCRIPTION, FUNCTION = "AWS::SNS::Topic", "AWS::SNS::Subscription", "AWS::Lambda::Function"
SCALING = ("AWS::ApplicationAutoScaling::ScalingPolicy", "AWS::AutoScaling::ScalingPolicy")
# Chat channels and the property that names one.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Chatbot.html (read 2026-11-30)
_CHANNELS = {
    "AWS::Chatbot::SlackChannelConfiguration": ("Slack channel", "SlackChannelId"),
    "AWS::Chatbot::MicrosoftTeamsChannelConfiguration": ("Teams channel", "TeamsChannelId"),
}
# What an alarm may call instead of a topic, by the service in the ARN.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html (read 2026-11-22)
_OTHERS = {
    "lambda": "Lambda",
    "ssm": "Systems Manager",
    "ssm-incidents": "Incident Manager",
    "aiops": "CloudWatch investigations",
}

Place = tuple[str, str]  # the key of a stack, and a logical id


@dataclass(frozen=True, kw_only=True)
class Destination:
    """What is called. name: for people. receivers: who gets it; () where these templates have no subscription."""

    key: str
    name: str
    receivers: tuple[str, ...]


class Resources:
    """The resources of a deployment, found by reference, name or ARN."""

    def __init__(self, deployment: Deployment, names: dict[str, str]) -> None:
        """names: type -> the property that names it."""
        self._stacks = {stack.key: stack for stack in deployment.stacks}
        self._named: dict[tuple[str, str], list[Resource]] = {}
        for stack in deployment.stacks:
            for type, member in names.items():
                for resource in stack.resources(type):
                    name = text_in(resource.get(member))
                    if name is not None:
                        self._named.setdefault((type, name), []).append(resource)

    def referenced(self, text: str) -> Iterator[Resource]:
        """Yields the resources that a text refers to."""
        for key, logical_id, _ in references_in(text):
            found = self._stacks[key].resource(logical_id) if key in self._stacks else None
            if found is not None:
                yield found

    def find(self, type: str, text: str, near: Resource) -> Resource | None:
        """Returns what a reference, a name or an ARN stands for: of the same stack, or the only one of the region."""
        for one in self.referenced(text):
            if one.type == type:
                return one
        name = split_text(text, ":")[-1]
        listed = [one for one in self._named.get((type, name), ()) if one.stack.region == near.stack.region]
        own = [one for one in listed if one.stack is near.stack] or listed
        return own[0] if len(own) == 1 else None


class Destinations:
    """Reads subscriptions once, then says of each action who receives it."""

    def __init__(self, deployment: Deployment) -> None:
        self._resources = Resources(deployment, {TOPIC: "TopicName"})
        self._receivers: dict[str, list[str]] = {}
        for key, receiver in self._subscriptions(deployment):
            self._receivers.setdefault(key, []).append(receiver)

    def of(self, action: object, caller: Resource) -> Destination | None:
        """Returns the destination of an alarm's action or a budget's topic; None for a scaling policy or nothing."""
        text = text_in(action)
        if text is None:
            if not isinstance(action, Unknown):
                return None
            return Destination(key=action.reason, name=f"an address that is not known: {action.reason}", receivers=())
        if self.scales(text):
            return None
        topic = self._resources.find(TOPIC, text, caller)
        if topic is not None:
            key = _key(topic)
            return Destination(key=key, name=name_in(topic), receivers=self._of_key(key))
        function = next((one for one in self._resources.referenced(text) if one.type == FUNCTION), None)
        other = "Lambda" if function is not None else _OTHERS.get(_service(text))
        name = readable(text) if function is None else name_in(function)
        if isinstance(action, Unknown) and name == "(unknown)":
            name = f"an address that is not known: {action.reason}"
        return Destination(key=text, name=name, receivers=self._of_key(text) if other is None else (other,))

    def scales(self, action: object) -> bool:
        """Whether an action is a scaling policy."""
        text = text_in(action) or ""
        return ":scalingPolicy:" in text or any(one.type in SCALING for one in self._resources.referenced(text))

    def _of_key(self, key: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._receivers.get(key, ())))

    def _subscriptions(self, deployment: Deployment) -> Iterator[tuple[str, str]]:
        """(key of the topic, the receiver for people)."""
        for stack in deployment.stacks:
            for one in stack.resources(SUBSCRIPTION):
                yield from self._subscribed(one, [one.get("TopicArn")], one.get("Protocol"), one.get("Endpoint"))
            for one in stack.resources(TOPIC):
                for inner in map(mapping, items(one.get("Subscription"))):
                    yield _key(one), _receiver(inner.get("Protocol"), inner.get("Endpoint"))
            for type, (what, member) in _CHANNELS.items():
                for one in stack.resources(type):
                    yield from self._subscribed(one, items(one.get("SnsTopicArns")), what, one.get(member))

    def _subscribed(
        self, one: Resource, topics: list[object], protocol: object, address: object
    ) -> Iterator[tuple[str, str]]:
        for text in map(text_in, topics):
            if text is not None:
                topic = self._resources.find(TOPIC, text, one)
                yield text if topic is None else _key(topic), _receiver(protocol, address)


def place_of(resource: Resource) -> Place:
    """The key of its stack, and its logical id."""
    return resource.stack.key, resource.logical_id


def name_in(resource: Resource, member: str = "") -> str:
    """Returns the property `member`, else the construct path, else stack and logical id."""
    written = text_in(resource.get(member)) if member else None
    if written is not None:
        return readable(written)
    path = resource.stack.paths.get(resource.logical_id)
    return f"{resource.stack.name}/{resource.logical_id}" if path is None else path.removesuffix("/Resource")


def _key(resource: Resource) -> str:
    return "/".join(place_of(resource))


def _service(text: str) -> str:
    """The service of an ARN; "" where the text is none."""
    parts = split_text(text, ":")
    return parts[2] if len(parts) > 5 and parts[0] == "arn" else ""


def _receiver(protocol: object, address: object) -> str:
    """Protocol and address; of an ARN its last part."""
    text = readable(text_in(address) or "") or "at an address known at deployment only"
    if text.startswith("arn:"):
        text = text.rpartition(":")[2]
    return f"{text_in(protocol) or 'subscription'} {text.replace('.Arn}', '}')}"
