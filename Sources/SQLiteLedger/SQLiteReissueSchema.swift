// The tables for invitations that are issued anew.

import GRDB

/// The ninth migration, which rewrites no row.
enum SQLiteReissueSchema {
    static func add(to db: Database) throws {
        try db.execute(
            sql: """
                -- The attempts for it of which the server may hold a code that nobody has; NULL until the
                -- next one is prepared: then it is all attempts of the identity that no other one has.
                ALTER TABLE invitation ADD COLUMN ambiguous INTEGER CHECK (ambiguous >= 0);
                ALTER TABLE past_invitation ADD COLUMN ambiguous INTEGER CHECK (ambiguous >= 0);

                -- The reissue that is not done yet.
                CREATE TABLE reissue (
                    id INTEGER PRIMARY KEY CHECK (id = 1),
                    what TEXT NOT NULL CHECK (what <> ''),
                    begun_at_ms INTEGER NOT NULL
                ) STRICT;

                -- The identities that it is for, where they were listed.
                CREATE TABLE reissue_mark (
                    identity INTEGER PRIMARY KEY REFERENCES identity (id)
                ) STRICT;

                -- The identities that nothing more is issued for.
                CREATE TABLE given_up (
                    identity INTEGER PRIMARY KEY REFERENCES identity (id),
                    -- Of the invitation that they had then.
                    generation INTEGER NOT NULL CHECK (generation >= 1),
                    run INTEGER NOT NULL REFERENCES run (id),
                    at_ms INTEGER NOT NULL
                ) STRICT;

                -- The identities that are prepared for a next invitation, without walking past the others.
                CREATE INDEX identity_prepared ON identity (state) WHERE state <> 3 AND generation > 1;
                """
        )
    }
}
