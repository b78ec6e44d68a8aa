"""What Gradio leaves behind in the process that makes an application."""

from __future__ import annotations

import asyncio
import gc


def close_loop() -> None:
    """Close every event loop that is not running, of which Python would else complain in some later test."""
    for found in gc.get_objects():
        # `type`, since to ask some of torch's objects for their class is to be warned.
        if issubclass(type(found), asyncio.BaseEventLoop) and not found.is_running() and not found.is_closed():
            found.close()
    asyncio.get_event_loop_policy().set_event_loop(None)
