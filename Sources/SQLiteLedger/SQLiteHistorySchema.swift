// The tables for owned claims, generations of invitations, and what happened.

import GRDB

/// The sixth migration, which rewrites no row but those that are claimed.
///
/// SQLite reads the identities once, to test the new constraint.
enum SQLiteHistorySchema {
    static func add(to db: Database) throws {
        try db.execute(sql: owners)
        try db.execute(sql: generations)
        try db.execute(sql: histories)
    }

    private static let owners = """
        -- What tells the run from every other, and its requests' IDs are made from; NULL in runs before this.
        ALTER TABLE run ADD COLUMN key BLOB CHECK (length(key) = 16);
        -- How long a commit or a renewal keeps others from taking the run for lost, and until when that
        -- holds.
        ALTER TABLE run ADD COLUMN lease_ms INTEGER NOT NULL DEFAULT 0 CHECK (lease_ms >= 0);
        ALTER TABLE run ADD COLUMN lease_until_ms INTEGER;
        -- When it was declared lost; from then on it claims and commits nothing.
        ALTER TABLE run ADD COLUMN lost_at_ms INTEGER;

        -- The run that has claimed it; NULL while nobody has.
        ALTER TABLE identity ADD COLUMN run INTEGER REFERENCES run (id) CHECK (run IS NULL OR state = 1);
        UPDATE identity SET run = (SELECT max(id) FROM run) WHERE state = 1 AND state <> 3;
        """

    private static let generations = """
        -- Which of its invitations the state is about: the first, the second, ….
        ALTER TABLE identity ADD COLUMN generation INTEGER NOT NULL DEFAULT 1;
        -- The current invitation of an identity: its key leaves room for one.
        ALTER TABLE invitation ADD COLUMN generation INTEGER NOT NULL DEFAULT 1;

        -- The invitations before the current one.
        CREATE TABLE past_invitation (
            identity INTEGER NOT NULL REFERENCES identity (id),
            generation INTEGER NOT NULL CHECK (generation >= 1),
            -- As in `invitation`.
            recovery_code TEXT,
            recovery_link TEXT,
            seal INTEGER REFERENCES seal (id),
            sealed BLOB,
            purged_at_ms INTEGER,
            expires_at TEXT NOT NULL,
            expires_at_ms INTEGER NOT NULL,
            request_id TEXT NOT NULL,
            issued_at_ms INTEGER NOT NULL,
            run INTEGER NOT NULL REFERENCES run (id),
            PRIMARY KEY (identity, generation),
            CHECK ((recovery_code IS NULL) = (recovery_link IS NULL)),
            CHECK ((seal IS NULL) = (sealed IS NULL)),
            CHECK ((recovery_link IS NOT NULL) + (sealed IS NOT NULL) + (purged_at_ms IS NOT NULL) = 1)
        ) STRICT, WITHOUT ROWID;
        """

    private static let histories = """
        -- The latest attempts of each identity that did not succeed.
        CREATE TABLE attempt (
            identity INTEGER NOT NULL REFERENCES identity (id),
            -- Grows with each of them.
            number INTEGER NOT NULL CHECK (number >= 1),
            run INTEGER NOT NULL REFERENCES run (id),
            stage TEXT NOT NULL CHECK (stage <> ''),
            outcome TEXT NOT NULL CHECK (outcome <> ''),
            -- The kind of failure; NULL where there is none to tell.
            kind TEXT CHECK (kind <> ''),
            is_ambiguous INTEGER NOT NULL CHECK (is_ambiguous IN (0, 1)),
            http_status INTEGER CHECK (http_status BETWEEN 100 AND 999),
            request_id TEXT NOT NULL,
            at_ms INTEGER NOT NULL,
            PRIMARY KEY (identity, number)
        ) STRICT, WITHOUT ROWID;

        -- How a run went on, in pieces of 10 seconds, or of more where it was long.
        CREATE TABLE run_bucket (
            run INTEGER NOT NULL REFERENCES run (id),
            begin_ms INTEGER NOT NULL,
            seconds INTEGER NOT NULL CHECK (seconds > 0),
            requests INTEGER NOT NULL,
            issued INTEGER NOT NULL,
            retries INTEGER NOT NULL,
            rate_limited_answers INTEGER NOT NULL,
            -- How many attempts failed, by the kind of failure: a JSON object.
            failures TEXT NOT NULL CHECK (json_valid(failures)),
            -- The most requests in flight at a time.
            in_flight INTEGER NOT NULL,
            limit_in_force TEXT,
            -- How long answers took, as LatencyHistogram writes it.
            latency BLOB NOT NULL,
            PRIMARY KEY (run, begin_ms)
        ) STRICT, WITHOUT ROWID;

        -- What happened in a run: an outage began, a limit was learnt.
        CREATE TABLE run_event (
            run INTEGER NOT NULL REFERENCES run (id),
            number INTEGER NOT NULL CHECK (number >= 1),
            at_ms INTEGER NOT NULL,
            kind TEXT NOT NULL CHECK (kind <> ''),
            -- What there is to say of it, by name: a JSON object of texts.
            details TEXT NOT NULL CHECK (json_valid(details)),
            PRIMARY KEY (run, number)
        ) STRICT, WITHOUT ROWID;
        """
}
