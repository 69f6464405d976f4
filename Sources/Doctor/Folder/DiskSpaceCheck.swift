// Whether the disk has room for what a roster comes to.

import Model

/// Compares what is free with an estimate of a campaign's ledger and its files.
struct DiskSpaceCheck {
    let folder: FolderSurvey
    /// Nil without a roster.
    let roster: (rows: Int, bytes: Int64)?

    /// What a row takes, its own columns left out.
    ///
    /// Measured with 10,000 rows of an ID and an address: 310 bytes in the ledger and 170 in invitations.csv,
    /// of which the roster's own twice are 118; another 170, since invitations.csv stands beside its
    /// successor while that is written; and links may be longer than those measured.
    static let rowBytes: Int64 = 600
    /// How often a row's own columns are written: into the ledger, and into invitations.csv.
    static let columnCopies: Int64 = 2
    /// What any campaign takes while it runs: the ledger's write-ahead log, above all.
    static let campaignBytes: Int64 = 16_000_000

    static func estimate(rows: Int, bytes: Int64) -> Int64 {
        campaignBytes + Int64(rows) * rowBytes + bytes * columnCopies
    }

    var finding: Finding {
        guard let free = folder.freeBytes else {
            return .skipped(.diskSpace, "how much is free in \(folder.nearestInWords) cannot be told")
        }
        let isFree = "\(Self.words(free)) are free in \(folder.nearestInWords)"
        guard let roster else {
            return .skipped(.diskSpace, "\(isFree); without a roster it is not known how much is wanted")
        }
        let whole = Self.estimate(rows: roster.rows, bytes: roster.bytes)
        let wanted = max(0, whole - folder.ledgerBytes)
        let message: Wording =
            "\(isFree), and the campaign of \(roster.rows) rows takes about \(Self.words(wanted)) more "
            + "(\(Self.words(Self.campaignBytes)), \(Self.rowBytes) bytes a row, and the roster twice)"
        if free < wanted {
            return .problem(.diskSpace, message, "make room there, or choose another \(.outputFolder)")
        }
        if free / 2 < wanted {
            return .warning(.diskSpace, message, "make room there: that is less than twice as much")
        }
        return .ok(.diskSpace, message)
    }

    /// `1.5 GB`; a byte count below a thousand as it is.
    static func words(_ bytes: Int64) -> String {
        var value = Double(bytes)
        for unit in ["bytes", "kB", "MB", "GB"] {
            if value < 999.95 {
                return unit == "bytes" ? "\(bytes) bytes" : "\((value * 10).rounded() / 10) \(unit)"
            }
            value /= 1000
        }
        return "\((value * 10).rounded() / 10) TB"
    }
}
