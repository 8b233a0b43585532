"""Whether this process is an Omniverse application, such as Isaac Sim."""

import sys


def kit_is_running() -> bool:
    """Tell whether this process runs Omniverse Kit; nothing is imported to find out."""
    return "omni.kit.app" in sys.modules
