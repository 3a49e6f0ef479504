"""How the start-up time-outs come about: sums by hand, and what holds for every model and every type."""

from __future__ import annotations

import dataclasses
import math

from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.hardware import InstanceType, instance_types, lookup
from cdk_inference.serving import (
    CompilesAtStart,
    DjlNeuron,
    S3Archive,
    S3Model,
    StartupTimeouts,
    Vllm,
    startup_timeouts,
)
from cdk_inference.serving.startup_sum import StartupSum, longest_start
from tests.each import each
from tests.unit.serving.made_presets import made

GPU = lookup("ml.g6.2xlarge")  # 5 Gbit/s = 625 MB/s, local NVMe
SIZES = st.floats(min_value=0, max_value=100_000, exclude_min=True) | st.integers(min_value=1, max_value=100_000)
HARDWARE = st.sampled_from(instance_types())


def files(size_gb: float) -> S3Model:
    return S3Model(prefix="a/", size_gb=size_gb)


def archive(size_gb: float, unpacked_gb: float) -> S3Archive:
    return S3Archive(key="a.tar.gz", size_gb=size_gb, unpacked_gb=unpacked_gb)


def of(model: S3Model | S3Archive, hardware: str | InstanceType = GPU) -> StartupSum:
    return StartupSum(model=model, hardware=lookup(hardware) if isinstance(hardware, str) else hardware)


@each(
    ("model", "download", "container"),
    [
        (files(0.001), 60, 601),  # 0.01 s
        (files(0.5), 60, 606),  # 5.9 s
        (files(5.1), 60, 660),  # 60 s exactly
        (files(5.2), 62, 662),  # 61.2 s
        (files(16.1), 190, 790),  # 189.4 s
        (files(140), 1648, 2248),  # 1647.1 s
        (files(255), 3000, 3600),  # 3000 s exactly
        (files(256), 3012, 3600),  # 3011.8 s, and 3612 for the container
        (files(306), 3600, 3600),  # 3600 s exactly
        (files(307), 3600, 3600),  # 3611.8 s
        (files(100_000), 3600, 3600),
        (archive(0.4, 0.5), 60, 611),  # 10.6 s
        (archive(10, 15), 295, 895),  # 294.1 s
    ],
    ids=lambda value: f"{value.disk_gb:g} GB" if not isinstance(value, int) else None,
)
def test_time_outs_by_hand(model: S3Model | S3Archive, download: int, container: int) -> None:
    assert startup_timeouts(model, GPU) == StartupTimeouts(download_seconds=download, container_seconds=container)


@each(
    ("hardware", "mb_per_second", "bound", "seconds"),
    [
        ("ml.g6.2xlarge", 85, "one S3 connection", 118),  # 117.6 s
        ("ml.p5.48xlarge", 85, "one S3 connection", 118),
        ("ml.inf2.xlarge", 85, "one S3 connection", 118),
        ("ml.p3.2xlarge", 85, "one S3 connection", 118),  # nothing is known of it
        ("ml.t2.medium", 32, "its network's baseline", 313),  # 0.256 Gbit/s; 312.5 s
        ("ml.t2.large", 64, "its network's baseline", 157),  # 0.512 Gbit/s; 156.3 s
        ("ml.m5.large", 81.25, "its baseline to a storage volume", 124),  # 123.1 s; network 93.75 MB/s
        ("ml.c8g.medium", 39.375, "its baseline to a storage volume", 254),  # 254.0 s; network 65 MB/s
        ("ml.c4.large", 62.5, "its baseline to a storage volume", 160),  # 160 s exactly; network 78.125 MB/s
        ("ml.r7gd.medium", 65, "its network's baseline", 154),  # 153.8 s; EBS 39.375 MB/s, but it has NVMe
    ],
)
def test_the_slowest_thing_on_the_way_decides(hardware: str, mb_per_second: float, bound: str, seconds: int) -> None:
    found = of(files(10), hardware)
    assert found.speed == (mb_per_second, bound)
    assert (found.download_seconds, found.container_seconds) == (seconds, 600 + seconds)


def test_only_small_cpu_types_are_slower_than_one_connection() -> None:
    slower = [known for known in instance_types() if of(files(1), known).speed.mb_per_second < 85]
    assert {known.kind for known in slower} == {"cpu"}
    assert {known.size for known in slower} == {"medium", "large"}


@each(
    ("model", "hardware", "text"),
    [
        (
            files(16.1),
            "ml.g6.2xlarge",
            "ml.g6.2xlarge: 16.1 GB / 85 MB/s (one S3 connection) = 190 s to download; 600 s + 190 s until the container "
            "answers",
        ),
        (
            archive(3, 4),
            "ml.t2.medium",
            "ml.t2.medium: 7 GB (archive and files) / 32 MB/s (its network's baseline) = 219 s to download; 600 s + 219 s "
            "until the container answers",
        ),
        (
            files(0.5),
            "ml.inf2.xlarge",
            "ml.inf2.xlarge: 0.5 GB / 85 MB/s (one S3 connection) = 6 s to download; 600 s + 6 s until the container "
            "answers; SageMaker takes 60 to 3600 s, so 60 s and 606 s",
        ),
        (
            files(400),
            "ml.p5.48xlarge",
            "ml.p5.48xlarge: 400 GB / 85 MB/s (one S3 connection) = 4706 s to download; 600 s + 4706 s until the "
            "container answers; SageMaker takes 60 to 3600 s, so 3600 s and 3600 s",
        ),
    ],
)
def test_the_sum_is_shown(model: S3Model | S3Archive, hardware: str, text: str) -> None:
    assert startup_timeouts(model, lookup(hardware)).explained == text


