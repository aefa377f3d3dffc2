"""The command line: ``nmixx``; commands hold no logic of their own."""

from nmixx.cli.app import main

__all__ = ["main"]
