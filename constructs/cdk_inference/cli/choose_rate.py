"""What `choose` was given about requests: a rate, their lengths, and a model of Bedrock to compare with."""

from __future__ import annotations

import argparse

from cdk_inference.cli.arguments import Errors
from cdk_inference.cli.numbers import read_number, whole
from cdk_inference.core.errors import ConfigurationError, Problem
from cdk_inference.pricing.bedrock_request import BedrockRequest, bedrock_request
from cdk_inference.pricing.book import PriceBook
from cdk_inference.pricing.request_rate import RequestRate

RATE_MAX = 1e6  # requests per second, far above any; a slip of units shows
TOKENS_MAX = 10**9  # as of a workload
_OPTIONS = ("--requests-per-second", "--prompt-tokens", "--output-tokens")


def add_rate_options(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments about requests."""
    group = parser.add_argument_group("instances and cost at a request rate")
    group.add_argument("--requests-per-second", metavar="R", help="a constant rate; needs both lengths")
    group.add_argument("--prompt-tokens", metavar="P", help="of a request, on average")
    group.add_argument("--output-tokens", metavar="O", help="of an answer, on average")
    about = "a model or inference profile of Bedrock, at the same rate"
    group.add_argument("--against", metavar="MODEL_ID", help=about)


def asked_rate(chosen: argparse.Namespace, errors: Errors) -> RequestRate | None:
    """The rate; None if none was given, or if something was wrong, which is added to `errors`."""
    given = (chosen.requests_per_second, chosen.prompt_tokens, chosen.output_tokens)
    if given == (None, None, None) and chosen.against is None:
        return None
    for option, text in zip(_OPTIONS, given, strict=True):
        if text is None:
            others = [one for one in _OPTIONS if one != option] + (["--against"] if chosen.against else [])
            fix = f"write it, or leave out {', '.join(others)}"
            errors.add(Problem(option, None, "all of a rate, prompt tokens and output tokens", fix))
    rate = None if given[0] is None else errors.of(_rate, given[0])
    lengths = [
        None if text is None else errors.of(_length, option, text)
        for option, text in zip(_OPTIONS[1:], given[1:], strict=True)
    ]
    if rate is None or lengths[0] is None or lengths[1] is None:
        return None
    return RequestRate(requests_per_second=rate, prompt_tokens=lengths[0], output_tokens=lengths[1])


def asked_bedrock(
    chosen: argparse.Namespace, rate: RequestRate | None, region: str, book: PriceBook, errors: Errors
) -> BedrockRequest | None:
    """What a request costs with the model of --against; None without one, or if something was wrong."""
    if chosen.against is None:
        return None
    lengths = (1, 1) if rate is None else (rate.prompt_tokens, rate.output_tokens)
    found = bedrock_request("--against", chosen.against, region, *lengths, book)
    if isinstance(found, Problem):
        errors.add(found)
        return None
    return found


def _rate(text: str) -> float:
    found = read_number(_OPTIONS[0], text, "50 or 0.5")
    _above_0(_OPTIONS[0], text, found, RATE_MAX, "write requests in a second, as in 50 or 0.5")
    return found


def _length(option: str, text: str) -> int:
    found = whole(option, text, "2000, or 2k for 2048")
    _above_0(option, text, found, TOKENS_MAX, "write the mean of a request, as in 2000")
    return found


def _above_0(option: str, text: str, value: float, high: float, fix: str) -> None:
    if not 0 < value <= high:
        raise ConfigurationError("choose", [Problem(option, text, f"above 0, at most {high:g}", fix)])
