"""Who is told by mail."""

from __future__ import annotations

from collections.abc import Sequence

from cdk_inference.core.checks import is_token, matching
from cdk_inference.core.errors import Problem

# One @, no spaces, a domain with a dot: as AWS::CE::AnomalySubscription has it, cfn-lint 1.58.0 (read 2026-11-24)
_ADDRESS = r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]+@[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+"


def email_problems(argument: str, emails: object, most: int | None = None) -> list[Problem | None]:
    """Why `emails` are no addresses, each once."""
    fix = f'for example {argument}=["oncall@example.com"]'
    if isinstance(emails, str) or not isinstance(emails, Sequence):
        return [Problem(argument, emails, "a list of e-mail addresses", fix)]
    if most is not None and len(emails) > most:
        return [
            Problem(argument, f"{len(emails)} addresses", f"up to {most}", "use a topic, or a list of your own mail")
        ]
    found = [
        matching(f"{argument}[{number}]", one, _ADDRESS, "an e-mail address, as oncall@example.com", "correct it")
        for number, one in enumerate(emails)
    ]
    known = [one for one in emails if not is_token(one)]
    if not any(found) and len(set(known)) < len(known):
        found.append(Problem(argument, list(known), "each address once", "leave out the second"))
    return found
