"""`python -m cdk_inference`."""

import sys

from cdk_inference.cli import main

if __name__ == "__main__":
    sys.exit(main())
