"""`python -m custode` is the `custode` program."""

import sys

from custode.console.main import main

if __name__ == "__main__":
    sys.exit(main())
