"""Models of omni.ui; see ``omni.ui``."""

from collections.abc import Callable


class AbstractValueModel:
    """``add_value_changed_fn(self, arg0: Callable[[AbstractValueModel], None]) -> int``,
    ``set_value(self, value: bool | int | float | str)``, ``get_value_as_bool``, ``..._int`` and
    ``..._string``.

    Page.
    """

    def __init__(self, value: bool | int | str) -> None:
        self._value = value
        self._changed: list[Callable[[AbstractValueModel], None]] = []

    def get_value_as_bool(self) -> bool:
        """Return it as a truth value."""
        return bool(self._value)

    def get_value_as_int(self) -> int:
        """Return it as a number."""
        return int(self._value)

    def get_value_as_string(self) -> str:
        """Return it as a text."""
        return str(self._value)

    def set_value(self, value: bool | int | str) -> None:
        """Change it, and tell whoever wants to know; a model keeps its type."""
        value = type(self._value)(value)
        if value != self._value:
            self._value = value
            for fn in self._changed:
                fn(self)

    def add_value_changed_fn(self, arg0: Callable[["AbstractValueModel"], None], /) -> int:
        """Call a function whenever the value changes."""
        self._changed.append(arg0)
        return len(self._changed)


class AbstractItem:
    """What an item of a model is known by."""


class AbstractItemModel:
    """``get_item_value_model(self, item: AbstractItem = None, column_id: int = 0) ->
    AbstractValueModel``, ``add_item_changed_fn(self, arg0: Callable[[AbstractItemModel,
    AbstractItem], None]) -> int``.

    Source: BindAbstractItemModel.h.
    """

    def __init__(self, index: int) -> None:
        self._index = AbstractValueModel(index)

    def get_item_value_model(
        self, item: AbstractItem | None = None, column_id: int = 0
    ) -> AbstractValueModel:
        """Return the model of an item's column; without an item that of the chosen index."""
        if item is not None or column_id != 0:
            raise AssertionError("Tests know only the model of the chosen index.")
        return self._index

    def add_item_changed_fn(
        self, arg0: Callable[["AbstractItemModel", AbstractItem | None], None], /
    ) -> int:
        """Call a function whenever another item is chosen."""
        return self._index.add_value_changed_fn(lambda model: arg0(self, None))
