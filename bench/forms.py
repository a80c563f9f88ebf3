"""Posting forms over HTTP from four clients at once, and counting what was taken."""

import http.client
import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode

CLIENTS = 4
WORKERS = 2  # processes of each server, as many as the machine has cores
SECONDS = 4.0


@dataclass(frozen=True)
class Sender:
    """What one client posts: where, as whom, and the fields that stay."""

    path: str
    cookie: str
    fields: dict[str, str]
    vary: tuple[str, str]  # the names of the title and of the form's id


def rate(port: int, senders: list[Sender]) -> tuple[float, int, int]:
    """Return (cases a second, how many, errors) of four clients that post for some seconds."""
    counts, errors = [0] * CLIENTS, [0] * CLIENTS
    end = time.perf_counter() + SECONDS

    def client(number: int) -> None:
        mine = senders[number::CLIENTS]
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.perf_counter() < end:
            sender = mine[(counts[number] + errors[number]) % len(mine)]
            if post(line, sender) == 302:
                counts[number] += 1
            else:
                errors[number] += 1
        line.close()

    threads = [Thread(target=client, args=(n,)) for n in range(CLIENTS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - start), sum(counts), sum(errors)


def processor_seconds(port: int) -> float:
    """Return the processor time that all processes of the server on a port have used."""
    ticks, address = 0, f":{port}"
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if b"gunicorn" in words and any(word.endswith(address.encode()) for word in words):
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def post(line: http.client.HTTPConnection, sender: Sender) -> int:
    """Send one form with a title and an id of its own; return the status."""
    title, form = sender.vary
    fields = {**sender.fields, title: f"Copy stops {secrets.token_hex(6)}"}
    if form:
        fields[form] = secrets.token_urlsafe(16)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": sender.cookie,
        "Sec-Fetch-Site": "same-origin",
    }
    line.request("POST", sender.path, urlencode(fields), headers)
    answer = line.getresponse()
    answer.read()
    return answer.status


def get(port: int, path: str, cookie: str = "") -> tuple[str, str]:
    """Fetch a page; return its source and the cookies it sets."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    line.request("GET", path, headers={"Cookie": cookie})
    answer = line.getresponse()
    page = answer.read().decode()
    assert answer.status == 200, (path, answer.status, answer.getheader("Location"))
    found = [value.partition(";")[0] for name, value in answer.getheaders() if name == "Set-Cookie"]
    line.close()
    return page, "; ".join(found)
