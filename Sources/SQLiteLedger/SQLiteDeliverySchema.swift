// The tables for mails to users.

import GRDB

/// The eleventh migration, which rewrites no row and touches no table that issuing writes to.
enum SQLiteDeliverySchema {
    /// The states of a mail, as the `delivery.state` column holds them.
    enum State: Int {
        case claimed = 1
        case sent = 2
        case inDoubt = 3
        case later = 4
        case failed = 5
        case leftOut = 6
    }

    static func add(to db: Database) throws {
        try db.execute(
            sql: """
                -- A process that sends mails.
                CREATE TABLE delivery_run (
                    id INTEGER PRIMARY KEY,
                    process TEXT NOT NULL,
                    version TEXT NOT NULL,
                    relay TEXT NOT NULL,
                    started_at_ms INTEGER NOT NULL,
                    finished_at_ms INTEGER,
                    stopped_because TEXT,
                    -- How long a commit or a renewal keeps others from taking it for lost, and until when
                    -- that holds; when it was declared lost.
                    lease_ms INTEGER NOT NULL CHECK (lease_ms >= 0),
                    lease_until_ms INTEGER NOT NULL,
                    lost_at_ms INTEGER,
                    -- Mails that were begun.
                    mails INTEGER NOT NULL DEFAULT 0 CHECK (mails >= 0),
                    commits INTEGER NOT NULL DEFAULT 0
                ) STRICT;

                -- The mail of an invitation that one was tried for.
                CREATE TABLE delivery (
                    identity INTEGER NOT NULL REFERENCES identity (id),
                    generation INTEGER NOT NULL CHECK (generation >= 1),
                    -- 1 claimed, 2 sent, 3 in doubt, 4 later, 5 failed, 6 left out
                    state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 6),
                    -- Who has claimed it.
                    run INTEGER REFERENCES delivery_run (id),
                    -- Mails that were begun, and those of them that may have been sent without a reply.
                    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
                    doubts INTEGER NOT NULL DEFAULT 0 CHECK (doubts >= 0),
                    -- How often the relay has put it off.
                    put_off INTEGER NOT NULL DEFAULT 0 CHECK (put_off >= 0),
                    first_at_ms INTEGER NOT NULL,
                    -- Of what is put off, in doubt or claimed: not before.
                    due_at_ms INTEGER,
                    -- Where the latest mail was to go.
                    address TEXT,
                    -- Why it failed or was left out.
                    reason TEXT CHECK (reason <> ''),
                    -- The relay's latest reply, or what happened instead.
                    reply_code INTEGER CHECK (reply_code BETWEEN 100 AND 999),
                    enhanced TEXT CHECK (enhanced <> ''),
                    reply TEXT NOT NULL DEFAULT '',
                    queue_id TEXT CHECK (queue_id <> ''),
                    at_ms INTEGER NOT NULL,
                    PRIMARY KEY (identity, generation),
                    CHECK ((state = 1) = (run IS NOT NULL)),
                    CHECK ((state IN (1, 3, 4)) = (due_at_ms IS NOT NULL)),
                    CHECK (reason IS NOT NULL OR state NOT IN (5, 6))
                ) STRICT, WITHOUT ROWID;
                -- What is due, without walking past what is done.
                CREATE INDEX delivery_due ON delivery (state, due_at_ms) WHERE due_at_ms IS NOT NULL;
                -- For counts of millions.
                CREATE INDEX delivery_by_reply ON delivery (state, reason, reply_code, enhanced);
                CREATE INDEX delivery_doubted ON delivery (state) WHERE doubts > 0;

                -- What the Message-IDs of the campaign's mails are made from.
                ALTER TABLE campaign ADD COLUMN mail_key BLOB CHECK (length(mail_key) = 32);

                -- How many mails were begun in which second, so that limits hold across runs.
                CREATE TABLE mails_by_second (
                    second INTEGER PRIMARY KEY,
                    requests INTEGER NOT NULL CHECK (requests > 0)
                ) STRICT;
                """
        )
    }
}
