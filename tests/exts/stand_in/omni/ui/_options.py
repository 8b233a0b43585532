"""Keyword arguments of omni.ui's classes; where from, as ``omni.ui`` says."""

from collections.abc import Callable
from enum import Enum
from typing import TypeAlias, TypedDict, get_origin, get_type_hints

Style: TypeAlias = dict[str, int | float | str]


class WidgetOptions(TypedDict, total=False):
    """Keyword arguments of every widget: page and guide ("UI Widget Arguments")."""

    width: float
    height: float
    name: str
    style_type_name_override: str
    identifier: str
    style: Style
    visible: bool
    tooltip: str
    enabled: bool
    selected: bool
    checked: bool
    opaque_for_mouse_events: bool
    skip_draw_when_clipped: bool


class StackOptions(WidgetOptions, total=False):
    """Of ``omni.ui.Stack``: source, BindStack.h."""

    content_clipping: bool
    spacing: float
    send_mouse_events_to_back: bool


class GridOptions(StackOptions, total=False):
    """Of ``omni.ui.Grid``: source, BindGrid.h."""

    column_width: float
    row_height: float
    column_count: int
    row_count: int


class FrameOptions(WidgetOptions, total=False):
    """Of ``omni.ui.Frame``: source, BindFrame.h."""

    horizontal_clipping: bool
    vertical_clipping: bool
    separate_window: bool


class CollapsableFrameOptions(FrameOptions, total=False):
    """Of ``omni.ui.CollapsableFrame``: page."""

    collapsed: bool


class LabelOptions(WidgetOptions, total=False):
    """Of ``omni.ui.Label``: page."""

    word_wrap: bool
    elided_text: bool
    elided_text_str: str
    hide_text_after_hash: bool


class ButtonOptions(WidgetOptions, total=False):
    """Of ``omni.ui.Button``: page."""

    image_url: str
    image_width: float
    image_height: float
    spacing: float
    clicked_fn: Callable[[], None]


class StringFieldOptions(WidgetOptions, total=False):
    """Of ``omni.ui.StringField``: guide."""

    password_mode: bool
    read_only: bool
    multiline: bool
    allow_tab_input: bool


class IwpFillPolicy(Enum):
    """Of ``omni.ui``: page."""

    IWP_STRETCH = 0
    IWP_PRESERVE_ASPECT_FIT = 1
    IWP_PRESERVE_ASPECT_CROP = 2


class ImageOptions(WidgetOptions, total=False):
    """Of ``omni.ui.ImageWithProvider``: page."""

    fill_policy: IwpFillPolicy
    pixel_aligned: bool


class WindowOptions(TypedDict, total=False):
    """Of ``omni.ui.Window``, which is no widget: page."""

    flags: int
    visible: bool
    padding_x: float
    padding_y: float
    width: float
    height: float
    position_x: float
    position_y: float
    auto_resize: bool


def checked(options: object, allowed: type) -> dict[str, object]:
    """Refuse keyword arguments that are not documented, and values that pybind11 would not take."""
    assert isinstance(options, dict)
    known = get_type_hints(allowed)
    for key, value in options.items():
        if key not in known:
            raise TypeError(f"{allowed.__name__} has no {key!r}, but {', '.join(known)}.")
        kind = get_origin(known[key]) or known[key]
        fits = callable(value) if kind is Callable else isinstance(value, _accepted(kind))
        if not fits:
            raise TypeError(f"{key} must be {known[key]}, not {value!r}.")
    return options


def _accepted(kind: type) -> tuple[type, ...]:
    return (int, float) if kind is float else (kind,)


def text_of(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"A text is wanted, not {value!r}.")
    return value
