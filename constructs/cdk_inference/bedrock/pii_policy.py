"""Personal data that a guardrail looks for: AWS's kinds, and patterns of your own.

Limits: botocore 1.44.5, CreateGuardrail (read 2026-11-24).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from cdk_inference.bedrock.content_policy import (
    ACTIONS,
    Action,
    Rendered,
    direction_problems,
    directions,
    plain,
    text_problem,
)
from cdk_inference.bedrock.regex import regex_problem
from cdk_inference.core.checks import as_tuple, one_of
from cdk_inference.core.errors import Problem, raise_problems

Entity = Literal[
    "ADDRESS",
    "AGE",
    "AWS_ACCESS_KEY",
    "AWS_SECRET_KEY",
    "CA_HEALTH_NUMBER",
    "CA_SOCIAL_INSURANCE_NUMBER",
    "CREDIT_DEBIT_CARD_CVV",
    "CREDIT_DEBIT_CARD_EXPIRY",
    "CREDIT_DEBIT_CARD_NUMBER",
    "DRIVER_ID",
    "EMAIL",
    "INTERNATIONAL_BANK_ACCOUNT_NUMBER",
    "IP_ADDRESS",
    "LICENSE_PLATE",
    "MAC_ADDRESS",
    "NAME",
    "PASSWORD",
    "PHONE",
    "PIN",
    "SWIFT_CODE",
    "UK_NATIONAL_HEALTH_SERVICE_NUMBER",
    "UK_NATIONAL_INSURANCE_NUMBER",
    "UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER",
    "URL",
    "USERNAME",
    "US_BANK_ACCOUNT_NUMBER",
    "US_BANK_ROUTING_NUMBER",
    "US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER",
    "US_PASSPORT_NUMBER",
    "US_SOCIAL_SECURITY_NUMBER",
    "VEHICLE_IDENTIFICATION_NUMBER",
]
ENTITIES: tuple[Entity, ...] = get_args(Entity)
REGEX_NAME_CHARACTERS_MAX = 100
REGEX_PATTERN_CHARACTERS_MAX = 500
REGEX_DESCRIPTION_CHARACTERS_MAX = 1000


@dataclass(frozen=True, kw_only=True)
class PiiRegex:
    """A pattern of your own, such as a customer's number.

    name: 1 to 100 characters; it stands in the place of what is masked.
    pattern: a regular expression of 1 to 500 characters. AWS names no dialect: what compiles in none (groups and sets
        that do not close, quantifiers of nothing, ranges that run backwards) is refused, and nothing else is checked.
    description: up to 1000 characters. Default: none.

    Raises ConfigurationError.
    """

    name: str
    pattern: str
    description: str | None = None

    def __post_init__(self) -> None:
        raise_problems(
            "PiiRegex",
            text_problem("name", self.name, REGEX_NAME_CHARACTERS_MAX),
            text_problem("pattern", self.pattern, REGEX_PATTERN_CHARACTERS_MAX)
            or regex_problem("pattern", self.pattern),
            None
            if self.description is None
            else text_problem("description", self.description, REGEX_DESCRIPTION_CHARACTERS_MAX),
        )


@dataclass(frozen=True, kw_only=True)
class PiiFilter:
    """Personal data, and what happens to it. Several filters of one guardrail treat different data differently.

    entities: kinds that AWS knows, as "EMAIL" (`ENTITIES`). Default: none.
    regexes: patterns of your own. Default: none.
    on_input, on_output: "block" (default), "mask", "detect" or "off".

    Raises ConfigurationError.
    """

    entities: tuple[Entity, ...] = ()
    regexes: tuple[PiiRegex, ...] = ()
    on_input: Action = "block"
    on_output: Action = "block"

    def __post_init__(self) -> None:
        for name in ("entities", "regexes"):
            object.__setattr__(self, name, as_tuple(getattr(self, name)))
        raise_problems(
            "PiiFilter",
            *self._entity_problems(),
            *self._regex_problems(),
            Problem("entities", (), "at least one entity, or a regex", 'for example entities=("EMAIL", "PHONE")')
            if self.entities == () and self.regexes == ()
            else None,
            *direction_problems(self.on_input, self.on_output, tuple(ACTIONS)),
        )

    def _entity_problems(self) -> list[Problem | None]:
        if not isinstance(self.entities, tuple):
            return [Problem("entities", self.entities, "a list of names", 'for example entities=("EMAIL", "PHONE")')]
        return [_entity_problem(f"entities[{number}]", one) for number, one in enumerate(self.entities)]

    def _regex_problems(self) -> list[Problem | None]:
        if isinstance(self.regexes, tuple) and all(isinstance(one, PiiRegex) for one in self.regexes):
            return []
        fix = 'for example regexes=(PiiRegex(name="Customer", pattern="C-[0-9]{8}"),)'
        return [Problem("regexes", self.regexes, "a list of PiiRegex", fix)]

    def rendered(self) -> tuple[list[Rendered], list[Rendered]]:
        """(entities, regexes) as CloudFormation writes them. `action` is required beside the two directions'."""
        shared = {
            "action": ACTIONS[self.on_input if self.on_output == "off" else self.on_output][0],
            **directions(self.on_input, self.on_output),
        }
        regexes = [
            {
                "name": one.name,
                "pattern": one.pattern,
                **({} if one.description is None else {"description": one.description}),
                **shared,
            }
            for one in self.regexes
        ]
        return [{"type": one, **shared} for one in self.entities], regexes


def _entity_problem(argument: str, entity: object) -> Problem | None:
    return plain(argument, entity, lambda one: one_of(argument, one, ENTITIES, "choose one of these"))