def test_a_sum_beyond_the_limit_is_a_warning() -> None:
    assert of(files(255)).limit_warning() is None
    assert of(files(256), "ml.p5.48xlarge").limit_warning() == (
        "cdk-inference:startup-limit",
        "The model may not be up within SageMaker's longest time-out of 3600 s: ml.p5.48xlarge: 256 GB / 85 MB/s (one S3 "
        "connection) = 3012 s to download, 3612 s to start. It fits from 86 MB/s on, and AWS does not document how fast SageMaker downloads: if you have seen it fit, write startup=StartupTimeouts(download_seconds=3600, container_seconds=3600); "
        "else use a smaller (quantized) model. "
        "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html",
    )


def test_the_warning_names_every_way_out() -> None:
    found = of(archive(60, 70), "ml.m5.large").limit_warning()  # 1600 s
    assert found is None
    found = of(archive(120, 130), "ml.m5.large").limit_warning()
    assert found is not None
    assert found[1] == (
        "The model may not be up within SageMaker's longest time-out of 3600 s: ml.m5.large: 250 GB (archive and files) "
        "/ 81.25 MB/s (its baseline to a storage volume) = 3077 s to download, 3677 s to start. It fits from 84 MB/s on, "
        "and AWS does not document how fast SageMaker downloads: if you have seen it fit, write startup=StartupTimeouts(download_seconds=3600, container_seconds=3600); else use a smaller (quantized) model, or "
        "keep the files unpacked (S3Model), which spares the archive, or choose hardware that is faster there. "
        "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html"
    )


@given(SIZES, HARDWARE)
def test_time_outs_keep_to_the_limits_and_the_sum(size_gb: float, hardware: InstanceType) -> None:
    found, timeouts = of(files(size_gb), hardware), startup_timeouts(files(size_gb), hardware)
    assert 60 <= timeouts.download_seconds <= 3600
    assert 600 <= timeouts.container_seconds <= 3600
    fits = found.container_seconds <= 3600
    assert (found.limit_warning() is None) == fits
    if fits:
        assert timeouts.download_seconds >= found.download_seconds
        assert timeouts.container_seconds == found.container_seconds


@given(SIZES, HARDWARE)
def test_no_bound_that_is_known_is_assumed_faster(size_gb: float, hardware: InstanceType) -> None:
    seconds = of(files(size_gb), hardware).download_seconds
    slack = 1 - 1e-12
    assert seconds * 85 >= size_gb * 1000 * slack
    if hardware.network_gbps is not None:
        assert seconds * hardware.network_gbps * 125 >= size_gb * 1000 * slack
    if hardware.storage_volume and hardware.ebs_mb_per_second is not None:
        assert seconds * hardware.ebs_mb_per_second >= size_gb * 1000 * slack


@given(SIZES, SIZES, HARDWARE)
def test_a_larger_model_never_gets_less_time(one: float, other: float, hardware: InstanceType) -> None:
    small, large = (startup_timeouts(files(size), hardware) for size in sorted((one, other)))
    assert small.download_seconds <= large.download_seconds
    assert small.container_seconds <= large.container_seconds


@given(SIZES, st.floats(min_value=0.001, max_value=3200), st.floats(min_value=0.001, max_value=3200))
def test_a_slower_network_never_gets_less_time(size_gb: float, one: float, other: float) -> None:
    slow, fast = (dataclasses.replace(GPU, network_gbps=gbps) for gbps in sorted((one, other)))
    unknown = dataclasses.replace(GPU, network_gbps=None)
    model = files(size_gb)
    assert of(model, slow).download_seconds >= of(model, fast).download_seconds
    assert of(model, fast).download_seconds >= of(model, unknown).download_seconds == math.ceil(size_gb * 1000 / 85)


@given(st.lists(st.tuples(SIZES, HARDWARE), min_size=1, max_size=5))
def test_the_slowest_of_several_suffices_for_each(pairs: list[tuple[float, InstanceType]]) -> None:
    servers = [(made(Vllm, model=files(size_gb)), hardware) for size_gb, hardware in pairs]
    longest, warning = longest_start(servers)
    sums = [of(server.model, hardware) for server, hardware in servers]
    assert longest.download_seconds == max(one.timeouts.download_seconds for one in sums)
    assert longest.container_seconds == max(one.timeouts.container_seconds for one in sums)
    assert (warning is None) == all(one.limit_warning() is None for one in sums)


def test_the_one_that_compiles_and_the_one_that_downloads_longest_both_get_their_time() -> None:
    compiling = made(DjlNeuron, model=files(8.5), compilation=CompilesAtStart(reason="a test", seconds=900))
    large = made(Vllm, model=files(17))
    timeouts, warning = longest_start([(compiling, GPU), (large, GPU)])
    # 8.5 GB / 85 MB/s = 100 s, 17 GB / 85 MB/s = 200 s; 600 + 100 + 900 = 1600 s, 600 + 200 = 800 s.
    assert timeouts == StartupTimeouts(download_seconds=200, container_seconds=1600)
    assert warning is None
