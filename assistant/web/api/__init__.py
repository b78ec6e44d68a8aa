"""Bernard for programs: `/api/ask`, `/api/search`, `/api/feedback` and what documents them. See docs/api.md."""

from assistant.web.api.routes import add_api

__all__ = ["add_api"]
