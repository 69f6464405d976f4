// The tables of a SQLite ledger. A migration is never edited once it has landed: add another.

import GRDB

enum SQLiteSchema {
    /// The states of an identity, as the `identity.state` column holds them.
    enum State: Int {
        case pending = 0
        case claimed = 1
        case inDoubt = 2
        case issued = 3
        case failed = 4
    }

    /// The length of `campaign.sealed_to` and `seal.public_key`, X25519's.
    static let publicKeyBytes = 32

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 the main job", migrate: createMainJob)
        migrator.registerMigration("2 look-ups", migrate: addLookups)
        migrator.registerMigration("3 pacing", migrate: addPacing)
        migrator.registerMigration("4 sealing and purging", migrate: addSealingAndPurging)
        migrator.registerMigration("5 scopes of runs", migrate: addScopes)
        migrator.registerMigration("6 owners, generations and histories", migrate: SQLiteHistorySchema.add)
        migrator.registerMigration("7 activations", migrate: SQLiteActivationSchema.add)
        migrator.registerMigration("8 hand-over batches", migrate: SQLiteBatchSchema.add)
        migrator.registerMigration("9 reissues", migrate: SQLiteReissueSchema.add)
        migrator.registerMigration("10 the funnel", migrate: SQLiteFunnelSchema.add)
        migrator.registerMigration("11 deliveries", migrate: SQLiteDeliverySchema.add)
        return migrator
    }

    private static func createMainJob(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE campaign (
                    id INTEGER PRIMARY KEY CHECK (id = 1),
                    name TEXT NOT NULL,
                    server TEXT NOT NULL CHECK (server <> ''),
                    revision INTEGER NOT NULL DEFAULT 0
                ) STRICT;

                CREATE TABLE roster (
                    id INTEGER PRIMARY KEY,
                    name TEXT NOT NULL,
                    begun_at_ms INTEGER NOT NULL,
                    -- The names of the further columns, a JSON array.
                    columns TEXT NOT NULL DEFAULT '[]',
                    enrolled INTEGER NOT NULL DEFAULT 0 CHECK (enrolled >= enrolled_new),
                    enrolled_new INTEGER NOT NULL DEFAULT 0 CHECK (enrolled_new >= 0),
                    duplicates INTEGER NOT NULL DEFAULT 0 CHECK (duplicates >= 0),
                    rejected INTEGER NOT NULL DEFAULT 0 CHECK (rejected >= 0),
                    -- Both NULL until the roster has been read to its end.
                    fingerprint TEXT CHECK (length(fingerprint) > 0),
                    size INTEGER CHECK (size >= 0),
                    CHECK ((fingerprint IS NULL) = (size IS NULL))
                ) STRICT;

                CREATE TABLE rejected_row (
                    roster INTEGER NOT NULL REFERENCES roster (id),
                    line INTEGER NOT NULL CHECK (line >= 1),
                    column_name TEXT,
                    reason TEXT NOT NULL,
                    value TEXT NOT NULL,
                    first_line INTEGER CHECK (first_line >= 1),
                    CHECK ((first_line IS NULL) = (reason <> 'duplicate'))
                ) STRICT;
                CREATE INDEX rejected_row_by_roster ON rejected_row (roster);

                CREATE TABLE identity (
                    -- The order of enrolment.
                    id INTEGER PRIMARY KEY,
                    identity_id BLOB NOT NULL UNIQUE CHECK (length(identity_id) = 16),
                    -- The latest roster that names it, the line there, and that row's further columns, a JSON
                    -- array.
                    roster INTEGER NOT NULL REFERENCES roster (id),
                    line INTEGER NOT NULL CHECK (line >= 1),
                    columns TEXT NOT NULL,
                    -- 0 pending, 1 claimed, 2 in doubt, 3 issued, 4 failed
                    state INTEGER NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 4),
                    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= ambiguous_attempts),
                    ambiguous_attempts INTEGER NOT NULL DEFAULT 0 CHECK (ambiguous_attempts >= 0)
                ) STRICT;
                -- What is due, without walking past what is done.
                CREATE INDEX identity_not_issued ON identity (state, id) WHERE state <> 3;
                CREATE INDEX identity_ambiguous ON identity (ambiguous_attempts) WHERE ambiguous_attempts > 0;

                CREATE TABLE run (
                    id INTEGER PRIMARY KEY,
                    -- NULL until the roster has been enrolled.
                    roster INTEGER REFERENCES roster (id),
                    process TEXT NOT NULL,
                    version TEXT NOT NULL,
                    server TEXT NOT NULL,
                    started_at_ms INTEGER NOT NULL,
                    finished_at_ms INTEGER,
                    stopped_because TEXT,
                    enrolled_new INTEGER NOT NULL DEFAULT 0 CHECK (enrolled_new >= 0),
                    requests INTEGER NOT NULL DEFAULT 0 CHECK (requests >= 0),
                    retries INTEGER NOT NULL DEFAULT 0 CHECK (retries >= 0),
                    issued INTEGER NOT NULL DEFAULT 0 CHECK (issued >= 0),
                    failed INTEGER NOT NULL DEFAULT 0 CHECK (failed >= 0),
                    ambiguous_attempts INTEGER NOT NULL DEFAULT 0 CHECK (ambiguous_attempts >= 0),
                    rate_limited_answers INTEGER NOT NULL DEFAULT 0 CHECK (rate_limited_answers >= 0)
                ) STRICT;

                CREATE TABLE invitation (
                    identity INTEGER PRIMARY KEY REFERENCES identity (id),
                    recovery_code TEXT NOT NULL,
                    recovery_link TEXT NOT NULL,
                    -- As the server sent it, and as a time that compares.
                    expires_at TEXT NOT NULL CHECK (expires_at <> ''),
                    expires_at_ms INTEGER NOT NULL,
                    request_id TEXT NOT NULL,
                    issued_at_ms INTEGER NOT NULL,
                    run INTEGER NOT NULL REFERENCES run (id),
                    CHECK (recovery_code <> '' OR recovery_link <> '')
                ) STRICT;
                CREATE INDEX invitation_by_expiry ON invitation (expires_at_ms);

                -- The last failure of each identity that ever had one.
                CREATE TABLE failure (
                    identity INTEGER PRIMARY KEY REFERENCES identity (id),
                    kind TEXT NOT NULL CHECK (kind <> ''),
                    is_permanent INTEGER NOT NULL CHECK (is_permanent IN (0, 1)),
                    http_status INTEGER CHECK (http_status BETWEEN 100 AND 999),
                    error_id TEXT,
                    reason TEXT NOT NULL,
                    request_id TEXT NOT NULL,
                    attempted_at_ms INTEGER NOT NULL
                ) STRICT;

                -- How many requests were known to be over in which second, so that limits hold across runs.
                CREATE TABLE requests_by_second (
                    second INTEGER PRIMARY KEY,
                    requests INTEGER NOT NULL CHECK (requests > 0)
                ) STRICT;

                CREATE TABLE output (
                    name TEXT PRIMARY KEY,
                    revision INTEGER NOT NULL,
                    options TEXT NOT NULL,
                    size INTEGER NOT NULL,
                    modified_ns INTEGER NOT NULL,
                    remarks TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(remarks))
                ) STRICT, WITHOUT ROWID;

                CREATE VIEW invitations AS
                    WITH spelled AS (SELECT *, lower(hex(identity_id)) AS hex FROM identity)
                    SELECT
                        substr(hex, 1, 8) || '-' || substr(hex, 9, 4) || '-' || substr(hex, 13, 4) || '-'
                            || substr(hex, 17, 4) || '-' || substr(hex, 21) AS identity_id,
                        CASE state WHEN 0 THEN 'pending' WHEN 1 THEN 'claimed' WHEN 2 THEN 'in doubt'
                            WHEN 3 THEN 'issued' ELSE 'failed' END AS state,
                        recovery_code, recovery_link, expires_at, invitation.request_id AS request_id,
                        strftime('%Y-%m-%dT%H:%M:%fZ', issued_at_ms / 1000.0, 'unixepoch') AS issued_at,
                        attempts, ambiguous_attempts,
                        failure.kind AS last_failure_kind, failure.reason AS last_failure_reason,
                        roster.columns AS column_names, spelled.columns AS column_values
                    FROM spelled
                    LEFT JOIN invitation ON invitation.identity = spelled.id
                    LEFT JOIN failure ON failure.identity = spelled.id
                    JOIN roster ON roster.id = spelled.roster;
                """
        )
    }

    private static func addLookups(_ db: Database) throws {
        try db.execute(
            sql: """
                -- What relative links are resolved against where nothing else is said; NULL for nothing.
                ALTER TABLE campaign ADD COLUMN link_base TEXT CHECK (link_base <> '');

                -- Columns whose values come from the server's identities, in the order in which they were
                -- first asked for.
                CREATE TABLE looked_up_column (
                    id INTEGER PRIMARY KEY,
                    name TEXT NOT NULL UNIQUE CHECK (name <> ''),
                    path TEXT NOT NULL CHECK (path <> ''),
                    -- Whether any identity had a value there.
                    is_found INTEGER NOT NULL DEFAULT 0 CHECK (is_found IN (0, 1))
                ) STRICT;

                -- Their values for one identity, a JSON array in that order; shorter where columns came
                -- later.
                CREATE TABLE looked_up (
                    identity INTEGER PRIMARY KEY REFERENCES identity (id),
                    columns TEXT NOT NULL
                ) STRICT;

                -- How many look-ups were sent in which second, so that limits hold across runs.
                CREATE TABLE lookups_by_second (
                    second INTEGER PRIMARY KEY,
                    requests INTEGER NOT NULL CHECK (requests > 0)
                ) STRICT;
                """
        )
    }

    private static func addPacing(_ db: Database) throws {
        try db.execute(
            sql: """
                -- The limits that held at the run's latest commit, such as '8/s, 175/m'; NULL for none.
                ALTER TABLE run ADD COLUMN limit_in_force TEXT CHECK (limit_in_force <> '');
                -- What requests waited for lately; NULL in runs that noted it not.
                ALTER TABLE run ADD COLUMN limited_by TEXT CHECK (limited_by IN ('operator', 'server', 'concurrency'));
                """
        )
    }

    /// The invitations are rebuilt: their secrets may be encrypted or gone.
    private static func addSealingAndPurging(_ db: Database) throws {
        try db.execute(
            sql: """
                -- The public key (X25519, 32 bytes) that codes and links are encrypted to; NULL where they
                -- are readable.
                ALTER TABLE campaign ADD COLUMN sealed_to BLOB CHECK (length(sealed_to) = 32);
                -- The revision that the latest purge with something to remove has left; NULL before one.
                ALTER TABLE campaign ADD COLUMN purged_revision INTEGER CHECK (purged_revision <= revision);

                -- One encapsulation of a key for the owner of `public_key`.
                CREATE TABLE seal (
                    id INTEGER PRIMARY KEY,
                    public_key BLOB NOT NULL CHECK (length(public_key) = 32),
                    encapsulated_key BLOB NOT NULL CHECK (length(encapsulated_key) > 0),
                    made_at_ms INTEGER NOT NULL
                ) STRICT;

                DROP VIEW invitations;
                DROP INDEX invitation_by_expiry;
                ALTER TABLE invitation RENAME TO old_invitation;
                CREATE TABLE invitation (
                    identity INTEGER PRIMARY KEY REFERENCES identity (id),
                    -- Both NULL where they are sealed or purged.
                    recovery_code TEXT,
                    recovery_link TEXT,
                    -- Code and link, encrypted.
                    seal INTEGER REFERENCES seal (id),
                    sealed BLOB,
                    purged_at_ms INTEGER,
                    -- As the server sent it, and as a time that compares.
                    expires_at TEXT NOT NULL CHECK (expires_at <> ''),
                    expires_at_ms INTEGER NOT NULL,
                    request_id TEXT NOT NULL,
                    issued_at_ms INTEGER NOT NULL,
                    run INTEGER NOT NULL REFERENCES run (id),
                    CHECK ((recovery_code IS NULL) = (recovery_link IS NULL)),
                    CHECK ((seal IS NULL) = (sealed IS NULL)),
                    CHECK ((recovery_link IS NOT NULL) + (sealed IS NOT NULL) + (purged_at_ms IS NOT NULL) = 1),
                    CHECK (recovery_code <> '' OR recovery_link <> '')
                ) STRICT;
                INSERT INTO invitation (identity, recovery_code, recovery_link, expires_at, expires_at_ms, request_id,
                        issued_at_ms, run)
                    SELECT identity, recovery_code, recovery_link, expires_at, expires_at_ms, request_id, issued_at_ms,
                        run FROM old_invitation ORDER BY identity;
                DROP TABLE old_invitation;
                CREATE INDEX invitation_by_expiry ON invitation (expires_at_ms);
                CREATE INDEX invitation_purged ON invitation (purged_at_ms) WHERE purged_at_ms IS NOT NULL;

                CREATE VIEW invitations AS
                    WITH spelled AS (SELECT *, lower(hex(identity_id)) AS hex FROM identity)
                    SELECT
                        substr(hex, 1, 8) || '-' || substr(hex, 9, 4) || '-' || substr(hex, 13, 4) || '-'
                            || substr(hex, 17, 4) || '-' || substr(hex, 21) AS identity_id,
                        CASE state WHEN 0 THEN 'pending' WHEN 1 THEN 'claimed' WHEN 2 THEN 'in doubt'
                            WHEN 3 THEN 'issued' ELSE 'failed' END AS state,
                        recovery_code, recovery_link, expires_at, invitation.request_id AS request_id,
                        strftime('%Y-%m-%dT%H:%M:%fZ', issued_at_ms / 1000.0, 'unixepoch') AS issued_at,
                        attempts, ambiguous_attempts,
                        failure.kind AS last_failure_kind, failure.reason AS last_failure_reason,
                        roster.columns AS column_names, spelled.columns AS column_values,
                        strftime('%Y-%m-%dT%H:%M:%fZ', purged_at_ms / 1000.0, 'unixepoch') AS purged_at
                    FROM spelled
                    LEFT JOIN invitation ON invitation.identity = spelled.id
                    LEFT JOIN failure ON failure.identity = spelled.id
                    JOIN roster ON roster.id = spelled.roster;
                """
        )
    }

    /// Whom a run takes, and which server a campaign belongs to.
    private static func addScopes(_ db: Database) throws {
        try db.execute(
            sql: """
                -- Whether the server has given an answer that can be used; before that `server` is the one
                -- tried last.
                ALTER TABLE campaign ADD COLUMN server_is_bound INTEGER NOT NULL DEFAULT 0
                    CHECK (server_is_bound IN (0, 1));
                UPDATE campaign SET server_is_bound = EXISTS (SELECT 1 FROM invitation)
                    OR EXISTS (SELECT 1 FROM run WHERE issued > 0)
                    OR EXISTS (SELECT 1 FROM looked_up)
                    OR EXISTS (SELECT 1 FROM failure WHERE is_permanent = 1);

                -- Whether the run takes everybody in the ledger, and not only the identities of its roster.
                ALTER TABLE run ADD COLUMN takes_absent INTEGER NOT NULL DEFAULT 1 CHECK (takes_absent IN (0, 1));
                ALTER TABLE run ADD COLUMN retries_failed INTEGER NOT NULL DEFAULT 0 CHECK (retries_failed IN (0, 1));
                -- How many were absent at its end; NULL where that was not counted.
                ALTER TABLE run ADD COLUMN absent INTEGER CHECK (absent >= 0);

                -- What is due in one roster, without walking past what is done, and past those of other
                -- rosters.
                DROP INDEX identity_not_issued;
                CREATE INDEX identity_not_issued ON identity (state, roster) WHERE state <> 3;
                """
        )
    }
}
