"""Draws the extension's icon: a figure that keeps its balance. Run it to write icon.png anew."""

from pathlib import Path

from PIL import Image, ImageDraw

SIZE, OVERSAMPLING = 256, 4
PAPER, FIGURE, SUPPORT, POINT = "#1f2430", "#e8ecf2", "#44d65e", "#ff4433"
LIMBS = (
    ((128, 96), (128, 152)),  # trunk
    ((128, 104), (94, 138)),
    ((94, 138), (74, 112)),
    ((128, 104), (164, 136)),
    ((164, 136), (190, 118)),
    ((128, 152), (106, 186)),
    ((106, 186), (104, 218)),
    ((128, 152), (150, 186)),
    ((150, 186), (154, 218)),
)


def icon() -> Image.Image:
    """Return the icon, 256 by 256 pixels."""
    k = OVERSAMPLING
    image = Image.new("RGBA", (SIZE * k, SIZE * k), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, SIZE * k - 1, SIZE * k - 1), 44 * k, fill=PAPER)
    ground = [(70, 224), (186, 224), (206, 240), (50, 240)]
    draw.polygon([(x * k, y * k) for x, y in ground], outline=SUPPORT, width=4 * k)
    for (x, y), (u, v) in LIMBS:
        draw.line((x * k, y * k, u * k, v * k), fill=FIGURE, width=14 * k)
        for a, b in ((x, y), (u, v)):
            draw.ellipse(((a - 7) * k, (b - 7) * k, (a + 7) * k, (b + 7) * k), fill=FIGURE)
    draw.ellipse((104 * k, 34 * k, 152 * k, 82 * k), fill=FIGURE)
    draw.ellipse((120 * k, 224 * k, 136 * k, 240 * k), fill=POINT)
    return image.resize((SIZE, SIZE), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    icon().save(Path(__file__).with_name("icon.png"), optimize=True)
