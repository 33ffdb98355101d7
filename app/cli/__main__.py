"""``python -m teachloop.app.cli``."""

from .main import main

main()
