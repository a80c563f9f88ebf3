"""A real Dovecot for the tests: IMAP with IDLE, LMTP and submission, on loopback, thrown away.

It runs without privileges; started by root, as the account “nobody”."""

import grp
import os
import pwd
import shutil
import smtplib
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import trustme
from imapclient import IMAPClient

from tests.mail.smtp import free_port
from tests.programs import missing

USER, PASSWORD = "support@example.com", "p@ss:word"

_CONFIG = """
base_dir = {run}/base
state_dir = {run}/base
log_path = {run}/log
protocols = imap lmtp submission
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:~/Maildir
recipient_delimiter = +
lmtp_save_to_detail_mailbox = no
auth_mechanisms = plain login
disable_plaintext_auth = yes
ssl = yes
ssl_cert = <{run}/cert.pem
ssl_key = <{run}/key.pem
submission_relay_host = 127.0.0.1
submission_relay_port = {relay}
submission_relay_trusted = no
submission_backend_capabilities = 8BITMIME
hostname = localhost
postmaster_address = postmaster@example.com
{extra}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={run}/home/%u
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
}}
service submission-login {{
  chroot =
  inet_listener submission {{
    port = {submission}
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class Dovecot:
    """Where the server listens."""

    imap: int
    imaps: int
    submission: int
    lmtp: int
    ca: trustme.CA

    def url(self, scheme: str = "imaps", options: str = "") -> str:
        port = self.imaps if scheme == "imaps" else self.imap
        return f"{scheme}://support%40example.com:p%40ss%3Aword@localhost:{port}{options}"

    def client(self) -> IMAPClient:
        """A mail program that is signed in, without the code under test."""
        from tests.mail.smtp import trusting

        client = IMAPClient("localhost", self.imaps, ssl=True, ssl_context=trusting(self.ca))
        client.login(USER, PASSWORD)
        return client

    def put(self, *raw: bytes) -> None:
        """Lay mails into the inbox."""
        client = self.client()
        for one in raw:
            client.append("INBOX", one)
        client.logout()

    def count(self, folder: str) -> int:
        client = self.client()
        found = client.folder_status(folder, ["MESSAGES"])[b"MESSAGES"]
        client.logout()
        return int(found)

    def empty(self) -> None:
        """Throw every mail away."""
        client = self.client()
        for folder in ("INBOX", "Waypost"):
            if client.folder_exists(folder):
                client.select_folder(folder)
                client.delete_messages(client.search())
                client.expunge()
        client.logout()

    def deliver(self, raw: bytes, recipient: str) -> None:
        """Hand a mail in as the world does."""
        with smtplib.LMTP("localhost", self.lmtp) as server:
            server.sendmail("ana@example.com", [recipient], raw)


@contextmanager
def running_dovecot(relay: int = 1, extra: str = "") -> Iterator[Dovecot]:
    """Run a server; submitted mail is passed on to the SMTP port `relay`."""
    program = shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin")
    if not program:
        missing("Dovecot", "dovecot-imapd dovecot-lmtpd dovecot-submissiond")
        raise AssertionError
    run = Path(tempfile.mkdtemp(prefix="waypost-dovecot-"))
    owner = "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    account = pwd.getpwnam(owner)
    ports = {name: free_port() for name in ("imap", "imaps", "submission", "lmtp")}
    ca = trustme.CA()
    cert = ca.issue_cert("localhost")
    cert.private_key_pem.write_to_path(run / "key.pem")
    for number, part in enumerate(cert.cert_chain_pems):
        part.write_to_path(run / "cert.pem", append=bool(number))
    group = grp.getgrgid(account.pw_gid).gr_name
    said = {"run": run, "user": owner, "group": group, "password": PASSWORD, "relay": relay}
    config = run / "dovecot.conf"
    config.write_text(_CONFIG.format(**said, **ports, extra=extra))
    if os.geteuid() == 0:
        for path in (run, *run.iterdir()):
            shutil.chown(path, owner, group)
    identity = {"user": owner, "group": group, "extra_groups": []} if os.geteuid() == 0 else {}
    command = [str(program), "-F", "-c", str(config)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd=run, **identity) as server:  # type: ignore[call-overload]
        try:
            found = Dovecot(**ports, ca=ca)
            _wait(server, found, run / "log")
            yield found
        finally:
            server.terminate()
            server.wait(timeout=60)
            shutil.rmtree(run, ignore_errors=True)


def _wait(server: "subprocess.Popen[bytes]", found: Dovecot, log: Path) -> None:
    for _ in range(600):
        if server.poll() is None:
            try:
                found.client().logout()
            except OSError:
                time.sleep(0.1)
            else:
                return
    said = log.read_text()[-2000:] if log.exists() else "no log"
    raise AssertionError(f"Dovecot did not start: {said}")
