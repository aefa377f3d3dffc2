"""``python -m nmixx`` is ``nmixx``."""

from nmixx.cli import main

if __name__ == "__main__":
    main()
