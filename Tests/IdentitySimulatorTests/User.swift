// A user of the simulated server, as tests play one.

import IdentitySimulator
import Testing
import Model

/// Somebody with a client that reads JSON and keeps no cookies.
struct User {
    let base: String
    private let simulator: IdentitySimulator

    init(_ simulator: IdentitySimulator) {
        self.simulator = simulator
        base = simulator.publicURL
    }

    /// Has a code issued and redeems it.
    func recover(_ identity: IdentityID) throws -> (settings: String, token: String) {
        let admin = try RawClient(port: simulator.adminPort)
        let body = #"{"identity_id":"\#(identity)","flow_type":"api"}"#
        try admin.send(
            "POST /admin/recovery/code HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
        _ = try admin.receive()
        let record = try #require(simulator.issued().last)
        let code = try #require(record.recoveryCode)
        let flow = try #require(record.recoveryLink.firstMatch(of: #/flow=([0-9a-f-]{36})/#)).1
        let answer = try post(
            "/self-service/recovery?flow=\(flow)",
            "",
            #"{"method":"code","code":"\#(code)"}"#
        )
        let token = try #require(answer.text.firstMatch(of: #/ory_st_[0-9A-Za-z]{32}/#)).0
        let settings = try #require(answer.text.firstMatch(of: #/settings\?flow=[0-9a-f-]{36}/#)).0
        return ("/self-service/\(settings)", String(token))
    }

    func newFlow(_ target: String) throws -> String {
        let answer = try get(target, "")
        return String(try #require(answer.text.firstMatch(of: #/^\{"id":"([0-9a-f-]{36})"/#)).1)
    }

    func get(_ target: String, _ token: String) throws -> RawAnswer {
        try ask(
            "GET \(target) HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\nX-Session-Token: "
                + "\(token)\r\n\r\n"
        )
    }

    func post(_ target: String, _ token: String, _ body: String, headers: String = "") throws -> RawAnswer {
        try ask(
            "POST \(target) HTTP/1.1\r\nHost: x\r\nContent-Type: "
                + "application/json\r\nX-Session-Token: \(token)\r\n"
                + "\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
    }

    private func ask(_ bytes: String) throws -> RawAnswer {
        let client = try RawClient(port: simulator.publicPort)
        try client.send(bytes)
        return try #require(try client.receive())
    }
}
