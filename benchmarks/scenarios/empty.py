"""The floor: an app with nothing in it."""

from __future__ import annotations

from aws_cdk import App
from common import arguments, context

if __name__ == "__main__":
    App(context=context(), outdir=arguments()[1]).synth()
