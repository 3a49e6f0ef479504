"""Whether a model fits an instance type: weights and KV cache against the memory of each GPU or NeuronCore.

Plain Python without aws_cdk or boto3. `problems(workload, lookup("ml.g6.xlarge"), 1)` says what is wrong and names the
smallest types that hold the workload; `smallest_types(workload)` gives them all. The sums, worked by hand, and what
they leave out: docs/fit.md.
"""

from cdk_inference.fit.architecture import Architecture
from cdk_inference.fit.chips import parts_of
from cdk_inference.fit.fit import problems, smallest_types
from cdk_inference.fit.memory import Memory, Workload, kv_cache_gb, memory_needed, weights_gb
from cdk_inference.fit.precision import KV_PRECISIONS, PRECISIONS, Precision
from cdk_inference.fit.published import PUBLISHED

__all__ = [
    "KV_PRECISIONS",
    "PRECISIONS",
    "PUBLISHED",
    "Architecture",
    "Memory",
    "Precision",
    "Workload",
    "kv_cache_gb",
    "memory_needed",
    "parts_of",
    "problems",
    "smallest_types",
    "weights_gb",
]
