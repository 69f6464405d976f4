// What requests for lists of sessions ask for, and the `Link` that tells the way to the other pages.

import Model

/// The parameters of `GET /admin/sessions`, judged as `session/handler.go` of Kratos v26.2 judges them.
///
/// Sessions come the latest first, and a page begins after the session that its token names.
struct SessionListing: Sendable {
    /// The time of the session after which the page begins.
    let before: GoTime
    let size: Int
    let filter: SessionFilter
    let hasIdentities: Bool
    let hasDevices: Bool

    private static let sizeDefault = 250
    private static let sizeMax = 1000
    private static let first =
        "id=00000000-0000-0000-0000-000000000000/created_at=2200-12-31 23:59:59"

    /// A 400, in the words of its reason.
    struct Refusal: Error {
        let reason: String

        static let badToken = Refusal(
            reason: "The page token is invalid, do not craft your own page tokens"
        )
    }

    init(_ query: GoQuery) throws(Refusal) {
        filter = try SessionFilter(query)
        let size = try query["page_size"].map(SessionFilter.number) ?? 0
        self.size = size < 1 ? Self.sizeDefault : min(size, Self.sizeMax)
        before = try Self.time(of: query["page_token"] ?? "")
        let expanded = query.values(of: "expand").map { $0.lowercased() }
        for option in expanded where option != "identity" && option != "devices" {
            throw Refusal(reason: "Could not parse expand option: \(option)")
        }
        hasIdentities = expanded.contains("identity")
        hasDevices = expanded.contains("devices")
    }

    /// The value of the `Link` header.
    ///
    /// - Parameter last: the last session of the page, where another page follows.
    func link(_ query: GoQuery, last: Session?) -> String {
        var links = [(token: Self.first, relation: "first")]
        if let last {
            let time = last.createdAt.inDatabase.dropLast().replacing("T", with: " ")
            links.append(("id=\(last.id.text)/created_at=\(time)", "next"))
        }
        return links.map { token, relation in
            var query = query
            query["page_size"] = String(size)
            query["page_token"] = Base64.encodedForURL(token)
            return "</admin/sessions?\(query.encoded)>; rel=\"\(relation)\""
        }.joined(separator: ",")
    }

    private static func time(of token: String) throws(Refusal) -> GoTime {
        guard !token.isEmpty else { return GoTime(nanoseconds: .max) }
        guard let text = Base64.decodedFromURL(token) else { throw .badToken }
        let parts = text.split(separator: "/created_at=", maxSplits: 1)
        guard parts.count == 2, parts[0].hasPrefix("id="), let time = GoTime(inDatabase: parts[1]) else {
            throw .badToken
        }
        return time
    }
}

/// Which sessions are listed.
struct SessionFilter: Sendable {
    /// Nil for all.
    let isActive: Bool?

    init(_ query: GoQuery) throws(SessionListing.Refusal) {
        switch query["active"] ?? "" {
        case "": isActive = nil
        case "1", "t", "T", "true", "TRUE", "True": isActive = true
        case "0", "f", "F", "false", "FALSE", "False": isActive = false
        default: throw SessionListing.Refusal(reason: "could not parse parameter active")
        }
    }

    func takes(_ session: Session, at now: GoTime) -> Bool {
        isActive.map { $0 == session.isActive(at: now) } ?? true
    }

    /// Go's `strconv.Atoi`.
    static func number(_ text: String) throws(SessionListing.Refusal) -> Int {
        guard let number = Int(text) else {
            throw SessionListing.Refusal(
                reason: "strconv.Atoi: parsing \(JSONText.quoted(text)): invalid syntax"
            )
        }
        return number
    }
}

/// A page of the sessions of one identity, by its number.
struct SessionPage: Sendable {
    let number: Int
    let size: Int

    private static let sizeDefault = 250
    private static let sizeMax = 500

    init(_ query: GoQuery) {
        let wanted = (query["page_size"] ?? query["per_page"]).flatMap { Int($0) } ?? 0
        let size = wanted < 1 ? Self.sizeDefault : min(wanted, Self.sizeMax)
        let offset = query["page_token"].flatMap(Base64.decodedFromURL)
            .flatMap { text in Array(text.utf8).withUnsafeBytes { try? JSONTree($0) } }?["offset"]?.string
            .flatMap { Int($0) }
        number = max(0, offset.map { $0 / size } ?? query["page"].flatMap { Int($0) } ?? 0)
        self.size = size
    }

    /// The value of the `Link` header, as `ory/x/pagination` makes it.
    ///
    /// - Parameter total: the number of all sessions.
    func link(_ path: Substring, _ query: GoQuery, total: Int) -> String {
        let offset = number * size
        let final = total == 0 ? 0 : (total - 1) / size * size
        let following = ((offset / size + 1) * size, (offset / size - 1) * size)
        var links: [(offset: Int, size: Int, relation: String)]
        if total == 0 {
            links = [(0, size, "first"), (following.0, size, "next"), (following.1, size, "prev")]
        } else if offset >= final {
            links =
                total <= size ? [(0, total, "first")] : [(0, size, "first"), (final - size, size, "prev")]
        } else if offset < size {
            links = [(size, size, "next"), (final, size, "last")]
        } else {
            links = [
                (0, size, "first"), (following.0, size, "next"), (following.1, size, "prev"),
                (final, size, "last"),
            ]
        }
        return links.map { offset, size, relation in
            var query = query
            query["page"] = String(offset / size)
            query["page_size"] = String(size)
            query["per_page"] = String(size)
            query["page_token"] = Base64.encodedForURL(#"{"offset":"\#(offset)","v":2}"#)
            return "<\(path)?\(query.encoded)>; rel=\"\(relation)\""
        }.joined(separator: ",")
    }
}

extension GoTime {
    /// A time as it stands in page tokens: `2026-11-27 11:28:48.98571`.
    init?(inDatabase text: Substring) {
        let parts = text.split { !$0.isWholeNumber }
        guard (6...7).contains(parts.count), let time = Self.civilTime(parts.prefix(6).compactMap { Int($0) })
        else { return nil }
        var nanoseconds: Int64 = 0
        if parts.count == 7 {
            let digits = parts[6].prefix(9) + String(repeating: "0", count: max(0, 9 - parts[6].count))
            guard let fraction = Int64(digits) else { return nil }
            nanoseconds = fraction
        }
        let (whole, overflow) = time.multipliedReportingOverflow(by: 1_000_000_000)
        self.init(nanoseconds: overflow ? .max : whole + nanoseconds)
    }

    /// The seconds since 1970 of a date and a time of day; nil where there is no such time.
    private static func civilTime(_ parts: [Int]) -> Int64? {
        guard parts.count == 6, (1...9999).contains(parts[0]), (1...12).contains(parts[1]),
            (1...31).contains(parts[2]), parts[3] < 24, parts[4] < 60, parts[5] < 60
        else { return nil }
        // Howard Hinnant's `days_from_civil`.
        let year = parts[1] <= 2 ? parts[0] - 1 : parts[0]
        let era = year / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * ((parts[1] + 9) % 12) + 2) / 5 + parts[2] - 1
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        return Int64(days) * 86_400 + Int64(parts[3] * 3600 + parts[4] * 60 + parts[5])
    }
}
