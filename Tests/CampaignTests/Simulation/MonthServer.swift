// A server whose users come, set a password or not, and leave: it knows the truth about each of them.

import HTTPTransport
import Synchronization
import TestSupport
import Model

/// One user of a simulated month.
struct MonthUser {
    /// How long after a mail the user sets a password; nil for never.
    let delay: Duration?
    var isDeleted = false
    var changedAt: Timestamp
    /// When the password was set; nil as long as it is not.
    var passwordAt: Timestamp?
    /// The codes that were given, the latest last, with their times of expiry.
    var codes: [(code: String, expiresAt: Timestamp)] = []
}

/// Answers as a Kratos v26.2 does, as far as runs ask: for codes, for lists of identities, and for one of
/// them.
final class MonthServer: HTTPTransport {
    enum Weather: CaseIterable {
        case fine
        /// Some requests fail.
        case failing
        /// Some answers are lost on their way, and the server has done what it was asked for.
        case losing
        /// Nobody gets a connection.
        case down
    }

    fileprivate struct State {
        var users: [IdentityID: MonthUser] = [:]
        var weather = Weather.fine
        /// Whether the process that asks is dead: nothing that it does reaches anybody any more.
        var isDead = false
        var now = Timestamp(milliseconds: 0)
        var codesGiven = 0
        var random: SeededGenerator
        var violation: String?
        /// Is called before each request is answered.
        var onRequest: @Sendable () -> Void = {}
    }

    private let state: Mutex<State>

    init(seed: UInt64) { state = Mutex(State(random: SeededGenerator(seed: seed))) }

    var users: [IdentityID: MonthUser] { state.withLock(\.users) }
    var codesGiven: Int { state.withLock(\.codesGiven) }
    /// What should never have been asked for; nil where nothing was.
    var violation: String? { state.withLock(\.violation) }

    func change(_ id: IdentityID, _ body: (inout MonthUser) -> Void) {
        state.withLock { state in
            guard var user = state.users[id] else { return }
            body(&user)
            state.users[id] = user
        }
    }

    func add(_ id: IdentityID, _ user: MonthUser) { state.withLock { $0.users[id] = user } }

    /// A process begins to ask.
    func begin(_ weather: Weather, onRequest: @escaping @Sendable () -> Void) {
        state.withLock { state in
            (state.weather, state.isDead, state.onRequest) = (weather, false, onRequest)
        }
    }

    func set(_ time: Timestamp) { state.withLock { $0.now = max($0.now, time) } }

    /// The process that asks is dead.
    ///
    /// - Parameter body: what is done at that moment, during which nobody is answered.
    func die(_ body: () throws -> Void) rethrows {
        try state.withLock { state in
            state.isDead = true
            try body()
        }
    }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        state.withLock(\.onRequest)()
        let reply = state.withLock { state in
            guard !state.isDead, state.weather != .down else {
                return Result<HTTPResponse, TransportError>.failure(
                    TransportError(kind: .connectionFailed, wasSent: false, message: "connection refused")
                )
            }
            request.onSend?()
            return state.reply(to: request)
        }
        return try reply.get()
    }
}

extension MonthServer.State {
    fileprivate mutating func reply(to request: HTTPRequest) -> Result<HTTPResponse, TransportError> {
        if weather == .failing, random.chance(0.1) {
            return .success(
                error(503, "Service Unavailable", "The server is currently unable to handle the request")
            )
        }
        let response = answer(request)
        if weather == .losing, random.chance(0.1) {
            return .failure(
                TransportError(kind: .connectionClosed, wasSent: true, message: "the connection was closed")
            )
        }
        return .success(response)
    }

