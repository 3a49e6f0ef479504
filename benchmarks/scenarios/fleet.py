"""The example fleet in its dev environment, or the one named third, cdk-nag's four rule packs included."""

from __future__ import annotations

import sys

from common import ROOT, arguments, context

sys.path.insert(0, str(ROOT))

from app import build_app

if __name__ == "__main__":
    environment = sys.argv[3] if len(sys.argv) > 3 else "dev"
    build_app({**context(), "environment": environment}, arguments()[1]).synth()
