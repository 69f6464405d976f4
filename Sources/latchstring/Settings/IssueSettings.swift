// What is asked for and at which pace, checked.

import ArgumentParser
import Campaign
import Foundation
import Providers
import Exports
import Pacing
import Model

/// What `run` does, and `plan` reckons with.
struct IssueSettings: Sendable {
    let issueRequest: IssueRequest
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

    /// The part of the limits for issuing that is ours.
    var ownRates: [Rate] { rates.map { $0.shared(share) } }

    /// - Parameter remembered: what the campaign remembers of its server, where none is given.
    init(_ settings: Settings, remembered: RememberedServer? = nil) throws {
        let plan = try ProviderSettings(settings, remembered: remembered).plan
        issueRequest = try Self.issueRequest(settings)
        let rates = try settings[\.issuing.rate]
        let readRates = try settings[\.issuing.readRate]
        self.rates = rates.isEmpty ? plan?.issuing ?? [] : rates
        self.readRates = readRates.isEmpty ? plan?.listing ?? [] : readRates
        burst = try settings[\.issuing.burst]
        share = try settings[\.issuing.share]
        maxIdentities = try settings[\.issuing.maxIdentities]
        retryFailed = try settings[\.issuing.retryFailed]
        takesAbsent = try settings[\.issuing.absent] == .issue
        columns = try settings[\.issuing.columns]
        verifies = try settings[\.issuing.verify] || !columns.isEmpty
    }

    private static func issueRequest(_ settings: Settings) throws -> IssueRequest {
        IssueRequest(
            method: try settings[\.issuing.method],
            expiresIn: try settings[\.issuing.expiresIn],
            flowType: try settings[\.issuing.flowType],
            returnTo: try settings[\.issuing.returnTo]
        )
    }

    /// What to think of before codes are made valid for longer than is good; nil where they are not.
    var validityWarning: String? {
        guard issueRequest.expiresIn > Self.validityAdvised else { return nil }
        return
            "warning: codes that are valid for \(issueRequest.expiresIn.inWords) lie in mailboxes for as "
            + "long: NIST SP 800-63B allows \(Self.validityAdvised.inWords) for recovery codes sent by "
            + "e-mail"
    }

    /// NIST SP 800-63B-4, 4.2.1.2: issued recovery codes sent to a validated e-mail address.
    private static let validityAdvised: Duration = .seconds(24 * 3600)
}
