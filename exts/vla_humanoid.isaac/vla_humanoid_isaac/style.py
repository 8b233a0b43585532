"""Names, sizes and colours of the panel."""

TITLE = "VLA Humanoid"
ROW = 24
"""Height of a row [px]."""
CAPTION = 110
"""Width of a caption [px]."""
PLAIN, ERROR = 0xFFCCCCCC, 0xFF5555FF
"""Colours of messages, as omni.ui writes them: opacity, blue, green, red."""


def packed(color: tuple[float, float, float, float]) -> int:
    """Return red, green, blue and opacity, each in [0, 1], as omni.ui writes a colour."""
    red, green, blue, opacity = (round(255 * part) for part in color)
    return opacity << 24 | blue << 16 | green << 8 | red
