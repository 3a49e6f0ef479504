"""Refreshes constructs/cdk_inference/fit/published.json from config.json files of model pages.

    python scripts/published_models.py FOLDER --as-of 2026-11-29

FOLDER holds <owner>--<name>.json, each the config.json of https://huggingface.co/<owner>/<name> as downloaded. A model
that the table has is replaced, another is added; only fields that the sums read are kept. The command prints what
changed, and refuses a file that the sums do not describe.
"""

from __future__ import annotations

import argparse
import datetime
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cdk_inference.fit.config_json import architecture_from_config, precision_from_config

TABLE = Path(__file__).resolve().parent.parent / "constructs" / "cdk_inference" / "fit" / "published.json"
SECTIONS = ("text_config", "vision_config", "quantization_config")
FIELDS = frozenset(
    {"attention_bias", "attention_chunk_size", "attn_output_gate", "decoder_sparse_step", "depth", "dtype"}
    | {"first_k_dense_replace", "full_attention_interval", "head_dim", "hidden_size", "interleave_moe_layer_step"}
    | {"intermediate_size", "intermediate_size_mlp", "kv_lora_rank", "linear_conv_kernel_dim", "linear_key_head_dim"}
    | {"linear_num_key_heads", "linear_num_value_heads", "linear_value_head_dim", "max_position_embeddings"}
    | {"mlp_only_layers", "model_type", "moe_intermediate_size", "moe_layer_freq", "n_routed_experts"}
    | {"n_shared_experts", "num_attention_heads", "num_experts", "num_experts_per_tok", "num_hidden_layers"}
    | {"num_key_value_heads", "num_local_experts", "patch_size", "q_lora_rank", "qk_nope_head_dim", "qk_rope_head_dim"}
    | {"quant_method", "shared_expert_intermediate_size", "sliding_window", "sliding_window_pattern"}
    | {"tie_word_embeddings", "torch_dtype", "v_head_dim", "vocab_size", "weight_block_size"}
)


def trimmed(config: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a config.json that the sums read, in alphabetical order."""
    kept = {key: value for key, value in config.items() if key in FIELDS and value not in (None, [], {})}
    kept |= {key: trimmed(config[key]) for key in SECTIONS if isinstance(config.get(key), Mapping)}
    return dict(sorted(kept.items()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--as-of", type=datetime.date.fromisoformat, required=True, help="day of the download")
    chosen = parser.parse_args()
    table = json.loads(TABLE.read_text()) if TABLE.exists() else {}
    for path in sorted(chosen.folder.glob("*--*.json")):
        name = path.stem.replace("--", "/", 1)
        config = trimmed(json.loads(path.read_text()))
        architecture = architecture_from_config(config)
        changed = table.get(name, {}).get("config") != config
        table[name] = {"as_of": str(chosen.as_of), "config": config}
        state = "changed" if changed else "as before"
        print(f"{name}: {architecture.parameters:,} parameters, {precision_from_config(config)}, {state}")
    TABLE.write_text(json.dumps(dict(sorted(table.items(), key=lambda one: one[0].lower())), indent=1) + "\n")


if __name__ == "__main__":
    main()
