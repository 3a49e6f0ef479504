"""`python -m cdk_inference.cli`."""

import sys

from cdk_inference.cli import main

sys.exit(main())
