"""What a careful script would be: aiohttp, one task for each request in flight, and a SQLite file.

    aiohttp-job.py URL ROSTER DATABASE CONCURRENCY

Claims nothing and resumes nothing; it commits answers in groups, durably, as latchstring does. Prints how many
identities got a code.
"""

import asyncio
import csv
import json
import sqlite3
import sys
import uuid

import aiohttp

GROUP = 256


async def main(url, roster, path, concurrency):
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE invitation (identity TEXT PRIMARY KEY, code TEXT, link TEXT, expires_at TEXT)")
    issued = 0
    answers = []

    def commit():
        database.execute("BEGIN")
        database.executemany("INSERT INTO invitation VALUES (?, ?, ?, ?)", answers)
        database.execute("COMMIT")
        answers.clear()

    async def work(rows, session):
        nonlocal issued
        for row in rows:
            identity = row[0]
            body = json.dumps({"identity_id": identity, "expires_in": "24h"}).encode()
            headers = {"Content-Type": "application/json", "X-Request-ID": str(uuid.uuid4())}
            async with session.post(url, data=body, headers=headers) as response:
                if response.status != 201:
                    sys.exit(f"an answer was a {response.status}")
                answer = json.loads(await response.read())
            answers.append((identity, answer["recovery_code"], answer["recovery_link"], answer["expires_at"]))
            issued += 1
            if len(answers) >= GROUP:
                commit()

    with open(roster, newline="") as file:
        rows = csv.reader(file)
        next(rows)
        connector = aiohttp.TCPConnector(limit=concurrency)
        async with aiohttp.ClientSession(connector=connector, headers={"Accept": "application/json"}) as session:
            await asyncio.gather(*(work(rows, session) for _ in range(concurrency)))
    commit()
    print(issued)


asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
