"""Run a command with a PostgreSQL of its own: `python -m tools.throwaway_postgres -- COMMAND…`.

The server is made in a temporary folder, listens on a free port of 127.0.0.1 only, runs as an
unprivileged user (PostgreSQL refuses to be root), and is stopped and erased when the command ends,
however it ends. Its address is in CUSTODE_DATABASE_URL, or in the variable that --variable names.
It would lose everything in a power cut: fsync is off.
"""

import argparse
import contextlib
import ctypes
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/opt/postgresql*/bin")
NAME = "custode"  # of the database and of its user
START_SECONDS = 60
STOP_SECONDS = 20
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
}


class NoServer(Exception):
    """The error that no server can be started; the message says what to do."""


def find_binaries() -> Path | None:
    """Return the folder of the newest installed server's programs, or None."""
    homes = [Path(p) for place in PLACES for p in Path("/").glob(place.lstrip("/"))]
    homes.sort(key=lambda home: [int(n) for n in home.parent.name.split(".") if n.isdigit()])
    on_path = shutil.which("initdb")
    if on_path:
        homes.insert(0, Path(on_path).resolve().parent)
    usable = [h for h in homes if (h / "initdb").exists() and (h / "postgres").exists()]
    return usable[-1] if usable else None


def unprivileged() -> pwd.struct_passwd | None:
    """Return the user to become: None when we are not root, else `postgres` or `nobody`."""
    if os.geteuid():
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise NoServer("PostgreSQL does not run as root, and there is no user `nobody` to run it as.")


def temporary_folder(user: pwd.struct_passwd | None) -> Path:
    """Make a folder that `user` owns and can reach: not below somebody's closed home."""
    for base in (tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108 - mkdtemp makes a new one
        open_to_all = all(p.stat().st_mode & 0o001 for p in [Path(base), *Path(base).parents])
        if user is None or open_to_all:
            folder = Path(tempfile.mkdtemp(prefix="custode-postgres-", dir=base))
            if user is not None:
                os.chown(folder, user.pw_uid, user.pw_gid)
            return folder
    raise NoServer("No temporary folder is open to other users; set TMPDIR to one that is.")


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 on which nothing listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def leave_with_parent() -> None:
    """Called in the new process: stop it when its parent dies, even if that is killed (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGINT)  # 1 = PR_SET_PDEATHSIG


class Server:
    """A PostgreSQL server in a folder of its own."""

    def __init__(self, binaries: Path, folder: Path, user: pwd.struct_passwd | None) -> None:
        self.binaries = binaries
        self.data = folder / "data"
        self.log = folder / "server.log"
        self.password = secrets.token_hex(16)
        self.port = free_port()
        self.owner = user
        # As `user`, and out of reach of the Ctrl-C that ends the command: it must outlive it.
        self.identity: dict[str, object] = {"cwd": folder, "start_new_session": True}
        if user is not None:
            self.identity |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return the database's address in the form of CUSTODE_DATABASE_URL."""
        return f"postgresql://{NAME}:{self.password}@127.0.0.1:{self.port}/{NAME}"

    def create(self) -> None:
        """Make the cluster. Raises NoServer with what initdb said."""
        secret = self.data.with_name("password")
        secret.touch(mode=0o600)
        if self.owner is not None:
            os.chown(secret, self.owner.pw_uid, self.owner.pw_gid)
        secret.write_text(self.password, encoding="utf-8")
        made = subprocess.run(
            [
                *(str(self.binaries / "initdb"), "--pgdata", str(self.data)),
                *("--username", NAME, "--pwfile", str(secret), "--auth", "scram-sha-256"),
                *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            **self.identity,  # type: ignore[call-overload]  # keywords that Popen knows
        )
        if made.returncode:
            raise NoServer(f"initdb failed:\n{made.stderr.decode()}")

    def start(self) -> None:
        """Start the server and wait until it has the database. Raises NoServer."""
        settings = SETTINGS | {"port": str(self.port)}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    *(str(self.binaries / "postgres"), "-D", str(self.data)),
                    *(
                        part
                        for name, value in settings.items()
                        for part in ("-c", f"{name}={value}")
                    ),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=leave_with_parent,  # noqa: PLW1509 - there are no threads here
                **self.identity,  # type: ignore[call-overload]  # keywords that Popen knows
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._makes_database():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise NoServer(f"PostgreSQL did not start:\n{self.log.read_text()[-2000:]}")
            time.sleep(0.1)

    def _makes_database(self) -> bool:
        where = ["--host", "127.0.0.1", "--port", str(self.port), "--username", NAME]
        made = subprocess.run(
            [str(self.binaries / "createdb"), *where, NAME],
            env={"PGPASSWORD": self.password, "PATH": os.defpath},
            capture_output=True,
        )
        return made.returncode == 0

    def stop(self) -> None:
        """Stop it at once, by force if necessary."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGINT)  # "fast": ends the connections
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Yield the address of a new server; stop and erase it afterwards. Raises NoServer."""
    binaries = find_binaries()
    if binaries is None:
        raise NoServer("PostgreSQL's server programs are missing. Run: apt-get install postgresql")
    user = unprivileged()
    folder = temporary_folder(user)
    instance = Server(binaries, folder, user)
    try:
        instance.create()
        instance.start()
        yield instance.url
    finally:
        instance.stop()
        shutil.rmtree(folder, ignore_errors=True)


def interrupted(number: int, frame: FrameType | None) -> None:
    """Turn a termination signal into an ordinary exit, so that everything is cleaned up."""
    raise SystemExit(128 + number)


def main() -> int:
    """Run the command on the command line and return its exit code."""
    parser = argparse.ArgumentParser(description="Run a command with its own PostgreSQL.")
    parser.add_argument("--variable", default="CUSTODE_DATABASE_URL", help="gets the address")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        parser.error("give the command to run after --")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    try:
        with (
            server() as url,
            subprocess.Popen(command, env={**os.environ, options.variable: url}) as child,
        ):
            try:
                return child.wait()
            except BaseException:  # our end is the child's end, whatever the reason
                child.terminate()
                child.wait()
                raise
    except NoServer as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
