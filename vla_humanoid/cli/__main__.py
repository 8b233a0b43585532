"""``python -m vla_humanoid.cli``."""

import sys

from vla_humanoid.cli import main

sys.exit(main())
