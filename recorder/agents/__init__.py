"""Whoever decides the next action: hands, scripts, a policy's mailbox."""
