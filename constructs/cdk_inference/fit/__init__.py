"""Memory of a model on an instance type: weights, cache, and the engine's own share.

Plain Python without aws_cdk or boto3. `judge(workload, lookup("ml.g6.xlarge"), 1)` gives a `Verdict`: fits, tight or
does not fit, with the memory to spare. `problems()` says what is wrong and names the smallest types that hold the
workload; `smallest_types()` gives them all. The sums, worked by hand, and what they leave out: docs/fit.md.
"""

from cdk_inference.fit.architecture import Architecture
from cdk_inference.fit.chips import parts_of
from cdk_inference.fit.config_json import architecture_from_config, precision_from_config
from cdk_inference.fit.engines import NEURON, SGLANG, TGI, VLLM, Engine
from cdk_inference.fit.fit import best_degree, problems, smallest_types
from cdk_inference.fit.lent import Lent, lend
from cdk_inference.fit.memory import Memory, Workload, kv_cache_gb, memory_needed, weights_gb
from cdk_inference.fit.parts import Experts, RecurrentState, VisionEncoder, Window
from cdk_inference.fit.precision import KV_PRECISIONS, PRECISIONS, Precision
from cdk_inference.fit.published import PUBLISHED, PUBLISHED_MODELS, PublishedModel
from cdk_inference.fit.verdict import Settings, Verdict, judge, judge_weights, longest_request, tokens_that_fit

__all__ = [
    "KV_PRECISIONS",
    "NEURON",
    "PRECISIONS",
    "PUBLISHED",
    "PUBLISHED_MODELS",
    "SGLANG",
    "TGI",
    "VLLM",
    "Architecture",
    "Engine",
    "Experts",
    "Lent",
    "Memory",
    "Precision",
    "PublishedModel",
    "RecurrentState",
    "Settings",
    "Verdict",
    "VisionEncoder",
    "Window",
    "Workload",
    "architecture_from_config",
    "best_degree",
    "judge",
    "judge_weights",
    "kv_cache_gb",
    "lend",
    "longest_request",
    "memory_needed",
    "parts_of",
    "precision_from_config",
    "problems",
    "smallest_types",
    "tokens_that_fit",
    "weights_gb",
]
