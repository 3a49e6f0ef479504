"""What one endpoint costs: instances, their volumes, serverless requests, data capture."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference import hardware
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.hosting import ASYNC, REALTIME, HostedVariant, Serverless
from cdk_inference.pricing.amounts import HOURS_PER_MONTH, SECONDS_PER_MONTH, Line, Monthly, times
from cdk_inference.pricing.book import PriceBook
from cdk_inference.pricing.price import YOURS, Price
from cdk_inference.pricing.usage import EndpointUsage
from cdk_inference.template import EndpointInTemplate, Unknown

# "An endpoint can scale to and from zero instances only if it hosts inference components." (read 2026-11-29)
_TO_ZERO = "https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html"
_NO_REGION = Unknown("the region is not known; pass --region or set AWS_REGION")
# What SageMaker can choose where a template sets no VolumeSizeInGB: the range of ProductionVariant's member, GB.
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html (botocore 1.44.5)
_VOLUME_GB = (1, 512)
_NO_VOLUME = Unknown("the template sets no VolumeSizeInGB, and whether the type has a volume is not known")
_VOLUME_NOTE = (
    f"the template sets no VolumeSizeInGB, so SageMaker chooses the size: at least {_VOLUME_GB[0]} GB; "
    f"expected and maximum assume {_VOLUME_GB[1]} GB, the API's limit"
)
_NOTHING = EndpointUsage()
# Host:ml.g6e.2xlarge and AsyncInf:ml.g6e.2xlarge were both 2.8026 in the price list of us-east-1 of 2026-09-20.
_ASYNC = "asynchronous: priced as real-time hosting, which costs the same where both prices are known"


def endpoint_lines(endpoint: EndpointInTemplate, book: PriceBook, usage: dict[str, EndpointUsage]) -> Iterator[Line]:
    """A line for each thing that costs. `usage`: variant's name -> usage; "" is that of the endpoint."""
    variants = endpoint.hosted.variants
    if isinstance(variants, Unknown):
        yield _line(endpoint, "instances", "its variants are not known", _all(variants))
        return
    for variant in variants:
        used = usage.get(variant.name) or (usage.get("") if len(variants) == 1 else None) or _NOTHING
        if variant.serverless is not None:
            yield from _serverless_lines(endpoint, variant, variant.serverless, book, used)
        else:
            yield from _instance_lines(endpoint, variant, book, used)
    if endpoint.hosted.capture_percent is not None:
        yield _capture_line(endpoint, book, usage.get("") or _NOTHING)


def _instance_lines(
    endpoint: EndpointInTemplate, variant: HostedVariant, book: PriceBook, used: EndpointUsage
) -> Iterator[Line]:
    region, counts = endpoint.resource.stack.region, variant.instances
    average = _average(endpoint, variant, used)
    prices = [_price(book, kind, region) for kind in variant.types]
    chosen: float | Unknown | None = None
    if used.instance_type is not None and len(prices) > 1:
        chosen = _usd(prices[_chosen(endpoint, variant, used.instance_type)])
    elif len(prices) == 1 or len({_usd(price) for price in prices}) == 1:
        chosen = _usd(prices[0])
    factors = [_usd(price) for price in prices]
    cheapest, most_expensive = _extremes(factors)
    notes = []
    if len(prices) > 1:
        notes.append("from all on the cheapest pool to all on the most expensive")
    if endpoint.hosted.kind is ASYNC:
        notes.append(_ASYNC)
    notes += _not_listed(variant, prices, region)
    notes += _refused_minimum(endpoint, variant)
    expected = _times_month(average, chosen) if chosen is not None or average == 0 else None
    yield _line(
        endpoint,
        "instances",
        f"{_shown(variant)}{counts.in_words} x {_names(variant)}",
        Monthly(
            minimum=_times_month(counts.lowest, cheapest),
            expected=expected,
            maximum=_times_month(counts.highest, most_expensive),
        ),
        prices=tuple(price for price in prices if isinstance(price, Price)),
        notes=tuple(notes),
    )
    volume = _volume_gb(variant)
    if volume is None:
        return
    price = _price(book, "endpoint-storage", region)
    least, most = (size if isinstance(size, Unknown) else _per_volume(size, price) for size in volume)
    size = "a volume" if isinstance(volume[0], Unknown) else " to ".join(str(one) for one in dict.fromkeys(volume))
    yield _line(
        endpoint,
        "storage",
        f"{_shown(variant)}{counts.in_words} x {size}{'' if isinstance(volume[0], Unknown) else ' GB'}",
        Monthly(
            minimum=times(counts.lowest, least), expected=times(average, most), maximum=times(counts.highest, most)
        ),
        prices=(price,) if isinstance(price, Price) else (),
        notes=(_VOLUME_NOTE,) if volume == _VOLUME_GB else (),
    )


