"""Outlook's personal contacts: Microsoft Graph v1.0, one mailbox."""

from .api import MicrosoftGraph

__all__ = ["MicrosoftGraph"]
