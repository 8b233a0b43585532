"""Stands in for ``omni.ui``: remembers what is built and refuses what is not documented.

Signatures and keyword arguments are those that NVIDIA publishes, and each class says where:

- *page*: docs.omniverse.nvidia.com/kit/docs/omni.ui/latest/omni.ui/omni.ui.<Class>.html, of omni.ui
  2.26 and later, which Isaac Sim 5.1 and 6 have;
- *guide*: docs.omniverse.nvidia.com/dev-guide/latest/programmer_ref/ui/widgets/;
- *source*: the Python bindings of omni.ui itself, github.com/NVIDIA-Omniverse/ovui, ovui/bindings/.

Only what the extension uses is here. Names that end in an underscore are for tests: they play the
user.
"""

from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self, Unpack

import numpy as np
from numpy.typing import NDArray

from omni.ui._models import AbstractItem, AbstractItemModel, AbstractValueModel
from omni.ui._options import (
    ButtonOptions,
    CollapsableFrameOptions,
    FrameOptions,
    GridOptions,
    ImageOptions,
    IwpFillPolicy,
    LabelOptions,
    StackOptions,
    StringFieldOptions,
    Style,
    WidgetOptions,
    WindowOptions,
    checked,
    text_of,
)

__all__ = ["AbstractItem", "AbstractItemModel", "AbstractValueModel", "IwpFillPolicy"]

_entered: list["Container"] = []
"""A new widget belongs to the innermost container that is entered."""
windows_: list["Window"] = []
"""Windows that are not destroyed."""


class Widget:
    """Something on the screen."""

    def __init__(self, options: object, allowed: type) -> None:
        self.options_ = checked(options, allowed)
        self.enabled = bool(self.options_.get("enabled", True))
        self.style_: Style = {}
        if _entered:
            _entered[-1].children_.append(self)
        elif not isinstance(self, WindowFrame):
            raise AssertionError(f"{type(self).__name__} is built outside of any container.")

    def set_style(self, style: Style) -> None:
        """``set_style(self, style: handle) -> None``: guide (checkbox), source: BindWidget.h."""
        if not isinstance(style, dict):
            raise TypeError(f"A style is a dict, not {style!r}.")
        self.style_ = style


