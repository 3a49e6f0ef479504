"""docs/fit.md: its tables of terms, engines and memory come from the code that computes them.

The words are in fit.md beside this file.
"""

from __future__ import annotations

from pathlib import Path

from cdk_inference.fit.chips import OFFERED
from cdk_inference.fit.engines import NEURON, SGLANG, TGI, VLLM
from cdk_inference.fit.terms import LOGS, TERMS
from scripts.docs._markdown import NOTE, table

PROSE = Path(__file__).with_name("fit.md")


def page() -> str:
    """The whole page."""
    return PROSE.read_text(encoding="utf-8").format(
        note=NOTE,
        terms="".join(f"| {term.name} | {term.rule} |\n" for term in TERMS),
        term_sources="".join(f"- {term.name}: {term.source.replace(LOGS, 'the logs')}.\n" for term in TERMS),
        logs=LOGS,
        engines="".join(f"- {engine.name}: {engine.source}.\n" for engine in (VLLM, SGLANG, TGI, NEURON)),
        offered=table(
            ("GPU", "nominal GiB", "reported GiB", "source"),
            ((name, gib, offered.gib, offered.source) for (name, gib), offered in OFFERED.items()),
        ),
    )
