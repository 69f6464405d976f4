// What the funnel is counted by, and what a purge at a run's end has to know.

import GRDB

/// The tenth migration, which rewrites no row but those of who has activated.
///
/// The funnel of millions is counted from its indexes. All but that of expiries are of few rows.
enum SQLiteFunnelSchema {
    static func add(to db: Database) throws {
        try db.execute(
            sql: """
                -- Of 'activated': how long after the first invitation was issued, by the server's clock where
                -- that is known, and when the current one expires.
                ALTER TABLE activation ADD COLUMN took_ms INTEGER;
                ALTER TABLE activation ADD COLUMN invitation_expires_at_ms INTEGER;
                UPDATE activation SET
                    took_ms = max(0, at_ms - coalesce(
                        (SELECT coalesce(server_issued_at_ms, issued_at_ms) FROM past_invitation p
                            WHERE p.identity = activation.identity ORDER BY generation LIMIT 1),
                        (SELECT coalesce(server_issued_at_ms, issued_at_ms) FROM invitation i
                            WHERE i.identity = activation.identity))),
                    invitation_expires_at_ms = (SELECT i.expires_at_ms FROM invitation i
                        WHERE i.identity = activation.identity)
                WHERE state = 'activated';
                CREATE INDEX activation_took ON activation (took_ms) WHERE state = 'activated';
                CREATE INDEX activation_expiry ON activation (invitation_expires_at_ms)
                    WHERE state = 'activated';
                CREATE INDEX activation_redeemed ON activation (identity) WHERE state = 'redeemed';

                CREATE INDEX invitation_again ON invitation (run) WHERE generation > 1;
                DROP INDEX invitation_by_expiry;
                CREATE INDEX invitation_by_expiry ON invitation (expires_at_ms, purged_at_ms);
                CREATE INDEX past_invitation_with_code ON past_invitation (expires_at_ms)
                    WHERE purged_at_ms IS NULL;

                -- Whether codes were removed from the tables, and not yet from the bytes of the file.
                ALTER TABLE campaign ADD COLUMN is_wiping INTEGER NOT NULL DEFAULT 0
                    CHECK (is_wiping IN (0, 1));
                """
        )
        try addToView(db)
    }

    /// The documented view gets further columns at its end.
    private static func addToView(_ db: Database) throws {
        try db.execute(
            sql: """
                DROP VIEW invitations;
                CREATE VIEW invitations AS
                    WITH spelled AS (SELECT *, lower(hex(identity_id)) AS hex FROM identity)
                    SELECT
                        substr(hex, 1, 8) || '-' || substr(hex, 9, 4) || '-' || substr(hex, 13, 4) || '-'
                            || substr(hex, 17, 4) || '-' || substr(hex, 21) AS identity_id,
                        CASE spelled.state WHEN 0 THEN 'pending' WHEN 1 THEN 'claimed'
                            WHEN 2 THEN 'in doubt' WHEN 3 THEN 'issued' ELSE 'failed' END AS state,
                        recovery_code, recovery_link, expires_at, invitation.request_id AS request_id,
                        strftime('%Y-%m-%dT%H:%M:%fZ', issued_at_ms / 1000.0, 'unixepoch') AS issued_at,
                        attempts, ambiguous_attempts,
                        failure.kind AS last_failure_kind, failure.reason AS last_failure_reason,
                        roster.columns AS column_names, spelled.columns AS column_values,
                        strftime('%Y-%m-%dT%H:%M:%fZ', purged_at_ms / 1000.0, 'unixepoch') AS purged_at,
                        invitation.generation AS generation,
                        activation.state AS activation,
                        CASE activation.state WHEN 'activated' THEN
                            strftime('%Y-%m-%dT%H:%M:%fZ', activation.at_ms / 1000.0, 'unixepoch')
                        END AS activated_at,
                        batch.number AS batch,
                        strftime('%Y-%m-%dT%H:%M:%fZ', batch.written_at_ms / 1000.0, 'unixepoch')
                            AS handed_over_at
                    FROM spelled
                    LEFT JOIN invitation ON invitation.identity = spelled.id
                    LEFT JOIN failure ON failure.identity = spelled.id
                    LEFT JOIN activation ON activation.identity = spelled.id
                    LEFT JOIN batch_member ON batch_member.identity = spelled.id
                        AND batch_member.generation = invitation.generation AND batch_member.ordinal = 0
                    LEFT JOIN batch ON batch.number = batch_member.batch
                    JOIN roster ON roster.id = spelled.roster;
                """
        )
    }
}
