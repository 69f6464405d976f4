// The tables for batches of invitations that are handed over.

import GRDB

/// The eighth migration, which rewrites no row.
enum SQLiteBatchSchema {
    static func add(to db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE batch (
                    number INTEGER PRIMARY KEY CHECK (number >= 1),
                    kind TEXT NOT NULL CHECK (kind IN ('new', 'reminder')),
                    state TEXT NOT NULL
                        CHECK (state IN ('open', 'prepared', 'written', 'undoing', 'undone')),
                    -- The time that members are judged by, and how long they have to be valid from then on.
                    at_ms INTEGER NOT NULL,
                    remaining_min_ms INTEGER NOT NULL CHECK (remaining_min_ms >= 0),
                    -- Of reminders: who was handed over, and reminded, by then, and less often than that.
                    handed_over_by_ms INTEGER,
                    reminders_max INTEGER CHECK (reminders_max >= 1),
                    -- The ending of its file's name, and how the file is written.
                    ending TEXT NOT NULL CHECK (ending <> ''),
                    options TEXT NOT NULL CHECK (json_valid(options)),
                    -- The last identity that was looked at.
                    through INTEGER NOT NULL DEFAULT 0,
                    members INTEGER NOT NULL DEFAULT 0 CHECK (members >= 0),
                    first_generation INTEGER,
                    last_generation INTEGER CHECK (last_generation >= first_generation),
                    -- How many were left out, by reason: a JSON object.
                    left_out TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(left_out)),
                    sha256 BLOB CHECK (length(sha256) = 32),
                    size INTEGER CHECK (size >= 0),
                    modified_ns INTEGER,
                    manifest_sha256 BLOB CHECK (length(manifest_sha256) = 32),
                    written_at_ms INTEGER,
                    CHECK ((kind = 'reminder') = (handed_over_by_ms IS NOT NULL)),
                    CHECK ((kind = 'reminder') = (reminders_max IS NOT NULL)),
                    CHECK ((first_generation IS NULL) = (members = 0)),
                    CHECK ((written_at_ms IS NULL) = (manifest_sha256 IS NULL)),
                    CHECK (state <> 'written' OR written_at_ms IS NOT NULL),
                    CHECK (written_at_ms IS NULL OR (sha256 IS NOT NULL AND size IS NOT NULL
                        AND modified_ns IS NOT NULL))
                ) STRICT;
                -- One is unfinished at a time.
                CREATE UNIQUE INDEX batch_unfinished ON batch ((1))
                    WHERE state IN ('open', 'prepared', 'undoing');

                -- Which invitation is in which batch.
                CREATE TABLE batch_member (
                    identity INTEGER NOT NULL REFERENCES identity (id),
                    generation INTEGER NOT NULL CHECK (generation >= 1),
                    -- 0 where it was new, 1, 2, … for its reminders: each once.
                    ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
                    batch INTEGER NOT NULL REFERENCES batch (number),
                    PRIMARY KEY (identity, generation, ordinal)
                ) STRICT, WITHOUT ROWID;
                CREATE UNIQUE INDEX batch_member_by_batch ON batch_member (batch, identity);

                -- Who could have been in a batch, and why they are not.
                CREATE TABLE batch_left_out (
                    batch INTEGER NOT NULL REFERENCES batch (number),
                    identity INTEGER NOT NULL REFERENCES identity (id),
                    generation INTEGER NOT NULL CHECK (generation >= 1),
                    reason TEXT NOT NULL CHECK (reason <> ''),
                    PRIMARY KEY (batch, identity)
                ) STRICT, WITHOUT ROWID;

                -- The identities whose current invitation was not handed over.
                CREATE TABLE not_handed_over (
                    identity INTEGER PRIMARY KEY REFERENCES identity (id)
                ) STRICT;
                INSERT INTO not_handed_over (identity) SELECT identity FROM invitation ORDER BY identity;
                """
        )
    }
}
