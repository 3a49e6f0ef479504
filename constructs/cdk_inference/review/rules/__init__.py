"""The rules by topic, one in each module: its `RULE`. A module that is put into one of the folders is a rule.

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

_TOPICS = ("updates", "data", "cost", "access", "protection")


@functools.cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule of every topic, by id."""
    topics = [importlib.import_module(f"{__name__}.{topic}") for topic in _TOPICS]
    modules = [f"{topic.__name__}.{module.name}" for topic in topics for module in pkgutil.iter_modules(topic.__path__)]
    return tuple(sorted((importlib.import_module(module).RULE for module in modules), key=lambda rule: rule.id))
