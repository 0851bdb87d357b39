"""SendGrid's Marketing Campaigns, its suppressions and its signed Event Webhook."""

from .account import SendGrid

__all__ = ["SendGrid"]
