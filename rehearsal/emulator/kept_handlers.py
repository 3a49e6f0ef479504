"""Types that are validated, kept and described by nothing: mute rules, chat channels and prompt routers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from rehearsal.api_model import RefusedError, renamed
from rehearsal.emulator import view
from rehearsal.emulator.calls import Properties, judge
from rehearsal.emulator.private_names import get

Made = tuple[str, Properties]


def kept(kind: str, call: Callable[[Properties, str], Properties], arn: str, attribute: str) -> dict[str, Any]:
    """Returns the handlers of a type.

    Args:
        kind: What it is, in words.
        call: Validates the properties with the name that CloudFormation gives; returns the input of the API.
        arn: Of what is made; {region}, {account} and {name} are filled in.
        attribute: Of GetAtt, with the ARN.
    """

    def create(logical_id: str, properties: Properties, stack: str) -> Made:
        name = str(get("_physical_name")(stack, logical_id, max_len=63))
        checked = call(properties, name)
        account = view.account()
        own = next((value for key, value in checked.items() if key.lower().endswith("name")), name)
        made = arn.format(region=account.region, account=account.id, name=own)
        if made in view.kept().get(kind, {}):
            raise RefusedError(f"{made} already exists")
        view.kept().setdefault(kind, {})[made] = checked
        return made, {attribute: made}

    def update(made: str, old: Properties, new: Properties, stack: str) -> Made:
        del old, stack
        view.kept()[kind][made] = call(new, made.rpartition("/")[2].rpartition(":")[2])
        return made, {attribute: made}

    def delete(made: str, properties: Properties) -> None:
        del properties
        view.kept().get(kind, {}).pop(made, None)

    return {"create": create, "update": update, "delete": delete}


def _mute_rule(properties: Properties, name: str) -> Properties:
    checked = judge("cloudwatch", "PutAlarmMuteRule", {"Name": name, **properties})
    known = view.account().alarms
    if missing := [one for one in checked.get("MuteTargets", {}).get("AlarmNames", []) if one not in known]:
        raise RefusedError(f"MuteTargets: got alarms that do not exist: {', '.join(missing)}")
    return checked


def _chat_channel(properties: Properties, name: str) -> Properties:
    """The property SlackWorkspaceId is the API's SlackTeamId, and SlackChannelName is required by neither."""
    del name
    params = {"SlackTeamId" if key == "SlackWorkspaceId" else key: value for key, value in properties.items()}
    for key in ("GuardrailPolicies", "CustomizationResourceArns"):
        params.pop(key, None)
    checked = judge("chatbot", "CreateSlackChannelConfiguration", params)
    if missing := [arn for arn in checked.get("SnsTopicArns", []) if arn not in view.account().topics]:
        raise RefusedError(f"SnsTopicArns: got topics that do not exist: {', '.join(missing)}")
    return checked


def _prompt_router(properties: Properties, name: str) -> Properties:
    params = renamed("bedrock", "CreatePromptRouter", {"PromptRouterName": name, **properties})
    checked = judge("bedrock", "CreatePromptRouter", params)
    models = [one["modelArn"] for one in checked["models"]]
    if re.sub("^arn:[a-z-]+", "", checked["fallbackModel"]["modelArn"]) not in (
        re.sub("^arn:[a-z-]+", "", one) for one in models
    ):
        raise RefusedError(f"fallbackModel: got {checked['fallbackModel']['modelArn']}; allowed: one of {models}")
    return checked


HANDLERS: dict[str, dict[str, Any]] = {
    "AWS::CloudWatch::AlarmMuteRule": kept(
        "mute rule", _mute_rule, "arn:aws:cloudwatch:{region}:{account}:alarm-mute-rule:{name}", "Arn"
    ),
    "AWS::Chatbot::SlackChannelConfiguration": kept(
        "chat channel", _chat_channel, "arn:aws:chatbot::{account}:chat-configuration/slack-channel/{name}", "Arn"
    ),
    "AWS::Bedrock::IntelligentPromptRouter": kept(
        "prompt router", _prompt_router, "arn:aws:bedrock:{region}:{account}:prompt-router/{name}", "PromptRouterArn"
    ),
}
