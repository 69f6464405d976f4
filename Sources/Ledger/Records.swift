// The values that go into the ledger and come out of it.
//
// Those that a run may have to keep beside the ledger are `Codable`: their keys are the format of spill
// files.

import Foundation
package import Vocabulary

/// The number of a roster in its ledger; higher is later.
package struct RosterID: Hashable, Comparable, Sendable {
    package let number: Int64
    package init(number: Int64) { self.number = number }
    package static func < (left: RosterID, right: RosterID) -> Bool { left.number < right.number }
}

/// The number of a run in its ledger; higher is later.
package struct RunID: Hashable, Sendable {
    package let number: Int64
    package init(number: Int64) { self.number = number }
}

/// The campaign that a ledger is of.
package struct CampaignRecord: Hashable, Sendable {
    package let name: String
    /// The normalised URL of the server that the campaign belongs to; while it is unbound, the one that was
    /// tried last.
    package let server: String
    /// Whether the server has ever given an answer that can be used; before that the campaign belongs to
    /// none.
    package let isServerBound: Bool
    /// Grows with every change that an output could show.
    package let revision: Int64
    /// What relative links are resolved against where nothing else is said.
    package let linkBase: String?
    /// The public key (X25519, 32 bytes) that codes and links are sealed to; nil where they are readable.
    package let sealedTo: [UInt8]?
    /// The revision that the latest purge has left, of those that removed something; nil before one.
    package let purgedRevision: Int64?

    package init(
        name: String,
        server: String,
        isServerBound: Bool,
        revision: Int64,
        linkBase: String?,
        sealedTo: [UInt8]?,
        purgedRevision: Int64?
    ) {
        self.name = name
        self.server = server
        self.isServerBound = isServerBound
        self.revision = revision
        self.linkBase = linkBase
        self.sealedTo = sealedTo
        self.purgedRevision = purgedRevision
    }
}

/// One row of a roster, on its way into the ledger.
package enum RosterEntry: Hashable, Sendable {
    case identity(IdentityID, line: Int, columns: [String])
    case rejected(RejectedRowRecord)
}

/// A roster row that cannot become a request, or a duplicate.
package struct RejectedRowRecord: Hashable, Sendable {
    /// The line of the row's start; of a JSON roster the number of the item.
    package let line: Int
    package let column: String?
    package let reason: String
    /// The value at fault, at most 200 characters.
    package let value: String
    /// Of a duplicate, the line of the first row with that ID.
    package let firstLine: Int?

    package init(line: Int, column: String?, reason: String, value: String, firstLine: Int? = nil) {
        self.line = line
        self.column = column
        self.reason = reason
        self.value = value
        self.firstLine = firstLine
    }

    /// The reason of duplicates.
    package static let duplicate = "duplicate"
}

/// What became of the rows of a roster: rows read = enrolled + duplicates + rejected.
package struct EnrolmentCounts: Hashable, Sendable {
    /// The rows whose identities belong to the campaign now, new ones and known ones.
    package var enrolled = 0
    /// Those of them that the campaign did not know before.
    package var enrolledNew = 0
    package var duplicates = 0
    package var rejected = 0
    /// Of the known ones, those that are due in the roster's run since it has come by them; of a run that
    /// takes only the identities of its roster.
    package var knownDue = 0

    package init() {}

    package var rowsRead: Int { enrolled + duplicates + rejected }

    package static func += (left: inout EnrolmentCounts, right: EnrolmentCounts) {
        left.enrolled += right.enrolled
        left.enrolledNew += right.enrolledNew
        left.duplicates += right.duplicates
        left.rejected += right.rejected
        left.knownDue += right.knownDue
    }
}

/// A roster as the ledger knows it.
package struct RosterRecord: Hashable, Sendable {
    package let id: RosterID
    package let name: String
    /// What tells whether a roster is the same; nil while it has not been read to its end.
    package let fingerprint: String?
    /// The size in bytes, of a roster read to its end.
    package let size: Int64?
    package let counts: EnrolmentCounts

    package init(
        id: RosterID,
        name: String,
        fingerprint: String?,
        size: Int64?,
        counts: EnrolmentCounts
    ) {
        self.id = id
        self.name = name
        self.fingerprint = fingerprint
        self.size = size
        self.counts = counts
    }
}

