#!/usr/bin/env python3
"""Reads mails as Python's email package does, and holds them against an export.

    read-mails.py FOLDER INVITATIONS [ADDRESS ...]

FOLDER has one file for each mail. INVITATIONS is an invitations.csv; the addresses are those who get no mail. Prints how
many mails there are; exit code 1, with a line for each fault, where one is lost or doubled, has another one's code or link,
or is not as RFC 5322 and MIME want it.
"""

import collections
import csv
import email
import email.policy
import pathlib
import sys

LINE_MAX = 998


def faults(mail, data, row):
    if mail.defects:
        yield f"defects: {mail.defects}"
    if max(map(len, data.split(b"\n"))) > LINE_MAX:
        yield f"a line of over {LINE_MAX} bytes"
    for header in ("Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "MIME-Version"):
        if len(mail.get_all(header, [])) != 1:
            yield f"{len(mail.get_all(header, []))} headers {header}"
    if mail.get_content_type() != "multipart/alternative":
        yield f"content type {mail.get_content_type()}"
    if row["recovery_code"] in mail["Subject"]:
        yield "the code is in the subject"
    kinds = []
    for part in mail.iter_parts():
        kinds.append(part.get_content_type())
        text = part.get_content()
        if part.defects:
            yield f"defects: {part.defects}"
        code = row["recovery_code"]
        if code not in text and f"{code[:3]} {code[3:]}" not in text:
            yield f"{part.get_content_type()} without the code"
        link = row["recovery_link"]
        if part.get_content_type() == "text/html":
            link = link.replace("&", "&amp;")
        if link not in text:
            yield f"{part.get_content_type()} without the link"
    if kinds != ["text/plain", "text/html"]:
        yield f"parts {kinds}"


def main(folder, invitations, *unreached):
    with open(invitations, newline="", encoding="utf-8") as file:
        rows = {row["email"]: row for row in csv.DictReader(file)}
    seen, message_ids, found = collections.Counter(), collections.Counter(), []
    for path in sorted(pathlib.Path(folder).rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        mail = email.message_from_bytes(data, policy=email.policy.default)
        address = mail["X-Original-To"] or mail["Delivered-To"]
        row = rows.get(address)
        seen[address] += 1
        message_ids[mail["Message-ID"]] += 1
        if row is None:
            found.append(f"{path}: to {address}, who has no invitation")
        else:
            found += [f"{path}: to {address}: {fault}" for fault in faults(mail, data, row)]
    found += [f"{address} got {count} mails" for address, count in seen.items() if count != 1]
    found += [f"{count} mails are called {name}" for name, count in message_ids.items() if count != 1]
    found += [f"{address} got none" for address in rows if address not in seen and address not in unreached]
    found += [f"{address} got one" for address in unreached if address in seen]
    print(sum(seen.values()))
    for fault in found[:20]:
        print(fault, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
