"""What a comparison may cost: dollars by the prices of the candidates, refused before they are spent."""

from __future__ import annotations

import math
from collections.abc import Sequence

from cdk_inference.core.unknown import Unknown
from cdk_inference.proof.candidate import HourlyPrice, PricePerToken
from cdk_inference.proof.candidate_spec import CandidateSpec
from cdk_inference.proof.folder import Results
from cdk_inference.proof.recording import Recording
from cdk_inference.proof.request import Request
from cdk_inference.proof.spec import Spec

# A token is taken for two characters when a block is planned: more tokens than any common tokenizer makes of prose.
CHARACTERS_PER_TOKEN = 2


class Budget:
    """Counts dollars. The instances of all candidates run while one of them is measured, so each block pays for all.

    unknown: why there is no sum, "" if there is.
    """

    def __init__(self, spec: Spec, earlier: Results) -> None:
        missing = [(one.name, one.candidate.price) for one in spec.candidates]
        self.unknown = "; ".join(f"{name}: {price.reason}" for name, price in missing if isinstance(price, Unknown))
        self._spec, self._limit = spec, spec.max_usd
        hourly = (one.candidate.price for one in spec.candidates)
        self._per_second = math.fsum(one.usd_per_second for one in hourly if isinstance(one, HourlyPrice))
        self._blocks = [one.usd for one in earlier.recordings if one.usd is not None]
        self.spent = math.fsum([*self._blocks, *map(self._interrupted, earlier.interrupted)])

    def refuses(self, candidate: CandidateSpec) -> str | None:
        """Returns why the next block must not begin, or None."""
        if self._limit is None:
            return None
        expected = max(self._blocks, default=self._planned(candidate))
        if self.spent + expected <= self._limit:
            return None
        spent = f"${self.spent:.4g} spent, the next block would cost about ${expected:.4g}"
        return f"max_usd {self._limit:g} would be exceeded: {spent}"

    def seconds_left(self) -> float | None:
        """Returns the seconds until the limit, by the hourly prices; None: no limit."""
        if self._limit is None or not self._per_second:
            return None
        return max(0.0, self._limit - self.spent) / self._per_second

    def cost(self, candidate: CandidateSpec, seconds: float, requests: Sequence[Request]) -> float | None:
        """Returns what a block cost; None where a price is unknown."""
        if self.unknown:
            return None
        return self._per_second * seconds + _tokens(candidate.candidate.price, requests)

    def add(self, usd: float | None) -> None:
        """Adds what a block cost."""
        if usd is not None:
            self.spent += usd
            self._blocks.append(usd)

    def _interrupted(self, recording: Recording) -> float:
        ends = [one.end for one in recording.requests if one.end is not None]
        return self._per_second * max(ends, default=0.0) + _tokens(recording.candidate.price, recording.requests)

    def _planned(self, candidate: CandidateSpec) -> float:
        count = self._spec.requests_per_step
        seconds = math.fsum(count / rate for rate in candidate.rates)
        price = candidate.candidate.price
        if not isinstance(price, PricePerToken):
            return self._per_second * seconds
        requests = count * (len(candidate.rates) + len(self._spec.at_once)) + self._spec.warm_up_requests
        prompt = max(map(len, self._spec.prompts)) / CHARACTERS_PER_TOKEN
        usd = prompt * price.usd_per_million_input + self._spec.max_tokens * price.usd_per_million_output
        return self._per_second * seconds + requests * usd / 1e6


def _tokens(price: object, requests: Sequence[Request]) -> float:
    if not isinstance(price, PricePerToken):
        return 0.0
    counted = ((one.tokens_in or 0) * price.usd_per_million_input for one in requests)
    answered = ((one.tokens_out or 0) * price.usd_per_million_output for one in requests)
    return (math.fsum(counted) + math.fsum(answered)) / 1e6
