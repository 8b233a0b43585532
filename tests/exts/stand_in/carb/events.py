"""Stands in for ``carb.events``.

Signatures: docs.omniverse.nvidia.com/kit/docs/kit-manual, ``carb.events.IEventStream``:
``create_subscription_to_pop(fn: Callable[[IEvent], None], order: int = 0, name: str = '') ->
ISubscription``. A subscription ends when the last reference to it goes.
"""

import weakref
from collections.abc import Callable


class IEvent:
    """Something that happened."""


class ISubscription:
    """Keeps a callback subscribed for as long as it lives."""

    def __init__(self, fn: Callable[[IEvent], None], name: str) -> None:
        self.fn = fn
        self.name = name

    def unsubscribe(self) -> None:
        """End the subscription."""
        self.fn = lambda event: None


class IEventStream:
    """Calls whoever has subscribed."""

    def __init__(self) -> None:
        self._subscriptions: weakref.WeakSet[ISubscription] = weakref.WeakSet()

    @property
    def names(self) -> list[str]:
        """Names of the subscriptions that live; for tests."""
        return [subscription.name for subscription in self._subscriptions]

    def create_subscription_to_pop(
        self, fn: Callable[[IEvent], None], order: int = 0, name: str = ""
    ) -> ISubscription:
        """Call a function at every event, as long as what is returned lives."""
        subscription = ISubscription(fn, name)
        self._subscriptions.add(subscription)
        return subscription

    def pump(self) -> None:
        """Let an event happen; for tests."""
        for subscription in list(self._subscriptions):
            subscription.fn(IEvent())
