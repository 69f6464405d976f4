// What the server remembers of its users: flows, sessions, passwords and mails.

import Model

/// The state behind the public port, of bounded size.
struct SelfServiceState: Sendable {
    /// As many flows, sessions, … of a kind are remembered; the oldest are forgotten first.
    ///
    /// More than a trial redeems, and some hundred MB at most.
    static let countMax = 250_000

    var recoveries = Remembered<IdentityID, RecoveryFlow>(max: countMax)
    var settings = Remembered<IdentityID, SettingsFlow>(max: countMax)
    var logins = Remembered<IdentityID, LoginFlow>(max: countMax)
    private(set) var sessions = Remembered<IdentityID, Session>(max: countMax)
    /// The sessions of each identity, the earliest first, forgotten ones among them.
    private var sessionsByIdentity = Remembered<IdentityID, [IdentityID]>(max: countMax)
    private var lastSessionAt = GoTime(nanoseconds: 0)
    /// The session of each token and each cookie.
    var secrets = Remembered<String, IdentityID>(max: countMax)
    var profiles = Remembered<IdentityID, Profile>(max: countMax)
    /// The mails in their order, at most `mailsMax`.
    var mails: [Mail] = []
    static let mailsMax = 100_000

    /// The methods that were switched off, at the start or since.
    var switchedOff: Set<IssuingEndpoint>

    private let hash: SeededHash
    private var made: UInt64 = 0

    init(_ hash: SeededHash, switchedOff: Set<IssuingEndpoint>) {
        self.hash = hash
        self.switchedOff = switchedOff
    }

    /// What users changed of their accounts.
    struct Profile: Sendable {
        var password: String?
        var changedAt: GoTime?
        var verifiedAt: GoTime?
        var hasVerificationMail = false
    }
}

extension SelfServiceState {
    /// A random-looking word that follows from the seed and the order of events.
    mutating func word() -> UInt64 {
        made += 1
        return hash.word(.selfService, made)
    }

    mutating func newID() -> IdentityID {
        IdentityID(
            high: word() & 0xffff_ffff_ffff_0fff | 0x4000,
            low: word() & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
        )
    }

    mutating func newCode() -> String { String(1_000_000 + word() % 1_000_000).dropFirst().description }

    mutating func bytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count { withUnsafeBytes(of: word().bigEndian) { bytes.append(contentsOf: $0) } }
        return Array(bytes.prefix(count))
    }

    mutating func newCSRF() -> CSRFToken? { CSRFToken(bytes(32)) }

    /// The token as a form has it, under a new pad; empty where there is none.
    mutating func masked(_ token: CSRFToken?) -> String { token?.masked(by: bytes(32)) ?? "" }

    mutating func newLetters(_ count: Int) -> String {
        let letters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".unicodeScalars)
        var text = ""
        for _ in 0..<count { text.unicodeScalars.append(letters[Int(word() % 62)]) }
        return text
    }

    mutating func keep(_ mail: Mail) {
        mails.append(mail)
        // Dropping is a copy of the rest, so it is done rarely.
        if mails.count >= 2 * Self.mailsMax { mails.removeFirst(Self.mailsMax) }
    }
}

// MARK: - Sessions

extension SelfServiceState {
    /// When a session is kept: in whole microseconds, and later than every other one.
    mutating func sessionTime(_ now: GoTime) -> GoTime {
        let next = max(now.nanoseconds / 1000, lastSessionAt.nanoseconds / 1000 + 1)
        lastSessionAt = GoTime(nanoseconds: next * 1000)
        return lastSessionAt
    }

    mutating func keep(_ session: Session) {
        sessions.keep(session, session.id)
        let earlier = (sessionsByIdentity[session.identity] ?? []).filter { sessions[$0] != nil }
        sessionsByIdentity.keep(earlier + [session.id], session.identity)
    }

    /// The sessions of an identity, the latest first.
    func sessions(of identity: IdentityID) -> [Session] {
        (sessionsByIdentity[identity] ?? []).reversed().compactMap { sessions[$0] }
    }

    /// Up to `count` sessions that were made before a time, the latest first.
    func sessions(before time: GoTime, count: Int, where isWanted: (Session) -> Bool) -> [Session] {
        // The first one that is earlier: they stand in the order of their making.
        var low = 0
        var high = sessions.count
        while low < high {
            let middle = (low + high) / 2
            let isEarlier = sessions.latest(middle).map { $0.createdAt.nanoseconds < time.nanoseconds }
            if isEarlier ?? true { high = middle } else { low = middle + 1 }
        }
        var found: [Session] = []
        while found.count < count, let session = sessions.latest(low) {
            if isWanted(session) { found.append(session) }
            low += 1
        }
        return found
    }
}
