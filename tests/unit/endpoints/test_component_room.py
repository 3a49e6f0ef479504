"""Whether copies can be placed: never refused where they fit, and refused where that is certain."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as some

from cdk_inference.endpoints import Resources
from cdk_inference.endpoints.component_spec import CopyDemand, copy_problems, degree_problem, room_problem
from cdk_inference.hardware import InstanceType, lookup
from tests.each import each

G6 = lookup("ml.g6.12xlarge")  # 4 GPUs, 48 vCPUs, 192 GiB
INF2 = lookup("ml.inf2.48xlarge")  # 12 devices, 24 NeuronCores


def demand(copies: int, *on: tuple[InstanceType, int], name: str = "a", **resources: Any) -> CopyDemand:
    reserved = {"memory_mb": 128, **resources}
    pairs = tuple((hardware, Resources(accelerators=count, **reserved)) for hardware, count in on)
    return CopyDemand(component_name=name, copies=copies, on=pairs)


def fits(sizes: list[int], free: list[int]) -> bool:
    """Whether parts of these sizes go into bins with so much room, by trying everything."""
    if not sizes:
        return True
    first, rest = sizes[0], sizes[1:]
    return any(
        fits(rest, [room - first if other == place else room for other, room in enumerate(free)])
        for place in range(len(free))
        if free[place] >= first
    )


@given(some.lists(some.tuples(some.integers(1, 4), some.integers(0, 3)), min_size=1, max_size=4), some.integers(1, 3))
def test_what_can_be_placed_is_never_refused(wanted: list[tuple[int, int]], instances: int) -> None:
    sizes = sorted((size for size, copies in wanted for _ in range(copies)), reverse=True)
    problem = room_problem([demand(copies, (G6, size)) for size, copies in wanted], instances, "max_instances")
    if fits(sizes, [4] * instances):
        assert problem is None
    if sum(sizes) > 4 * instances:
        assert problem is not None


@each(
    ("demands", "instances", "refused"),
    [
        ([demand(8, (G6, 1))], 2, False),
        ([demand(9, (G6, 1))], 2, True),
        # 3 of 4 GPUs: no two on one instance, though the sum is 6 of 8.
        ([demand(2, (G6, 3))], 2, False),
        # Three instances have the 12 GPUs of four such copies, and no place for the fourth.
        ([demand(4, (G6, 3))], 3, True),
        # Half an instance each: two on each.
        ([demand(4, (G6, 2))], 2, False),
        ([demand(0, (G6, 4))], 1, False),
        # Where one type can hold more copies, nothing is certain before it is full too.
        ([demand(8, (G6, 4), (lookup("ml.g6.48xlarge"), 1))], 1, False),
        ([demand(9, (G6, 4), (lookup("ml.g6.48xlarge"), 1))], 1, True),
    ],
)
def test_accelerators(demands: list[CopyDemand], instances: int, refused: bool) -> None:
    assert (room_problem(demands, instances, "max_instances") is not None) is refused


def test_the_message() -> None:
    keep = [demand(3, (G6, 1), name="chat"), demand(6, (G6, 1), name="sums"), demand(0, (G6, 1), name="rests")]
    assert str(room_problem(keep, 2, "max_instances")) == (
        "resources.accelerators: got '3 instances for the accelerators of the copies that chat, sums keep'; allowed: 2, "
        "the endpoint's max_instances; fix: raise max_instances, or lower minimum copies or what they reserve"
    )


def test_memory_and_processors_count_too() -> None:
    # 192 GiB are 196608 MB.
    memory = [demand(4, (G6, 1), memory_mb=49153)]
    assert str(room_problem(memory, 1, "instances")).startswith("resources.memory_mb: got '2 instances for the MB of ")
    assert room_problem([demand(4, (G6, 1), memory_mb=49152)], 1, "instances") is None
    cores = [demand(3, (G6, 1), cpu_cores=16.25)]
    assert str(room_problem(cores, 1, "instances")).startswith(
        "resources.cpu_cores: got '2 instances for the vCPUs of "
    )
    assert room_problem([demand(3, (G6, 1), cpu_cores=16)], 1, "instances") is None


def test_what_is_known_at_deployment_only_is_let_through() -> None:
    later = -1.8881545897087626e289
    assert room_problem([demand(99, (G6, 4))], later, "max_instances") is None  # type: ignore[arg-type]
    assert room_problem([demand(99, (G6, 1), memory_mb=later)], 99, "max_instances") is None


@each(
    ("hardware", "reserved", "messages"),
    [
        ("ml.c7g.xlarge", {}, []),
        (
            "ml.c7g.xlarge",
            {"accelerators": 1},
            [
                "resources.accelerators: got 1; allowed: None, since ml.c7g.xlarge has no accelerators; fix: leave "
                "accelerators out, or choose hardware that has some"
            ],
        ),
        (
            "ml.c7g.xlarge",
            {"memory_mb": 8193, "cpu_cores": 4.5},
            [
                "resources.cpu_cores: got 4.5; allowed: up to 4: ml.c7g.xlarge has 4 vCPUs; fix: reserve less, or choose "
                "larger hardware",
                "resources.memory_mb: got 8193; allowed: up to 8192: ml.c7g.xlarge has 8192 MB of memory; fix: reserve "
                "less, or choose larger hardware",
            ],
        ),
        ("ml.g6.12xlarge", {"accelerators": 4, "memory_mb": 196608, "cpu_cores": 48}, []),
        # Devices or cores: 24 cores can be right, 25 of anything cannot.
        ("ml.inf2.48xlarge", {"accelerators": 24, "allow_untested": True}, []),
        (
            "ml.inf2.48xlarge",
            {"accelerators": 25, "allow_untested": True},
            [
                "resources.accelerators: got 25; allowed: up to 24: ml.inf2.48xlarge has 24 accelerators; fix: reserve "
                "less, or choose larger hardware"
            ],
        ),
    ],
)
def test_one_copy_on_one_type(hardware: str, reserved: dict[str, Any], messages: list[str]) -> None:
    resources = Resources(**{"memory_mb": 128, **reserved})
    assert [str(one) for one in copy_problems(resources, lookup(hardware))] == messages


@each(
    ("hardware", "accelerators", "degree", "fits"),
    [
        (G6, 2, 2, True),
        (G6, 2, 4, False),
        # Two NeuronCores a device.
        (INF2, 1, 2, True),
        (INF2, 1, 4, False),
        (INF2, 4, 8, True),
        (G6, None, 4, True),
        (G6, 1, None, True),
    ],
)
def test_the_degree_against_what_a_copy_has(
    hardware: InstanceType, accelerators: int | None, degree: int | None, fits: bool
) -> None:
    resources = Resources(memory_mb=128, accelerators=accelerators)
    assert (degree_problem(degree, resources, hardware) is None) is fits
