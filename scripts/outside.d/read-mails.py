#!/usr/bin/env python3
"""Reads mails as Python's email package does, and holds them against an export.

    read-mails.py [--doubles N] FOLDER INVITATIONS [ADDRESS ...]

FOLDER has one file for each mail. INVITATIONS is an invitations.csv; the addresses are those who get no mail. So many
mails at most may be there twice, alike: those that were under way when the sender was killed. Prints how many users have
a mail; exit code 1, with a line for each fault, where one is lost, has another one's code or link, or is not as RFC 5322
and MIME want it.
"""

import argparse
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


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--doubles", type=int, default=0)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("invitations")
    parser.add_argument("unreached", nargs="*")
    options = parser.parse_args()
    with open(options.invitations, newline="", encoding="utf-8") as file:
        rows = {row["email"]: row for row in csv.DictReader(file)}
    mails, found = collections.defaultdict(list), []
    for path in sorted(options.folder.rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        mail = email.message_from_bytes(data, policy=email.policy.default)
        address = mail["X-Original-To"] or mail["Delivered-To"]
        mails[address].append(mail["Message-ID"])
        if address in rows:
            found += [f"{path}: to {address}: {fault}" for fault in faults(mail, data, rows[address])]
        else:
            found.append(f"{path}: to {address}, who has no invitation")
    doubles = sum(len(ids) - 1 for ids in mails.values())
    if doubles > options.doubles:
        found.append(f"{doubles} mails are there twice")
    found += [f"{address} got mails with different names" for address, ids in mails.items() if len(set(ids)) > 1]
    if len({name for ids in mails.values() for name in ids}) < len(mails):
        found.append("mails to different users have the same name")
    found += [f"{address} got none" for address in rows if address not in mails and address not in options.unreached]
    found += [f"{address} got one" for address in options.unreached if address in mails]
    print(len(mails))
    for fault in found[:20]:
        print(fault, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
