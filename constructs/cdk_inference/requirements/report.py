"""What `cdk-inference check` reports. A value; formatters show it."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_inference.core.errors import ExitStatus
from cdk_inference.requirements.acknowledged import Accepted
from cdk_inference.requirements.judge import Judgement
from cdk_inference.requirements.requirement import LEVELS, Level, NotChecked, Requirement, Violation

FAIL_ON = (*LEVELS, "never")
_VERDICTS = {
    ExitStatus.OK: "OK",
    ExitStatus.NOT_OK: "NOT OK",
    ExitStatus.UNABLE: "NOT READ",
    ExitStatus.NOT_KNOWN: "NOT ALL CHECKED",
}


@dataclass(frozen=True, kw_only=True)
class Report:
    """A judgement, with what could not be read.

    Args:
        rules: The requirements that were judged.
        stacks: How many stacks were read, nested ones included.
        unread: Files and parts of an assembly that could not be read, each with the reason.
        fail_on: One of `FAIL_ON`.
        accepted: Results that somebody accepts, with the reason; they are not in the judgement.
        useless: Acknowledgements that are expired, about nothing, or none, in words.
    """

    judgement: Judgement
    rules: tuple[Requirement, ...]
    stacks: int
    unread: tuple[str, ...]
    fail_on: str = "error"
    accepted: tuple[Accepted, ...] = ()
    useless: tuple[str, ...] = ()

    @property
    def violations(self) -> tuple[Violation, ...]:
        """Errors first, otherwise in the order of the stacks."""
        return tuple(sorted(self.judgement.violations, key=lambda one: LEVELS.index(one.requirement.level)))

    @property
    def not_checked(self) -> tuple[NotChecked, ...]:
        """What could not be judged, in the order of the stacks."""
        return self.judgement.not_checked

    def count(self, level: Level) -> int:
        """Returns how many violations have this level."""
        return sum(one.requirement.level == level for one in self.judgement.violations)

    @property
    def verdict(self) -> str:
        """ "OK"; "NOT OK" (an error, or a warning if it is to fail on that); "NOT READ" (not all could be read); or
        "NOT ALL CHECKED" (a value that decides is not known).
        """
        return _VERDICTS[self._status("error" if self.fail_on == "never" else self.fail_on)]

    @property
    def status(self) -> ExitStatus:
        """The exit status: 1 for "NOT OK", 2 for "NOT READ", 3 for "NOT ALL CHECKED"; 0 if it is never to fail."""
        return ExitStatus.OK if self.fail_on == "never" else self._status(self.fail_on)

    def _status(self, fail_on: str) -> ExitStatus:
        if any(one == fail_on or one == "error" for one in self._levels):
            return ExitStatus.NOT_OK
        if self.unread:
            return ExitStatus.UNABLE
        return ExitStatus.NOT_KNOWN if self.not_checked else ExitStatus.OK

    @property
    def _levels(self) -> set[str]:
        return {one.requirement.level for one in self.judgement.violations}
