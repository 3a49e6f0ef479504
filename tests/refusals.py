"""What a refused value says, and numbers and texts that are known at deployment only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cdk_inference.core.errors import ConfigurationError

# What the CDK puts in the place of a number and of a text until it writes the template.
NUMBER_TOKEN: Any = -1.8881545897087626e289
TEXT_TOKEN: Any = "${Token[TOKEN.12]}"


def refusal_of(make: Callable[..., object], *arguments: Any, **named: Any) -> str:
    """The message of the error that `make` raises."""
    with pytest.raises(ConfigurationError) as caught:
        make(*arguments, **named)
    return str(caught.value)
