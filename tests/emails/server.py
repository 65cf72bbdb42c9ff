"""A real SMTP server program, for a process of its own: `python server.py PORT FOLDER [options]`.

What it takes, it writes to the folder, one file each. How it behaves, the recipient's name says:
`unknown@` is not known, `full@` is refused after the text, `slow@` is answered late, `hang@` is
taken and never answered, `drop@` is cut off in the middle of the text, `halfway@` is taken and cut
off.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import ssl
from pathlib import Path
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword, syntax

NAME, PASSWORD = b"custode", b"right-password"


class Postbox:
    """Takes e-mails, and refuses some."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.numbers = folder, itertools.count(1)

    async def handle_MAIL(self, server, session, envelope, address, options) -> str:  # noqa: N802 (aiosmtpd calls it so)
        if address.startswith("forged@"):
            return "553 5.7.1 Sender address rejected"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802 (aiosmtpd calls it so)
        if address.startswith("unknown@"):
            return "550 5.1.1 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 (aiosmtpd calls it so)
        first = envelope.rcpt_tos[0].partition("@")[0]
        if first == "full":
            return "552 5.2.2 Mailbox full\x07"
        heads = f"X-Envelope-From: {envelope.mail_from}\r\n"
        heads += f"X-Envelope-To: {', '.join(envelope.rcpt_tos)}\r\n"
        path = self.folder / f"{next(self.numbers)}.eml"
        path.with_suffix(".new").write_bytes(heads.encode() + envelope.content)
        path.with_suffix(".new").rename(path)
        if first == "slow":
            await asyncio.sleep(2)
        if first == "hang":
            await asyncio.sleep(3600)
        if first == "halfway":
            server.transport.abort()
        return "250 2.0.0 Taken as 4711"


class Server(SMTP):
    """aiosmtpd's, which can also be cut off while it reads the text."""

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 (aiosmtpd calls it so)
        to = self.envelope.rcpt_tos if self.envelope else []
        if to and to[0].startswith("drop@"):
            await self.push("354 Go on")
            await self._reader.readexactly(40)
            cast(asyncio.Transport, self.transport).abort()
            return
        await super().smtp_DATA(arg)


def authenticate(_server: Any, _session: Any, _envelope: Any, _how: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (NAME, PASSWORD)
    return AuthResult(success=right, handled=False)


async def serve(options: argparse.Namespace) -> None:
    context = None
    if options.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.certificate)
    box, loop = Postbox(Path(options.folder)), asyncio.get_running_loop()

    def made() -> Server:
        return Server(
            box,
            tls_context=context if options.tls == "starttls" else None,
            require_starttls=options.tls == "starttls",
            auth_required=options.auth,
            auth_require_tls=options.tls == "starttls",
            authenticator=authenticate,
            data_size_limit=options.most,
        )

    outer = context if options.tls == "tls" else None
    listening = await loop.create_server(made, "127.0.0.1", options.port, ssl=outer)
    port = listening.sockets[0].getsockname()[1]
    Path(options.folder, "port").write_text(str(port), encoding="ascii")
    await listening.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("folder")
    parser.add_argument("--tls", default="none")
    parser.add_argument("--certificate", default="")
    parser.add_argument("--auth", action="store_true")
    parser.add_argument("--most", type=int, default=40_000_000)
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
