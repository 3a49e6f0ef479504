"""`python -m cdk_inference`."""

from cdk_inference.cli.__main__ import run

if __name__ == "__main__":
    run()
