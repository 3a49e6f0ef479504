"""A command that needs a package which is not installed names one that any index has."""

from __future__ import annotations

import sys

import pytest

from cdk_inference.cli import main
from tests.each import each


@each(
    ("arguments", "module", "message"),
    [
        (
            ["prices", "refresh", "--region", "us-east-1"],
            "cdk_inference.aws",
            "prices refresh: boto3: got 'no such package'; allowed: boto3, installed; fix: python -m pip install boto3",
        ),
        (
            ["compare", "run", "spec.toml"],
            "aiohttp",
            "compare run needs aiohttp, which is not installed: python -m pip install aiohttp botocore",
        ),
    ],
)
def test_what_to_install(
    arguments: list[str],
    module: str,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for loaded in [name for name in sys.modules if name.startswith(("cdk_inference.sender", "cdk_inference.aws"))]:
        monkeypatch.delitem(sys.modules, loaded)
    monkeypatch.setitem(sys.modules, module, None)
    assert main(arguments) == 2
    assert capsys.readouterr().err.strip() == f"cdk-inference: {message}"
