"""The words of `choose` in every format: headline, rows, rate, what is out and why."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_inference.cli.formatters.base import clean, money
from cdk_inference.pricing.choices import Candidate, Choice, settings_line
from cdk_inference.pricing.request_rate import AtRate, BreakEven, InstanceCount, RateRow
from cdk_inference.template import Unknown

NOT_MEASURED = "not measured"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What `choose` found.

    Args:
        assumed: The model, and what about it was assumed.
        order: Where prices are looked up.
        at_rate: None where no rate was given.
    """

    choice: Choice
    assumed: str
    order: tuple[str, ...]
    at_rate: AtRate | None


def headline(found: Choice) -> list[str]:
    """The first choice, and what is cheaper with a reservation."""
    first = found.first
    if first is None:
        return [f"NONE: the model fits no type in {found.region}; {len(found.refused)} excluded"]
    fits = sum(one.fits for one in found.candidates)
    tight, unpriced = len(found.candidates) - fits, sum(isinstance(one.price, Unknown) for one in found.candidates)
    counted = f"{fits} type{'' if fits == 1 else 's'} in {found.region} fit{'s' if fits == 1 else ''}"
    counted += f", {tight} more {'is' if tight == 1 else 'are'} tight" if tight else ""
    counted += f", {len(found.refused)} excluded"
    if isinstance(first.price, Unknown):
        return [f"NO PRICE: {first.hardware.name} with {_image_words(first)}, {first.verdict}; {counted}"]
    counted += f"; {unpriced} without a price" if unpriced else ""
    cheapest = "CHEAPEST" if first.fits and first.maintained else "CHEAPEST, WITH A CAVEAT"
    lines = [f"{cheapest}: {_priced(first)}; {counted}"]
    return lines + [f"Cheaper, but {reservation(one)}: {_priced(one)}" for one in found.cheaper]


def model_line(answer: Answer) -> str:
    """The model and how it is used."""
    workload = answer.choice.workload
    used = f"{workload.precision}, {workload.batch} concurrent requests of {workload.context_tokens} tokens"
    return f"Model: {answer.assumed}; {used}."


def reservation(one: Candidate) -> str:
    """Why a cheaper type is not the answer."""
    reasons = [] if one.maintained else [f"its image is {one.server.aws_image.maintenance.status}"]
    return " and ".join([*reasons, *([] if one.fits else ["memory is tight"])])


def to_paste(found: Choice) -> list[tuple[str, str]]:
    """(title, arguments) of the first choice, and of what is cheaper with a reservation."""
    first = [] if found.first is None else [("To paste", found.first)]
    chosen = first + [(f"Cheaper, but {reservation(one)}", one) for one in found.cheaper]
    return [(title, settings_line(found, one)) for title, one in chosen]


def image(one: Candidate) -> str:
    """The image and how it is maintained."""
    found = one.server.aws_image
    known = found.maintenance
    return f"{one.server.__name__}: {found.reference}, {known.status} since {known.since}: {known.why}"


def out(found: Choice) -> list[str]:
    """Types that are out for the same reason, together."""
    reasons: dict[str, list[str]] = {}
    for name, why in found.refused.items():
        reasons.setdefault(why, []).append(name)
    return [f"{', '.join(names)}: {why}" for why, names in reasons.items()]


def rate_words(at: AtRate) -> str:
    """The rate and the lengths."""
    rate = at.rate
    return f"{rate.requests_per_second:g} requests/s of {rate.prompt_tokens} + {rate.output_tokens} tokens"


def rate_headline(found: Choice, at: AtRate) -> str:
    """How many instances, and against what, on one line."""
    row, bedrock = at.cheapest, at.bedrock
    against = ""
    if bedrock is not None:
        usd = money(bedrock.usd_per_month(at.rate.requests_per_second))
        against = f"; {clean(bedrock.model)} on Bedrock costs {usd} a month"
    if row is not None and isinstance(row.instances, InstanceCount):
        needed = f"{row.instances.estimate} x {row.candidate.hardware.name} as measured, {month(row)} a month"
        return f"At {rate_words(at)}: {needed}{against}"
    first = next((row for row in at.rows if row.candidate is found.first), None)
    if first is not None and bedrock is not None and isinstance(first.bedrock, BreakEven):
        against += f", as much as {first.candidate.hardware.name} at {as_bedrock(first)}"
    return f"At {rate_words(at)}: number of instances unknown, since no type with a price was measured{against}"


