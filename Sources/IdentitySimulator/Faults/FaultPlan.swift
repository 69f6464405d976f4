// What goes wrong on purpose, and for which requests.

package import Model

/// One way in which an answer goes wrong.
package enum FaultKind: String, CaseIterable, Sendable {
    /// HTTP 500 as while the server's database is locked; nothing is issued.
    case serverError = "500"
    /// The retryable 400 of two transactions that collided; nothing is issued.
    case serialize
    /// HTTP 429; nothing is issued.
    case tooManyRequests = "429"
    /// The connection is closed before the answer; nothing is issued.
    case close
    /// The connection is closed after a code was issued, before the answer.
    case closeAfter = "close-after"
    /// A code is issued, and its answer held back: for a time, or until the client goes away.
    case stall
    /// A code is issued, and the connection closed in the middle of the answer.
    case half
    /// A page in HTML, as from a gateway, with the status 502 or another; nothing is issued.
    case html
    /// A code is issued, and answered with 10 MiB that are no JSON.
    case huge

    /// Whether the request is carried out before the answer goes wrong.
    var happensAfterIssuing: Bool {
        switch self {
        case .closeAfter, .stall, .half, .huge: true
        case .serverError, .serialize, .tooManyRequests, .close, .html: false
        }
    }
}

/// One fault and the share of requests that it hits.
package struct Fault: Hashable, Sendable {
    package var kind: FaultKind
    /// From 0 to 1.
    package var share: Double
    /// How long a stalled answer is held; nil until the client goes away.
    package var stallTime: Duration?
    /// The seconds of a `Retry-After` header with a 429; nil for none.
    package var retryAfterSeconds: Int?
    /// The status of a gateway's page.
    package var pageStatus = 502

    package init(_ kind: FaultKind, share: Double, stallTime: Duration? = nil, retryAfterSeconds: Int? = nil)
    {
        self.kind = kind
        self.share = share
        self.stallTime = stallTime
        self.retryAfterSeconds = retryAfterSeconds
    }
}

/// The faults of a simulated server, chosen by the seed.
package struct FaultPlan: Sendable {
    package let faults: [Fault]

    package static let none = FaultPlan(unchecked: [])

    /// - Throws: `SettingError` where the shares add up to more than 1.
    package init(_ faults: [Fault]) throws(SettingError) {
        let sum = faults.reduce(0) { $0 + $1.share }
        guard sum <= 1 + 1e-9 else {
            throw SettingError("the shares of all faults add up to \(sum), which is more than 1")
        }
        self.init(unchecked: faults)
    }

    private init(unchecked faults: [Fault]) {
        self.faults = faults
    }

    /// The fault of one request, if any.
    ///
    /// It follows from the seed, the identity and how often the identity was asked for before, and from
    /// nothing else: neither concurrency nor the order of a roster changes it.
    package func fault(seed: UInt64, identity: IdentityID, timesBefore: Int) -> Fault? {
        guard !faults.isEmpty else { return nil }
        var drawn = SeededHash(seed: seed)
            .fraction(.fault, identity.high, identity.low, UInt64(timesBefore))
        for fault in faults {
            if drawn < fault.share { return fault }
            drawn -= fault.share
        }
        return nil
    }
}

extension Fault {
    /// Reads several faults: `500=2%,stall=0.1%:2s,429=1%:retry-after=2,html=1%:421`.
    package static func list(_ text: String) throws(SettingError) -> [Fault] {
        var faults: [Fault] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            faults.append(try Fault(String(part)))
        }
        return faults
    }

    /// Reads one fault: `KIND=SHARE` with a parameter after a colon where the kind takes one.
    package init(_ text: String) throws(SettingError) {
        let pieces = text.split(separator: ":", maxSplits: 1).map(String.init)
        let words = (pieces.first ?? "").split(separator: "=", maxSplits: 1).map(String.init)
        guard words.count == 2, let kind = FaultKind(rawValue: words[0]) else {
            let kinds = FaultKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw SettingError("'\(text)' is no fault: write KIND=SHARE with one of \(kinds)")
        }
        self.init(kind, share: try Share(words[1]).value)
        guard pieces.count == 2 else { return }
        switch kind {
        case .stall:
            guard let time = GoDuration(pieces[1]), time.nanoseconds > 0 else {
                throw SettingError("'\(pieces[1])' is no time to stall: write it as 2s or 500ms")
            }
            stallTime = .nanoseconds(time.nanoseconds)
        case .tooManyRequests:
            guard pieces[1].hasPrefix("retry-after="), let seconds = Int(pieces[1].dropFirst(12)),
                seconds >= 0
            else { throw SettingError("'\(pieces[1])' is no parameter of 429: write retry-after=SECONDS") }
            retryAfterSeconds = seconds
        case .html:
            guard let status = Int(pieces[1]), (400...599).contains(status) else {
                throw SettingError("'\(pieces[1])' is no status of a page: write it as 421 or 502")
            }
            pageStatus = status
        default:
            throw SettingError("the fault \(words[0]) takes no parameter, but '\(pieces[1])' was given")
        }
    }
}
