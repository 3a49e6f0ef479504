"""A cost-allocation tag, by which costs are told apart."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_inference.core.checks import is_token, matching
from cdk_inference.core.errors import Problem, refuse

# https://docs.aws.amazon.com/general/latest/gr/aws_tagging.html and cfn-lint 1.58.0, AWS::Budgets::BudgetsAction
# (read 2026-11-24)
_SYMBOLS = r"[\w .:/=+\-@]"
# How the older filter language of AWS Budgets writes a key; the one used here takes it as the resource has it.
_OLD_PREFIX = "user:"


@dataclass(frozen=True, kw_only=True)
class CostTag:
    """A tag as resources carry it: `CostTag(key="application", value="inference")`.

    key: 1 to 128 characters. It has to be activated as a cost-allocation tag, by hand, in the management (or a
        standalone) account: until a day after that its costs are 0. docs/cost.md says how.
    value: 1 to 256 characters.

    Raises ConfigurationError.
    """

    key: str
    value: str

    def __post_init__(self) -> None:
        text = "letters, digits, spaces and _ . : / = + - @"
        problem = matching("key", self.key, _SYMBOLS + "{1,128}", f"1 to 128 {text}", "write the key of the tag")
        if problem is None and not is_token(self.key) and self.key.startswith(_OLD_PREFIX):
            key = self.key.removeprefix(_OLD_PREFIX)
            problem = Problem("key", self.key, "the key as resources carry it", f"write {key!r}")
        refuse(
            "CostTag",
            problem,
            matching("value", self.value, _SYMBOLS + "{1,256}", f"1 to 256 {text}", "write the value of the tag"),
        )