def served(row: RateRow) -> str:
    """What one instance was measured to serve."""
    throughput = row.candidate.throughput
    if throughput is None or throughput.requests_per_second is None:
        return NOT_MEASURED
    text = f"{throughput.requests_per_second:.4g}/s"
    ends = throughput.requests_interval
    return text if ends is None else f"{text} [{ends[0]:.4g}, {ends[1]:.4g}]"


def instances(row: RateRow) -> str:
    """How many instances, over the interval of the measurement."""
    count = row.instances
    if isinstance(count, Unknown):
        return "unknown"
    return f"{count.estimate}" if count.low == count.high else f"{count.estimate} [{count.low}, {count.high}]"


def month(row: RateRow) -> str:
    """Dollars a month, over the interval of the measurement."""
    count = row.instances
    if isinstance(count, Unknown):
        return "unknown"
    usd = [row.usd_per_month(number) for number in (count.estimate, count.low, count.high)]
    known = [money(one) for one in usd if not isinstance(one, Unknown)]
    if len(known) < len(usd):
        return "no price"
    return known[0] if count.low == count.high else f"{known[0]} [{known[1]}, {known[2]}]"


def as_other(row: RateRow) -> str:
    """What one instance has to serve to cost as much per request as another type."""
    found = row.other
    if isinstance(found, Unknown):
        return "unknown"
    if isinstance(found.requests_per_second, Unknown):
        return f"{found.times:.3g} x {found.than}"
    return f"{found.requests_per_second:.3g}/s ({found.times:.3g} x {found.than})"


def as_bedrock(row: RateRow) -> str:
    """What one instance has to serve to cost as much per request as Bedrock."""
    found = row.bedrock
    if found is None or isinstance(found, Unknown) or isinstance(found.requests_per_second, Unknown):
        return "unknown"
    if not found.instances:
        return f"never: 1 costs more (busy: {found.requests_per_second:.3g}/s)"
    return f"{found.requests_per_second:.3g}/s, at most {found.instances} instance{'' if found.instances == 1 else 's'}"


def rate_notes(at: AtRate) -> list[str]:
    """What the numbers of the rate mean."""
    notes = [
        "Instances: the smallest number that serves a constant rate, at least 1. Two Availability Zones need at least "
        "2, and a rate that varies needs more; both are your decision."
    ]
    intervals = [row.candidate.throughput for row in at.rows if row.candidate.throughput is not None]
    if any(one.requests_interval for one in intervals):
        notes.append("In brackets: the ends of the interval of the measurement.")
    notes.append(
        "Equal cost per request holds for instances that are kept busy. N x TYPE: N times what one instance of TYPE "
        "serves, which was measured only where requests/s precede it."
    )
    if at.bedrock is not None:
        notes.append(
            f"Bedrock: {clean(at.bedrock.model)} called from {at.bedrock.region}, on demand, "
            f"${at.bedrock.usd_per_request:.4g} a request ({at.bedrock.date}, {clean(at.bedrock.source)}). It is not "
            "included in any other total; answer quality is not compared. At most N instances cost no more a month."
        )
    return notes


def measured_words(at: AtRate) -> list[str]:
    """Where each measurement that counts comes from."""
    found = []
    for row in at.rows:
        one = row.candidate.throughput
        if one is not None:
            lengths = f"{one.prompt_tokens:.4g} + {one.output_tokens:.4g} tokens"
            found.append(f"{row.candidate.hardware.name}: {clean(one.what)}; {lengths}, {one.region or 'any region'}")
    return found


def small(usd: float | None) -> str:
    """Dollars with four digits."""
    return NOT_MEASURED if usd is None else f"${usd:.4g}"


def _priced(one: Candidate) -> str:
    assert not isinstance(one.price, Unknown)
    price = f"{money(one.price.usd)} an hour ({one.price.kind}, {one.price.date})"
    return f"{one.hardware.name} at {price} with {_image_words(one)}, {one.verdict}"


def _image_words(one: Candidate) -> str:
    status = one.server.aws_image.maintenance.status
    return one.server.__name__ if one.maintained else f"{one.server.__name__} (image {status})"
