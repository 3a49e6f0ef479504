"""Builds the documentation in site/, with broken links as errors; no page loads anything from another host.

python -m scripts.site
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SITE = ROOT / "site"
LOADED = re.compile(
    r'<(?:script|img|iframe)\b[^>]*\bsrc="(https?://[^"]+)"|<link\b(?=[^>]*stylesheet)[^>]*href="(https?://[^"]+)"'
)


def elsewhere(html: str) -> list[str]:
    """Returns the addresses that a page loads from other hosts."""
    return ["".join(found) for found in LOADED.findall(html)]


def main() -> int:
    """Returns the exit status."""
    # mkdocs counts no warnings with --quiet.
    status = subprocess.run([sys.executable, "-m", "mkdocs", "build", "--strict"], cwd=ROOT, check=False).returncode
    if status:
        return status
    pages = {page: elsewhere(page.read_text(encoding="utf-8")) for page in sorted(SITE.rglob("*.html"))}
    for page, found in pages.items():
        for address in found:
            print(f"{page.relative_to(ROOT)}: loads {address}")
    print(f"{len(pages)} pages in site/")
    return int(any(pages.values()))


if __name__ == "__main__":
    sys.exit(main())
