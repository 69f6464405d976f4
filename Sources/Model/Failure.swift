// Why a request failed for one identity, and what the ledger keeps of it.
//
// What a run may have to keep beside the ledger is `Codable`: its keys are the format of spill files.

/// The kinds of failure that reports name; the raw values are part of the format of reports and ledgers.
///
/// A ledger may have kinds that another version of the program knows.
package struct FailureKind: RawRepresentable, Hashable, Codable, Sendable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let unknownIdentity = FailureKind(rawValue: "unknown_identity")
    /// Looked up beforehand, and switched off: its code would open nothing.
    package static let inactiveIdentity = FailureKind(rawValue: "inactive_identity")
    /// A campaign whose first answers are all of this kind is suspect.
    package static let rejectedByServer = FailureKind(rawValue: "rejected_by_server")
    package static let serverError = FailureKind(rawValue: "server_error")
    package static let rateLimited = FailureKind(rawValue: "rate_limited")
    package static let timeout = FailureKind(rawValue: "timeout")
    package static let connection = FailureKind(rawValue: "connection")
    package static let unreadableAnswer = FailureKind(rawValue: "unreadable_answer")
    /// Refused by something before the server, which every request would be.
    package static let gatewayError = FailureKind(rawValue: "gateway_error")
    /// Issued for as often as was allowed, and not activated.
    package static let notActivated = FailureKind(rawValue: "not_activated")
}

extension FailureKind: CaseIterable, CustomStringConvertible {
    /// Those that this version knows.
    package static let allCases: [FailureKind] = [
        unknownIdentity, inactiveIdentity, rejectedByServer, serverError, rateLimited, timeout, connection,
        unreadableAnswer, gatewayError, notActivated,
    ]

    package var description: String { rawValue }
}

/// Why a request failed.
package struct Failure: Hashable, Codable, Sendable {
    package let kind: FailureKind
    package let httpStatus: Int?
    /// The server's `error.id`.
    package var errorID: String?
    /// The server's own words, or what happened; never a credential or the body of a success.
    package var reason: String

    package init(kind: FailureKind, httpStatus: Int?, errorID: String?, reason: String) {
        self.kind = kind
        self.httpStatus = httpStatus
        self.errorID = errorID
        self.reason = reason
    }
}

/// A failure as the ledger keeps it: with the request that it came from.
@dynamicMemberLookup
package struct FailureRecord: Hashable, Codable, Sendable {
    package var failure: Failure
    /// Whether it is no use to ask again.
    package var isPermanent: Bool
    /// Empty where no request was sent.
    package var requestID: String
    package var at: Timestamp

    private enum CodingKeys: String, CodingKey {
        case isPermanent, requestID
        case at = "atMilliseconds"
    }

    package init(_ failure: Failure, isPermanent: Bool, requestID: String, at time: Timestamp) {
        self.failure = failure
        self.isPermanent = isPermanent
        self.requestID = requestID
        at = time
    }

    /// All in one object.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        failure = try Failure(from: decoder)
        isPermanent = try values.decode(Bool.self, forKey: .isPermanent)
        requestID = try values.decode(String.self, forKey: .requestID)
        at = try values.decode(Timestamp.self, forKey: .at)
    }

    package func encode(to encoder: any Encoder) throws {
        try failure.encode(to: encoder)
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(isPermanent, forKey: .isPermanent)
        try values.encode(requestID, forKey: .requestID)
        try values.encode(at, forKey: .at)
    }

    package subscript<Value>(dynamicMember member: KeyPath<Failure, Value>) -> Value {
        failure[keyPath: member]
    }
}
