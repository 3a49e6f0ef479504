"""A value for each construct, worked out once and forgotten with the construct."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


class PerConstruct(Generic[Value]):
    """Values by construct; references are weak, so that apps in tests go away.

    Args:
        make: Makes the value of a construct at its first use. The value must not refer to that construct.
    """

    def __init__(self, make: Callable[[Any], Value]) -> None:
        self._make = make
        self._values: weakref.WeakKeyDictionary[Any, Value] = weakref.WeakKeyDictionary()

    def of(self, construct: Any) -> Value:
        """Returns the value of `construct`."""
        try:
            return self._values[construct]
        except KeyError:
            value = self._values[construct] = self._make(construct)
            return value
        except TypeError:  # not a construct, which the CDK reports better
            return self._make(construct)
