"""What Gradio leaves behind in the thread that makes an application."""

from __future__ import annotations

import asyncio
import warnings


def close_loop() -> None:
    """Close the event loop, of which Python would else complain in some later test."""
    policy = asyncio.get_event_loop_policy()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            left = policy.get_event_loop()
        except RuntimeError:
            return
    if not left.is_running():
        left.close()
        policy.set_event_loop(None)