/// What the server issued for one identity.
package struct IssuedInvitation: Hashable, Codable, Sendable {
    package var secret: InvitationSecret
    /// As the server sent it; reckoned where it sent none.
    package var expiresAtText: String
    package var expiresAt: Timestamp
    package var requestID: String
    package var issuedAt: Timestamp

    private enum CodingKeys: String, CodingKey {
        case code, link, seal, sealed, expiresAtText
        case expiresAt = "expiresAtMilliseconds"
        case requestID
        case issuedAt = "issuedAtMilliseconds"
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        if let code = try values.decodeIfPresent(String.self, forKey: .code) {
            secret = .plain(code: code, link: try values.decode(String.self, forKey: .link))
        } else {
            let seal = SealID(number: try values.decode(Int64.self, forKey: .seal))
            secret = .sealed(seal, [UInt8](try values.decode(Data.self, forKey: .sealed)))
        }
        expiresAtText = try values.decode(String.self, forKey: .expiresAtText)
        expiresAt = try values.decode(Timestamp.self, forKey: .expiresAt)
        requestID = try values.decode(String.self, forKey: .requestID)
        issuedAt = try values.decode(Timestamp.self, forKey: .issuedAt)
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        switch secret {
        case .plain(let code, let link):
            try values.encode(code, forKey: .code)
            try values.encode(link, forKey: .link)
        case .sealed(let seal, let bytes):
            try values.encode(seal.number, forKey: .seal)
            try values.encode(Data(bytes), forKey: .sealed)
        case .purged: break
        }
        try values.encode(expiresAtText, forKey: .expiresAtText)
        try values.encode(expiresAt, forKey: .expiresAt)
        try values.encode(requestID, forKey: .requestID)
        try values.encode(issuedAt, forKey: .issuedAt)
    }

    package init(
        secret: InvitationSecret,
        expiresAtText: String,
        expiresAt: Timestamp,
        requestID: String,
        issuedAt: Timestamp
    ) {
        self.secret = secret
        self.expiresAtText = expiresAtText
        self.expiresAt = expiresAt
        self.requestID = requestID
        self.issuedAt = issuedAt
    }
}

extension IssuedInvitation: CustomStringConvertible, CustomReflectable {
    /// Without its secrets.
    package var description: String { "invitation \(requestID)" }
    package var customMirror: Mirror { Mirror(self, children: ["requestID": requestID]) }
}

/// What opens an account, as far as the ledger has it.
package enum InvitationSecret: Hashable, Sendable {
    /// As the server sent them: the code is opaque text, empty where the link is all; the link may be
    /// relative.
    case plain(code: String, link: String)
    /// Both of them encrypted, to be opened with the private key of that seal alone.
    case sealed(SealID, [UInt8])
    /// Removed from the ledger for good.
    case purged
}