    private mutating func answer(_ request: HTTPRequest) -> HTTPResponse {
        let parts = request.url.split(separator: "?", maxSplits: 1)
        let path = parts[0].drop { $0 != ":" }.dropFirst(3).drop { $0 != "/" }
        switch (request.method, path) {
        case (.post, "/admin/recovery/code"): return code(String(decoding: request.body, as: UTF8.self))
        case (.get, "/admin/identities"):
            let query = (parts.count > 1 ? parts[1] : "").split(separator: "&")
            let ids = query.filter { $0.hasPrefix("ids=") }.compactMap { IdentityID(String($0.dropFirst(4))) }
            let listed = ids.compactMap { id in existing(id).map { Self.json(id, $0, isAlone: false) } }
            return respond(200, "[\(listed.joined(separator: ","))]")
        case (.get, _) where path.hasPrefix("/admin/identities/"):
            guard let id = IdentityID(String(path.dropFirst("/admin/identities/".count))),
                let user = existing(id)
            else { return error(404, "Not Found", "Unable to locate the resource") }
            return respond(200, Self.json(id, user, isAlone: true))
        default: return error(404, "Not Found", "404 page not found")
        }
    }

    private func existing(_ id: IdentityID) -> MonthUser? {
        users[id].flatMap { $0.isDeleted ? nil : $0 }
    }

    private mutating func code(_ body: String) -> HTTPResponse {
        // {"identity_id":"…","expires_in":"24h"}
        let words = body.split(separator: "\"", omittingEmptySubsequences: false)
        guard words.count > 3, let id = IdentityID(String(words[3])), var user = existing(id) else {
            return respond(
                404,
                #"{"error":{"code":404,"status":"Not Found","reason":"could not find identity"}}"#
            )
        }
        if user.passwordAt != nil { violation = "another code was asked for \(id), who has activated" }
        codesGiven += 1
        let code = String(100_000_000 + codesGiven)
        let expiresAt = now.advanced(by: MonthSimulation.validity)
        user.codes.append((code, expiresAt))
        users[id] = user
        return respond(
            201,
            """
            {"recovery_code":"\(code)","recovery_link":"https://id.example.org/recovery?flow=\(codesGiven)",\
            "expires_at":"\(expiresAt.rfc3339)"}
            """
        )
    }

    private func error(_ status: Int, _ name: String, _ message: String) -> HTTPResponse {
        respond(status, #"{"error":{"code":\#(status),"status":"\#(name)","message":"\#(message)"}}"#)
    }

    private func respond(_ status: Int, _ body: String) -> HTTPResponse {
        HTTPResponse(
            status: status,
            headers: [
                HTTPHeader(name: "Content-Type", value: "application/json; charset=utf-8"),
                HTTPHeader(name: "Date", value: MonthCalendar.httpDate(now)),
            ],
            body: Array(body.utf8)
        )
    }

    private static func json(_ id: IdentityID, _ user: MonthUser, isAlone: Bool) -> String {
        let address = #"[{"id":"\#(id.text)","value":"\#(id.text)@example.org","via":"email"}]"#
        var members = """
            "id":"\(id.text)","schema_id":"default","state":"active",\
            "traits":{"email":"\(id.text)@example.org"},\
            "recovery_addresses":\(address),"created_at":"2026-01-01T00:00:00Z",\
            "updated_at":"\(user.changedAt.rfc3339)"
            """
        if isAlone, let time = user.passwordAt?.rfc3339 {
            members += """
                ,"credentials":{"password":{"type":"password","identifiers":["\(id.text)@example.org"],\
                "version":0,"created_at":"\(time)","updated_at":"\(time)"}}
                """
        } else if isAlone {
            members += #","credentials":{}"#
        }
        return "{\(members)}"
    }
}

/// Days of the simulated month.
enum MonthCalendar {
    /// 2026-11-01T02:00:00Z, a Sunday.
    static let start = Timestamp(milliseconds: 1_793_498_400_000)

    /// `Sun, 01 Nov 2026 02:00:00 GMT`; of this month and the next.
    static func httpDate(_ time: Timestamp) -> String {
        let text = Array(time.rfc3339)
        let month = String(text[5...6]) == "11" ? "Nov" : "Dec"
        return "Sun, \(String(text[8...9])) \(month) \(String(text[0...3])) \(String(text[11...18])) GMT"
    }
}
