"""Google Contacts: the People API v1, one user's contacts."""

from .api import GooglePeople

__all__ = ["GooglePeople"]