def _per_volume(gb: int, price: Price | Unknown) -> float | Unknown:
    return price if isinstance(price, Unknown) else gb * price.usd


def _not_listed(variant: HostedVariant, prices: list[Price | Unknown], region: str | None) -> Iterator[str]:
    """A type may have a public price, of notebooks for example, where it cannot host."""
    for name, price in zip(variant.types, prices, strict=True):
        known = None if isinstance(name, Unknown) else hardware.known(name)
        places = None if known is None else known.regions
        if isinstance(price, Price) and price.kind != YOURS and places is not None and region not in places:
            yield f"{region} does not list {name} for hosting as of {hardware.KNOWLEDGE_DATE}"


def _refused_minimum(endpoint: EndpointInTemplate, variant: HostedVariant) -> Iterator[str]:
    """The API takes a minimum of 0 instances, and SageMaker refuses it unless components or a queue can wait."""
    kind, lowest = endpoint.hosted.kind, variant.instances.lowest
    if kind is REALTIME and lowest == 0 and not endpoint.hosted.components:
        yield f"a minimum of 0: a real-time endpoint scales to zero only if it hosts inference components ({_TO_ZERO})"


def _average(endpoint: EndpointInTemplate, variant: HostedVariant, used: EndpointUsage) -> float | Unknown | None:
    """Returns the average number of instances, from the usage file or else from the template."""
    given, counts = used.average_instances, variant.instances
    if given is None:
        return counts.expected
    low, high = counts.lowest, counts.highest
    if (isinstance(low, int) and given < low) or (isinstance(high, int) and given > high):
        allowed = f"{counts.in_words}, the bounds in the template"
        raise_problems(
            f"usage of {endpoint.hosted.name}", Problem("average_instances", given, allowed, "correct one of the two")
        )
    return given


def _chosen(endpoint: EndpointInTemplate, variant: HostedVariant, instance_type: str) -> int:
    if instance_type not in variant.types:
        problem = Problem("instance_type", instance_type, _names(variant), "name one of the pools")
        raise_problems(f"usage of {endpoint.hosted.name}", problem)
    return variant.types.index(instance_type)


def _volume_gb(variant: HostedVariant) -> tuple[int, int] | tuple[Unknown, Unknown] | None:
    """(smallest, largest) GB of one instance's volume; None if its types have none."""
    if isinstance(variant.volume_gb, Unknown):
        return variant.volume_gb, variant.volume_gb
    if variant.volume_gb is not None:
        return variant.volume_gb, variant.volume_gb
    types = [None if isinstance(name, Unknown) else hardware.known(name) for name in variant.types]
    has = [None if known is None else known.storage_volume for known in types]
    if all(one is False for one in has):
        return None
    return _VOLUME_GB if all(has) else (_NO_VOLUME, _NO_VOLUME)


