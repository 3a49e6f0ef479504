"""The words of a review, the same in every format."""

from __future__ import annotations

from cdk_inference.cli.estimate_words import clean
from cdk_inference.review.finding import LEVELS, Finding
from cdk_inference.review.reviewing import Review

__all__ = ["clean", "counted", "headline", "sentence"]


def headline(review: Review) -> str:
    """The verdict, on one line."""
    counts = [counted(number, level) for level in LEVELS if (number := review.count(level))]
    verdict = "NOT OK" if review.count("error") else "OK" if review.complete else "NOT COMPARED"
    rest = ", ".join(counts) or "nothing found"
    unknown = f"; {counted(len(review.not_compared), 'thing')} not compared" if review.not_compared else ""
    return f"{verdict}: {rest} in {counted(review.stacks, 'stack')}{unknown}"


def counted(number: int, thing: str) -> str:
    """ "1 thing", "2 things"."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def sentence(text: str) -> str:
    """With a capital letter and a full stop."""
    return clean(f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}")


def place(finding: Finding) -> str:
    """Where it is: stack, logical id and type."""
    return clean(f"{finding.where}{f' ({finding.type})' if finding.type else ''}")
