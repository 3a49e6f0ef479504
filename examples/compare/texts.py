"""Writes 60 long texts of random words, for model.toml: python examples/compare/texts.py"""

from __future__ import annotations

import random
from pathlib import Path

HERE = Path(__file__).parent
WORDS = sorted(set((HERE / "prompts.txt").read_text(encoding="utf-8").replace(".", "").replace(":", "").split()))


def main() -> None:
    """The same texts every time."""
    source = random.Random(1)
    lines = [" ".join(source.choices(WORDS, k=4000)) for _ in range(60)]
    (HERE / "texts.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
