"""`python -m optidsl`."""

import sys

from optidsl.cli.main import main

sys.exit(main())
