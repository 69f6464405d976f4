// Why the public port did not do what it was asked for.

import Providers
import HTTPTransport

/// An answer, or its absence, that ends the way from a code to a login.
package struct SelfServiceRefusal: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable, CaseIterable {
        // The code or link itself.
        case codeWrong, codeUsed, codeLocked, linkRefused, flowExpired, flowUnknown, accountInactive
        // The server's settings.
        case transitionsOff, noSessionToken, sessionTooOld, secondFactorNeeded, forgerySuspected
        case recoveryDisabled, codeMethodDisabled, methodDisabled
        // The way there.
        case sessionMissing, passwordRefused, loginRefused, addressNotVerified, emailRefused
        // The server, or what stands before it.
        case notThePublicPort, redirected, forbidden, rateLimited, serverError, unreadable, refused
        // No answer at all.
        case hostNotFound, certificateRefused, timedOut, notConnected
    }

    package let kind: Kind
    /// Nil where no answer came.
    package let status: Int?
    /// The server's own words, without secrets, or what happened.
    package let serverMessage: String

    package init(_ kind: Kind, status: Int?, _ serverMessage: String) {
        self.kind = kind
        self.status = status
        self.serverMessage = serverMessage
    }
}

extension SelfServiceRefusal.Kind {
    /// From one of the server's messages to its users; nil where it says nothing of the kind.
    ///
    /// Kratos' `text/id.go`; 4010001 and 4000010 are not in the recordings.
    init?(messageID: Int, text: String) {
        switch messageID {
        case 4_060_006: self = .codeWrong
        case 4_060_004: self = .linkRefused
        case 4_060_005, 4_010_001, 4_050_001: self = .flowExpired
        case 4_000_006: self = .loginRefused
        case 4_000_010: self = .addressNotVerified
        case 4_000_040: self = .emailRefused
        case 4_000_005, 4_000_031, 4_000_032, 4_000_033, 4_000_034: self = .passwordRefused
        default: self.init(words: text)
        }
    }

    /// From the reason of an error.
    init?(words: String) {
        if words.contains("code was already used") {
            self = .codeUsed
        } else if words.contains("submitted too often") {
            self = .codeLocked
        } else if words.contains("Recovery is not allowed because it was disabled") {
            self = .recoveryDisabled
        } else if words.contains("endpoint was disabled") {
            self = .methodDisabled
        } else if words.contains("account was disabled") {
            self = .accountInactive
        } else {
            return nil
        }
    }

    init(_ error: TransportError.Kind) {
        switch error {
        case .hostNotResolved, .proxyNotResolved: self = .hostNotFound
        case .certificate: self = .certificateRefused
        case .timeout, .connectTimeout: self = .timedOut
        case .incompleteAnswer, .protocolViolation: self = .unreadable
        default: self = .notConnected
        }
    }
}
