// What a request for a list of identities asks for, and the `Link` that tells the way to the other pages.

import Model

/// The parameters of `GET /admin/identities`, judged as `identity/handler.go` of Kratos v26.2 judges them.
struct IdentityListing: Sendable {
    enum Filter: Hashable, Sendable {
        case none
        case ids([IdentityID])
        case credentialsIdentifier(String)
    }

    enum Page: Hashable, Sendable {
        case after(IdentityID, size: Int)
        /// The old way: pages by number.
        case number(Int, size: Int)
    }

    var filter = Filter.none
    var page = Page.after(.null, size: IdentityListing.sizeDefault)
    var includesCredentials = false
    var declassifiesPassword = false

    static let sizeDefault = 250
    static let sizeMax = 500
    static let idsMax = 500
    /// How far the old way of paging reaches.
    private static let oldWayMax = 1000

    /// A 400, in the words of its reason.
    struct Refusal: Error, Hashable {
        let reason: String
    }

    init(_ query: GoQuery, ignoresIDs: Bool) throws(Refusal) {
        let ids = ignoresIDs ? [] : query.values(of: "ids")
        let identifier = query["credentials_identifier"] ?? ""
        if !ids.isEmpty { filter = .ids(try Self.identities(ids)) }
        if !identifier.isEmpty {
            filter = .credentialsIdentifier(identifier)
            includesCredentials = true
        }
        for type in query.values(of: "include_credential") {
            guard Self.credentialTypes.contains(type) else {
                throw Refusal(reason: "Invalid value `\(type)` for parameter `include_credential`.")
            }
            includesCredentials = true
            declassifiesPassword = declassifiesPassword || type == "password"
        }
        guard ids.isEmpty || identifier.isEmpty else {
            throw Refusal(reason: "You cannot combine multiple filters in this API")
        }
        page = try Self.page(query)
    }

    /// The value of the `Link` header.
    ///
    /// - Parameters:
    ///   - last: the last identity of the page, where another page follows.
    ///   - total: the number of all identities, with pages by number.
    func link(_ query: GoQuery, last: IdentityID?, total: Int) -> String {
        switch page {
        case .after(_, let size):
            var links = [(token: IdentityID.null, relation: "first")]
            if let last { links.append((last, "next")) }
            return links.map { token, relation in
                var query = query
                query["page_size"] = String(size)
                query["page_token"] = token.text
                return "</admin/identities?\(query.encoded)>; rel=\"\(relation)\""
            }.joined(separator: ",")
        case .number(let number, let size):
            let final = max(0, (total + size - 1) / size - 1)
            var links: [(number: Int, relation: String)] = []
            if number > 0 { links.append((0, "first")) }
            if number < final { links.append((number + 1, "next")) }
            if number > 0 { links.append((min(number - 1, final), "prev")) }
            if number < final { links.append((final, "last")) }
            return links.map { number, relation in
                var query = query
                query["page"] = String(number)
                query["per_page"] = String(size)
                return "</admin/identities?\(query.encoded)>; rel=\"\(relation)\""
            }.joined(separator: ",")
        }
    }

    private static func identities(_ texts: [String]) throws(Refusal) -> [IdentityID] {
        var identities: [IdentityID] = []
        for text in texts {
            guard let identity = try? IssueBody.identity(text) else {
                throw Refusal(reason: "Invalid UUID value `\(text)` for parameter `ids`.")
            }
            identities.append(identity)
        }
        guard identities.count <= idsMax else {
            throw Refusal(reason: "The number of ids to filter must not exceed \(idsMax).")
        }
        return identities
    }

    private static func page(_ query: GoQuery) throws(Refusal) -> Page {
        let token = query["page_token"]
        let size = query["page_size"] ?? (query["page"] == nil ? query["per_page"] : nil)
        if token != nil || size != nil {
            let size = try size.map(number) ?? 0
            guard let token, !token.isEmpty else { return .after(.null, size: bounded(size)) }
            guard let identity = try? IssueBody.identity(token) else {
                throw Refusal(reason: "The page token is invalid, do not craft your own page tokens")
            }
            return .after(identity, size: bounded(size))
        }
        guard let page = query["page"] else { return .after(.null, size: sizeDefault) }
        let perPage = bounded(query["per_page"].flatMap { Int($0) } ?? 0)
        let number = max(0, Int(page) ?? 0)
        guard number <= oldWayMax, number * perPage <= oldWayMax else {
            throw Refusal(
                reason: "Legacy pagination is not supported for enumerating over \(oldWayMax) items. "
                    + "Please switch to using page_token and page_size."
            )
        }
        return .number(number, size: perPage)
    }

    /// Go's `strconv.Atoi`.
    private static func number(_ text: String) throws(Refusal) -> Int {
        if text.isEmpty { return 0 }
        guard let number = Int(text) else {
            throw Refusal(reason: "strconv.Atoi: parsing \(JSONText.quoted(text)): invalid syntax")
        }
        return number
    }

    private static func bounded(_ size: Int) -> Int {
        size < 1 ? sizeDefault : min(size, sizeMax)
    }

    static let credentialTypes: Set = [
        "password", "oidc", "saml", "totp", "lookup_secret", "webauthn", "code", "passkey", "profile",
        "link_recovery", "code_recovery",
    ]
}
