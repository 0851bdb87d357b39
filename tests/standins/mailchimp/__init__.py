"""One audience of Mailchimp: members under the hash of their address, tags, web hooks."""

from .account import Mailchimp

__all__ = ["Mailchimp"]
