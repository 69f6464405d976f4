// The tables for who has activated, and for what a campaign remembers of its server.

import GRDB

/// The seventh migration, which rewrites no row.
enum SQLiteActivationSchema {
    static func add(to db: Database) throws {
        try db.execute(
            sql: """
                -- The kind of server, such as 'kratos'; NULL in campaigns before this.
                ALTER TABLE campaign ADD COLUMN provider TEXT CHECK (provider <> '');

                -- When it was issued, by the server's own clock; NULL where that is not known.
                ALTER TABLE invitation ADD COLUMN server_issued_at_ms INTEGER;
                ALTER TABLE past_invitation ADD COLUMN server_issued_at_ms INTEGER;

                -- What the server said last of identities with an invitation.
                CREATE TABLE activation (
                    identity INTEGER PRIMARY KEY REFERENCES identity (id),
                    state TEXT NOT NULL
                        CHECK (state IN ('unused', 'redeemed', 'activated', 'inactive', 'gone', 'unknown')),
                    -- The kind of credential or session that shows it, and when it was made, by the server's
                    -- clock.
                    kind TEXT CHECK (kind <> ''),
                    at_ms INTEGER,
                    learnt_at_ms INTEGER NOT NULL,
                    -- Whether it was changed since it was issued for, and not asked for alone yet.
                    is_changed INTEGER NOT NULL DEFAULT 0 CHECK (is_changed IN (0, 1)),
                    CHECK ((kind IS NULL) = (at_ms IS NULL)),
                    CHECK ((state IN ('redeemed', 'activated')) = (kind IS NOT NULL)),
                    CHECK (is_changed = 0 OR state = 'unknown')
                ) STRICT;
                CREATE INDEX activation_changed ON activation (identity) WHERE is_changed;
                """
        )
    }
}
