"""Who may ask."""

import hmac
import ipaddress
from collections.abc import Sequence


class AccessError(ValueError):
    """A policy would be served to people who may not be meant; the message says what to do."""


def check_exposure(host: str, api_key: str, *, allow_anyone: bool) -> None:
    """Check that a server that others can reach asks for a key.

    Args:
        host: address or name that it binds to.
        api_key: that it asks for; empty for none.
        allow_anyone: whether it is meant to have none.

    Raises:
        AccessError: if it has none and is not meant to.
    """
    if not (api_key or allow_anyone or is_loopback(host)):
        raise AccessError(
            f"{host!r} can be reached from other machines: give an API key, bind to 127.0.0.1, "
            "or allow anyone explicitly."
        )


def is_loopback(host: str) -> bool:
    """Return whether only this machine reaches an address or name."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def may_enter(told: Sequence[str], api_key: str) -> bool:
    """Return whether a request has the key, in the same time whatever it has instead.

    Args:
        told: its headers ``Authorization``.
        api_key: that is needed; empty for none.
    """
    if not api_key:
        return True
    expected = f"Api-Key {api_key}".encode()
    return len(told) == 1 and hmac.compare_digest(told[0].encode("utf-8", "replace"), expected)
