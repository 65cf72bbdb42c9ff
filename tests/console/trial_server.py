"""`python -m tests.console.trial_server PORT`: the trial application, served as Custode is."""

import sys

from custode.console.serving.running import granian

if __name__ == "__main__":
    options = {"BIND": "127.0.0.1", "PORT": int(sys.argv[1]), "TLS_CERTIFICATE": "", "TLS_KEY": ""}
    granian(options, "tests.console.trial_app:app").serve()