def _serverless_lines(
    endpoint: EndpointInTemplate, variant: HostedVariant, serverless: Serverless, book: PriceBook, used: EndpointUsage
) -> Iterator[Line]:
    region, memory = endpoint.resource.stack.region, serverless.memory_mb
    size: str | Unknown = memory if isinstance(memory, Unknown) else f"{memory // 1024}gb"
    if not isinstance(memory, Unknown) and (memory == 0 or memory % 1024):
        size = Unknown(f"MemorySizeInMB is {memory}, no multiple of 1024")
    price = size if isinstance(size, Unknown) else _price(book, f"serverless-{size}", region)
    seconds = None
    if used.requests_per_month is not None and used.seconds_per_request is not None:
        seconds = used.requests_per_month * used.seconds_per_request
    if serverless.provisioned is not None:
        price = Unknown("requests served by provisioned concurrency have a separate price, which is unknown")
    most = serverless.max_concurrency
    busy = most if isinstance(most, Unknown) else most * SECONDS_PER_MONTH
    words = "serverless" if isinstance(memory, Unknown) else f"serverless, {memory} MB"
    yield _line(
        endpoint,
        "serverless",
        f"{_shown(variant)}{words}",
        Monthly(minimum=0.0, expected=times(seconds, _usd(price)), maximum=times(busy, _usd(price))),
        prices=(price,) if isinstance(price, Price) else (),
        notes=("from no requests to MaxConcurrency concurrent requests, all month",),
    )
    kept = serverless.provisioned
    if kept is None:
        return
    warm = size if isinstance(size, Unknown) else _price(book, f"serverless-provisioned-{size}", region)
    usd = _usd(warm)
    month = usd if isinstance(usd, Unknown) else usd * SECONDS_PER_MONTH
    yield _line(
        endpoint,
        "provisioned concurrency",
        f"{_shown(variant)}{kept.in_words} kept warm",
        Monthly(
            minimum=times(kept.lowest, month), expected=times(kept.expected, month), maximum=times(kept.highest, month)
        ),
        prices=(warm,) if isinstance(warm, Price) else (),
    )


def _capture_line(endpoint: EndpointInTemplate, book: PriceBook, used: EndpointUsage) -> Line:
    price = _price(book, "s3-standard-storage", endpoint.resource.stack.region)
    percent = endpoint.hosted.capture_percent
    words = "" if isinstance(percent, Unknown) else f" of {percent} % of requests"
    if used.captured_gb_per_month is None:
        amount = _all(Unknown("the amount of captured data is not set (captured_gb_per_month in the usage file)"))
    else:
        usd = times(used.captured_gb_per_month, _usd(price))
        amount = Monthly(minimum=usd, expected=usd, maximum=usd)
        words += f", {used.captured_gb_per_month:g} GB"
    prices = (price,) if isinstance(price, Price) and not isinstance(amount.minimum, Unknown) else ()
    return _line(endpoint, "data capture", f"data capture{words}", amount, prices=prices, notes=_CAPTURE)


_CAPTURE = ("storage of one month's capture for one month; S3 requests are not included",)


def _line(
    endpoint: EndpointInTemplate,
    kind: str,
    what: str,
    monthly: Monthly,
    prices: tuple[Price, ...] = (),
    notes: tuple[str, ...] = (),
) -> Line:
    exists = endpoint.resource.exists
    if isinstance(exists, Unknown):
        monthly = _all(Unknown(f"whether it is created is unknown: {exists.reason}"))
    stack = endpoint.resource.stack
    return Line(
        stack=stack.name,
        region=stack.region,
        resource=endpoint.hosted.name,
        kind=kind,
        what=what,
        monthly=monthly,
        logical_id=endpoint.resource.logical_id,
        prices=prices,
        notes=notes,
    )


def _all(why: Unknown) -> Monthly:
    return Monthly(minimum=why, expected=why, maximum=why)


def _price(book: PriceBook, item: str | Unknown, region: str | None) -> Price | Unknown:
    if isinstance(item, Unknown):
        return item
    return _NO_REGION if region is None else book.look_up(item, region)


def _usd(price: Price | Unknown) -> float | Unknown:
    return price if isinstance(price, Unknown) else price.usd


def _times_month(count: float | Unknown | None, usd: float | Unknown | None) -> float | Unknown | None:
    return times(count, usd if isinstance(usd, Unknown) else (usd or 0.0) * HOURS_PER_MONTH)


def _extremes(values: list[float | Unknown]) -> tuple[float | Unknown, float | Unknown]:
    unknown = next((value for value in values if isinstance(value, Unknown)), None)
    if unknown is not None:
        return unknown, unknown
    known = [value for value in values if not isinstance(value, Unknown)]
    return min(known), max(known)


def _shown(variant: HostedVariant) -> str:
    return f"{'shadow ' if variant.shadow else ''}{variant.name}: "


def _names(variant: HostedVariant) -> str:
    names = ["an unknown type" if isinstance(name, Unknown) else name for name in variant.types]
    return " or ".join(names)