class Container(Widget):
    """Holds widgets that are built while it is entered."""

    def __init__(self, options: object, allowed: type) -> None:
        super().__init__(options, allowed)
        self.children_: list[Widget] = []

    def __enter__(self) -> Self:
        """Begin to take in widgets."""
        _entered.append(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take in no more."""
        assert _entered.pop() is self

    def all_(self) -> Iterator[Widget]:
        """Yield every widget inside, in the order of building."""
        for child in self.children_:
            yield child
            if isinstance(child, Container):
                yield from child.all_()


class WindowFrame(Container):
    """What ``omni.ui.Window.frame`` returns."""

    def __init__(self) -> None:
        super().__init__({}, FrameOptions)


class ScrollingFrame(Container):
    """``__init__(self: omni.ui._ui.ScrollingFrame, **kwargs) -> None``.

    Source: BindScrollingFrame.h.
    """

    def __init__(self, **kwargs: Unpack[FrameOptions]) -> None:
        super().__init__(kwargs, FrameOptions)


class CollapsableFrame(Container):
    """``__init__(self: omni.ui._ui.CollapsableFrame, title: str = '', **kwargs) -> None``.

    Page.
    """

    def __init__(self, title: str = "", **kwargs: Unpack[CollapsableFrameOptions]) -> None:
        super().__init__(kwargs, CollapsableFrameOptions)
        self.title = text_of(title)


class VStack(Container):
    """``__init__(self: omni.ui._ui.VStack, **kwargs) -> None``.

    Guide, and source: BindVStack.h, BindStack.h.
    """

    def __init__(self, **kwargs: Unpack[StackOptions]) -> None:
        super().__init__(kwargs, StackOptions)


class HStack(Container):
    """``__init__(self: omni.ui._ui.HStack, **kwargs) -> None``.

    Guide, and source: BindHStack.h, BindStack.h.
    """

    def __init__(self, **kwargs: Unpack[StackOptions]) -> None:
        super().__init__(kwargs, StackOptions)


class VGrid(Container):
    """``__init__(self: omni.ui._ui.VGrid, **kwargs) -> None``.

    Source: BindVGrid.h, BindGrid.h.
    """

    def __init__(self, **kwargs: Unpack[GridOptions]) -> None:
        super().__init__(kwargs, GridOptions)


class Label(Widget):
    """``__init__(self: omni.ui._ui.Label, arg0: str, **kwargs) -> None``.

    Page.
    """

    def __init__(self, arg0: str, /, **kwargs: Unpack[LabelOptions]) -> None:
        super().__init__(kwargs, LabelOptions)
        self._text = text_of(arg0)

    @property
    def text(self) -> str:
        """What it says."""
        return self._text

    @text.setter
    def text(self, text: str) -> None:
        self._text = text_of(text)


class Button(Widget):
    """``__init__(self: omni.ui._ui.Button, text: str = '', **kwargs) -> None``.

    Page.
    """

    def __init__(self, text: str = "", **kwargs: Unpack[ButtonOptions]) -> None:
        super().__init__(kwargs, ButtonOptions)
        self.text = text_of(text)
        self._clicked_fn = kwargs.get("clicked_fn")

    def click_(self) -> None:
        """Click; a button that is not enabled does nothing."""
        if self.enabled and self._clicked_fn is not None:
            self._clicked_fn()


class ComboBox(Widget):
    """``__init__(self: omni.ui._ui.ComboBox, *args, **kwargs) -> None``; the arguments are the
    index of the chosen item and then the items.

    Source: BindComboBox.h.
    """

    def __init__(self, index: int, /, *items: str, **kwargs: Unpack[WidgetOptions]) -> None:
        super().__init__(kwargs, WidgetOptions)
        self.items_ = [text_of(item) for item in items]
        if not 0 <= index < len(items):
            raise IndexError(f"There is no item {index} of {items}.")
        self.model = AbstractItemModel(index)

    def choose_(self, item: str) -> None:
        """Choose an item."""
        self.model.get_item_value_model().set_value(self.items_.index(item))


class StringField(Widget):
    """``__init__(self: omni.ui._ui.StringField, model: AbstractValueModel = None, **kwargs)``.

    Guide, and source: BindStringField.h.
    """

    def __init__(
        self, model: AbstractValueModel | None = None, **kwargs: Unpack[StringFieldOptions]
    ) -> None:
        super().__init__(kwargs, StringFieldOptions)
        self.model = model or AbstractValueModel("")

    def type_(self, text: str) -> None:
        """Replace what stands there, key by key."""
        self.model.set_value("")
        for end in range(1, len(text) + 1):
            self.model.set_value(text[:end])


class CheckBox(Widget):
    """``__init__(self: omni.ui._ui.CheckBox, model: AbstractValueModel = None, **kwargs)``.

    Page.
    """

    def __init__(
        self, model: AbstractValueModel | None = None, **kwargs: Unpack[WidgetOptions]
    ) -> None:
        super().__init__(kwargs, WidgetOptions)
        self.model = model or AbstractValueModel(False)


class ByteImageProvider:
    """``__init__(self: omni.ui._ui.ByteImageProvider) -> None``, ``set_data_array(self, arg0:
    numpy.ndarray[numpy.uint8], arg1: List[int]) -> None``; the array is RGBA, read as it lies in
    memory, the list width and height.

    Page.
    """

    def __init__(self) -> None:
        self.image_: NDArray[np.uint8] | None = None

    def set_data_array(self, arg0: NDArray[np.uint8], arg1: list[int], /) -> None:
        """Show an image."""
        width, height = arg1
        if not (isinstance(arg0, np.ndarray) and arg0.dtype == np.uint8):
            raise TypeError(f"An array of uint8 is wanted, not {arg0!r}.")
        if not arg0.flags.c_contiguous or arg0.size != 4 * width * height:
            raise ValueError(f"{arg0.shape} does not lie in memory as {width} x {height} RGBA.")
        self.image_ = arg0.reshape(height, width, 4).copy()


class ImageWithProvider(Widget):
    """``__init__(self: omni.ui._ui.ImageWithProvider, arg0: ImageProvider, **kwargs) -> None``.

    Page.
    """

    def __init__(self, arg0: ByteImageProvider, /, **kwargs: Unpack[ImageOptions]) -> None:
        super().__init__(kwargs, ImageOptions)
        if not isinstance(arg0, ByteImageProvider):
            raise TypeError(f"A provider is wanted, not {arg0!r}.")
        self.provider_ = arg0


class Window:
    """``__init__(self: omni.ui._ui.Window, title: str, dockPreference: DockPreference = <DISABLED>,
    **kwargs) -> None``.

    Page.
    """

    def __init__(self, title: str, **kwargs: Unpack[WindowOptions]) -> None:
        self.options_ = checked(kwargs, WindowOptions)
        self.title = text_of(title)
        self.frame = WindowFrame()
        self._visibility_fn: Callable[[bool], None] | None = None
        windows_.append(self)

    def set_visibility_changed_fn(self, fn: Callable[[bool], None]) -> None:
        """``set_visibility_changed_fn(self, fn: Callable[[bool], None]) -> None``: page."""
        self._visibility_fn = fn

    def destroy(self) -> None:
        """Close it for good."""
        windows_.remove(self)

    def hide_(self) -> None:
        """Click on its cross."""
        if self._visibility_fn is not None:
            self._visibility_fn(False)
