"""The rules, one in each module: its `RULE`. A module that is put here is a rule of the review.

`check` goes through `pair.of("AWS::...")` and looks at `resource.before` and `resource.after` (either may be None):
`.get("Property", ...)` is evaluated, `Unknown` where it is not known before a deployment. It yields
`resource.hit(what, means, safe)`. The module is called as the rule's id, with underscores; its cases are in
tests/data/review/<id>.yaml: one that violates, one that passes, one near miss.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil

from cdk_inference.review.rule import Rule


@functools.cache
def rules() -> tuple[Rule, ...]:
    """Every rule, by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(importlib.import_module(f"{__name__}.{name}").RULE for name in names)
