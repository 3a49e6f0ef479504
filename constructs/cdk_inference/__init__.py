"""cdk-inference: AI models on the AWS accelerator that suits them, from Python infrastructure code.

Import from the subpackages, as with aws-cdk-lib: `from cdk_inference.endpoints import RealtimeEndpoint`.
Importing this package alone loads neither aws_cdk nor boto3.
A ConfigurationError that nothing catches is printed without a stack trace: see core/uncaught.py.
"""

from typing import TYPE_CHECKING

from cdk_inference.core import uncaught as _uncaught

_uncaught.install()

__version__ = "0.1.0"

if not TYPE_CHECKING:  # type checkers would take any name for one that exists

    def __getattr__(name: str) -> object:
        """Answers a class that is imported from here with the subpackage that has it."""
        if name[0].isupper():
            from cdk_inference.core.rooms import where_to_import

            found = where_to_import(name)
            if found is not None:
                # Of an AttributeError `from ... import` shows nothing.
                raise ImportError(f"cannot import name {name!r} from 'cdk_inference'; write: {found}")
        raise AttributeError(f"module 'cdk_inference' has no attribute {name!r}")
