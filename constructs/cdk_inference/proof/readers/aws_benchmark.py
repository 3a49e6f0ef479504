"""Reads the archive of SageMaker's benchmark job (CreateAIBenchmarkJob): output.tar.gz with AIPerf's files in it.

AWS's SDK (sagemaker-serve 1.27.0) reads profile_export_aiperf.json out of it. Whether the archive holds the requests as
well was not seen; where it does not, the block has the summary's percentiles and nothing that a fairness check needs.
"""

from __future__ import annotations

import tarfile
import tempfile
from pathlib import Path

from cdk_inference.proof.block import Block
from cdk_inference.proof.readers.aiperf import LINES, SUMMARY, read_aiperf
from cdk_inference.proof.readers.imported import Imported, Place, bad, json_object, number
from cdk_inference.proof.step import PERCENTS, Step

SWEEP = "search_history.json"
_SIZE_MAX = 2**30
_NAMES = {"ttft": "time_to_first_token", "latency": "request_latency"}


def read_aws_benchmark(
    archive: Path, place: Place, seen: set[str], *, rate: float | None = None, at_once: int | None = None
) -> Imported:
    """Returns the block in `archive`. Raises ConfigurationError. Arguments: see `read_aiperf`."""
    try:
        with tarfile.open(archive) as opened:
            members = {Path(one.name).name: one for one in opened.getmembers() if one.isfile() and one.size < _SIZE_MAX}
            files = {name: opened.extractfile(one) for name, one in members.items()}
            contents = {name: found.read() for name, found in files.items() if found is not None and name in _WANTED}
    except (OSError, tarfile.TarError, EOFError) as error:
        bad(archive, str(error), "a tar archive that can be read")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, content in contents.items():
            (folder / file).write_bytes(content)
        if LINES in contents:
            return read_aiperf(folder, place, seen, rate=rate, at_once=at_once)
        summary = json_object(folder / SUMMARY)
    if summary is None:
        got = f"a sweep ({SWEEP})" if SWEEP in members else ", ".join(sorted(members)) or "an empty archive"
        bad(archive, got, f"an archive with {SUMMARY}, of a job with one load")
    goodput, succeeded = number(summary, "request_throughput", "avg"), number(summary, "request_count", "avg")
    if goodput is None or succeeded is None or (rate is None and at_once is None):
        bad(
            archive,
            "a summary without throughput, or a load that is unknown",
            "both, and rate or at_once as it was run",
        )
    failed = int(number(summary, "error_request_count", "avg") or 0)
    notes = ["the archive has no requests: order, lateness, prompts and warm-up cannot be checked"]
    latencies = {
        f"{short} p{percent:g}": value / 1000
        for short, long in _NAMES.items()
        for percent in PERCENTS
        if failed == 0 and (value := number(summary, long, f"p{percent:g}")) is not None
    }
    if failed:
        notes.append(f"{failed} requests failed; the percentiles leave them out, so they are not used")
    step = Step(
        rate=rate,
        at_once=at_once,
        requests=int(succeeded) + failed,
        goodput=goodput,
        latencies=latencies,
        failed={"error": failed} if failed else {},
        tokens_in=number(summary, "usage_prompt_tokens", "avg"),
        tokens_out=number(summary, "usage_completion_tokens", "avg"),
    )
    block = Block(
        candidate=place.candidate, pair=place.pair, position=place.position, steps=(step,), source=str(archive)
    )
    return Imported(block=block, notes=tuple(notes))


_WANTED = (LINES, SUMMARY, "inputs.json")