extension InvitationSecret: CustomStringConvertible, CustomReflectable {
    package var description: String {
        switch self {
        case .plain: "[redacted]"
        case .sealed(let seal, _): "sealed by seal \(seal.number)"
        case .purged: "purged"
        }
    }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// The number of a seal in its ledger: one encapsulated key, to which many values are encrypted.
package struct SealID: Hashable, Sendable {
    package let number: Int64
    package init(number: Int64) { self.number = number }
}

/// One encapsulation of a key for the owner of a public key; the values of one run are sealed under it.
package struct SealRecord: Hashable, Codable, Sendable {
    package let id: SealID
    /// X25519, 32 bytes.
    package let publicKey: [UInt8]
    /// What the private key makes the sealing key from.
    package let encapsulatedKey: [UInt8]

    private enum CodingKeys: String, CodingKey {
        case id = "number"
        case publicKey, encapsulatedKey
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        id = SealID(number: try values.decode(Int64.self, forKey: .id))
        publicKey = [UInt8](try values.decode(Data.self, forKey: .publicKey))
        encapsulatedKey = [UInt8](try values.decode(Data.self, forKey: .encapsulatedKey))
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(id.number, forKey: .id)
        try values.encode(Data(publicKey), forKey: .publicKey)
        try values.encode(Data(encapsulatedKey), forKey: .encapsulatedKey)
    }

    package init(id: SealID, publicKey: [UInt8], encapsulatedKey: [UInt8]) {
        self.id = id
        self.publicKey = publicKey
        self.encapsulatedKey = encapsulatedKey
    }
}

/// A failure as the ledger keeps it.
package struct FailureRecord: Hashable, Codable, Sendable {
    /// The word for reports, such as `unknown_identity`.
    package var kind: String
    package var isPermanent: Bool
    package var httpStatus: Int?
    package var errorID: String?
    package var reason: String
    package var requestID: String
    package var at: Timestamp

    private enum CodingKeys: String, CodingKey {
        case kind, isPermanent, httpStatus, errorID, reason, requestID
        case at = "atMilliseconds"
    }

    package init(
        kind: String,
        isPermanent: Bool,
        httpStatus: Int?,
        errorID: String?,
        reason: String,
        requestID: String,
        at time: Timestamp
    ) {
        self.kind = kind
        self.isPermanent = isPermanent
        self.httpStatus = httpStatus
        self.errorID = errorID
        self.reason = reason
        self.requestID = requestID
        at = time
    }

    /// The kind of failure that makes a campaign's first answers suspect when it is the only one.
    package static let rejectedByServer = "rejected_by_server"
}

/// The counts of a campaign: identities = issued + failed + pending + in doubt.
package struct CampaignCounts: Hashable, Sendable {
    package var identities = 0
    package var issued = 0
    package var failed = 0
    /// Not yet asked for, and what a live run is working on.
    package var pending = 0
    /// Claimed at the moment: by a live run, or by one that died.
    package var claimed = 0
    /// Claimed by a run that died, and not asked for since.
    package var inDoubt = 0
    /// Of the issued, those whose code is no longer valid.
    package var expired = 0
    package var ambiguousAttempts = 0
    /// How many failed, by kind.
    package var failures: [String: Int] = [:]
    package var absent = AbsentCounts()

    package init() {}

    /// Those still to be asked for: what a run at work has claimed is its work.
    package func pending(isRunning: Bool) -> Int { pending + (isRunning ? claimed : 0) }

    /// Those who may have been asked for: what a run that died had claimed among them.
    package func inDoubt(isRunning: Bool) -> Int { inDoubt + (isRunning ? 0 : claimed) }
}

/// Identities that are not issued, and not in the latest roster that was read to its end nor in a later one.
package struct AbsentCounts: Hashable, Sendable {
    package var pending = 0
    package var claimed = 0
    package var inDoubt = 0
    /// Those that failed for a reason that may pass.
    package var failed = 0

    package init() {}

    package var all: Int { due + failed }

    /// Those that would be asked for, were they in the roster.
    package var due: Int { pending + claimed + inDoubt }
}

/// How an identity of the campaign stands, to a run that begins.
package enum Standing: Sendable {
    case issued
    /// It would be asked for.
    case due
    /// It failed, and would not be asked for unless failures are retried.
    case failedPermanently
}

/// One invitation with its roster columns.
package struct InvitationRow: Sendable {
    package let identityID: IdentityID
    package let invitation: IssuedInvitation
    package let columnsFrom: RosterID
    package let columns: [String]
    /// The values of the columns that were looked up, in the order of `lookedUpColumnNames`.
    package let lookedUp: [String]

    package init(
        identityID: IdentityID,
        invitation: IssuedInvitation,
        columnsFrom: RosterID,
        columns: [String],
        lookedUp: [String]
    ) {
        self.identityID = identityID
        self.invitation = invitation
        self.columnsFrom = columnsFrom
        self.columns = columns
        self.lookedUp = lookedUp
    }
}

/// One failed identity with its roster columns.
package struct FailureRow: Sendable {
    package let identityID: IdentityID
    package let failure: FailureRecord
    package let attempts: Int
    package let ambiguousAttempts: Int
    package let columnsFrom: RosterID
    package let columns: [String]

    package init(
        identityID: IdentityID,
        failure: FailureRecord,
        attempts: Int,
        ambiguousAttempts: Int,
        columnsFrom: RosterID,
        columns: [String]
    ) {
        self.identityID = identityID
        self.failure = failure
        self.attempts = attempts
        self.ambiguousAttempts = ambiguousAttempts
        self.columnsFrom = columnsFrom
        self.columns = columns
    }
}

/// How an output file was last written.
package struct OutputRecord: Hashable, Sendable {
    package var name: String
    /// The campaign's revision that it shows.
    package var revision: Int64
    /// What else it depends on: options, in any form.
    package var options: String
    package var size: Int64
    package var modifiedNanoseconds: Int64
    /// What was found while writing it, to say again when it is left alone.
    package var remarks: [String: Int]

    package init(
        name: String,
        revision: Int64,
        options: String,
        size: Int64,
        modifiedNanoseconds: Int64,
        remarks: [String: Int]
    ) {
        self.name = name
        self.revision = revision
        self.options = options
        self.size = size
        self.modifiedNanoseconds = modifiedNanoseconds
        self.remarks = remarks
    }
}
