"""The nearest name, by hand."""

from __future__ import annotations

from cdk_inference.core.alike import nearest
from tests.each import each


@each(
    ("name", "names", "found"),
    [
        ("us-esat-1", ("us-west-1", "us-east-1", "eu-west-1"), "us-east-1"),
        ("eu-cenral-1", ("eu-central-2", "eu-central-1"), "eu-central-1"),
        ("Qwen", ("Llama37876A02", "Qwen37876A02"), "Qwen37876A02"),
        ("caht", ("chat", "Chat"), "chat"),
        ("Search", ("Support5CFB64A3",), None),
        ("", (), None),
    ],
)
def test_the_nearest_name(name: str, names: tuple[str, ...], found: str | None) -> None:
    assert nearest(name, names) == found
