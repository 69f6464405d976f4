// What is asked for and at which pace, checked.

import ArgumentParser
import Foundation
import IdentityAPI
import Invitations
import Pacing
import Vocabulary

/// What `run` does, and `plan` reckons with.
struct IssueSettings: Sendable {
    let wish: IssueRequest
    /// The limits in force for issuing: those given, else the plan's.
    let rates: [Rate]
    /// The limits in force for look-ups.
    let readRates: [Rate]
    /// How many requests may go out at once in the shortest window.
    let burst: Int
    /// The part of every window that is ours.
    let share: Double
    let maxIdentities: Int?
    let retryFailed: Bool
    /// Whether identities of the campaign that are not in the roster are issued for, too.
    let takesAbsent: Bool
    let verifies: Bool
    let columns: [LookedUpColumn]

    static let defaultExpiresIn: Duration = .seconds(24 * 3600)

    /// The part of the limits for issuing that is ours.
    var ownRates: [Rate] { rates.map { $0.shared(share) } }

    init(_ settings: Settings) throws {
        let plan = try ProviderSettings(settings).plan
        wish = try Self.wish(settings)
        let form = "a rate such as 8/s, 175/m or 10000/h (at most \(Rate.countMax))"
        let rates = try settings.parsedList("rate", form, Rate.init(argument:))
        let readRates = try settings.parsedList("read-rate", form, Rate.init(argument:))
        self.rates = rates.isEmpty ? plan?.issuing ?? [] : rates
        self.readRates = readRates.isEmpty ? plan?.listing ?? [] : readRates
        burst = try settings.number("burst", in: 1...Rate.countMax) ?? 1
        share =
            try settings.parsed("share", "a part of 1 such as 0.5, at least 0.01") { text in
                Double(text).flatMap { (0.01...1).contains($0) ? $0 : nil }
            } ?? 1
        maxIdentities = try settings.number("max-identities", in: 1...Int(Int32.max))
        retryFailed = try settings.isOn("retry-failed")
        takesAbsent =
            try settings.parsed("absent", "skip or issue") { ["skip": false, "issue": true][$0] } ?? false
        columns = try Self.columns(settings)
        verifies = try settings.isOn("verify") || !columns.isEmpty
    }

    private static func wish(_ settings: Settings) throws -> IssueRequest {
        let method = try settings.parsed("method", "code or link", RecoveryMethod.init(rawValue:)) ?? .code
        let expiresIn =
            try settings.parsed("expires-in", "a duration of whole seconds such as 90s, 12h or 7d") { text in
                Duration(argument: text).flatMap {
                    $0 >= .seconds(1) && $0.inMilliseconds % 1000 == 0 ? $0 : nil
                }
            } ?? defaultExpiresIn
        let returnTo = try settings.parsed("return-to", "an absolute URL such as https://example.com/welcome")
        {
            let scheme = URLComponents(string: $0)?.scheme?.lowercased() ?? "javascript"
            return ["javascript", "data", "vbscript"].contains(scheme) ? nil : $0
        }
        return IssueRequest(
            method: method,
            expiresIn: expiresIn,
            flowType: try settings.parsed("flow-type", "browser or api", FlowType.init(rawValue:)),
            returnTo: returnTo
        )
    }

    /// What to think of before codes are made valid for longer than is good; nil where they are not.
    var validityWarning: String? {
        guard wish.expiresIn > Self.validityAdvised else { return nil }
        return
            "warning: codes that are valid for \(wish.expiresIn.inWords) lie in mailboxes for as long: NIST SP 800-63B "
            + "allows \(Self.validityAdvised.inWords) for recovery codes sent by e-mail"
    }

    /// NIST SP 800-63B-4, 4.2.1.2: issued recovery codes sent to a validated e-mail address.
    private static let validityAdvised: Duration = .seconds(24 * 3600)

    private static func columns(_ settings: Settings) throws -> [LookedUpColumn] {
        guard let value = settings.value("columns") else { return [] }
        let parts = value.texts.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
        var names: Set<String> = []
        return try parts.map { part in
            let text = part.trimmingCharacters(in: .whitespaces)
            guard let column = LookedUpColumn(argument: text) else {
                throw ValidationError(
                    "\(value.origin): \"\(text)\" is not a column's name and its path, such as email=traits.email"
                )
            }
            guard !InvitationTable.ownColumns.contains(column.name) else {
                throw ValidationError(
                    "\(value.origin): invitations have \(column.name) as a column of its own: name it otherwise"
                )
            }
            guard names.insert(column.name).inserted else {
                throw ValidationError("\(value.origin): the column \(column.name) is named twice")
            }
            return column
        }
    }
}
