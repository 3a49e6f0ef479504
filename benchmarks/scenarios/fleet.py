"""The example fleet in its dev environment, cdk-nag's four rule packs included."""

from __future__ import annotations

import sys

from common import ROOT, arguments, context

sys.path.insert(0, str(ROOT))

from app import build_app

if __name__ == "__main__":
    build_app({**context(), "environment": "dev"}, arguments()[1]).synth()
