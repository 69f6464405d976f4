// A server that is there already, and the throw-away identities that a live test makes on it.

import Foundation
import HTTPTransport
import Testing

/// The two ports of a real server, or of a simulated one.
struct LiveServer: Sendable {
    let adminURL: String
    let publicURL: String

    /// The server that the environment names; nil where it names none.
    static var fromEnvironment: LiveServer? {
        let environment = ProcessInfo.processInfo.environment
        guard let admin = environment["LATCHSTRING_LIVE_ADMIN"], !admin.isEmpty,
            let open = environment["LATCHSTRING_LIVE_PUBLIC"], !open.isEmpty
        else { return nil }
        return LiveServer(adminURL: admin, publicURL: open)
    }

    /// Sends one request to the admin port and returns its status and JSON.
    func admin(_ method: HTTPRequest.Method, _ path: String, _ body: String = "") async throws -> (Int, Any?)
    {
        let transport = try CurlTransport(configuration: .init(userAgent: "latchstring-live", proxy: .none))
        defer { transport.stop() }
        var headers = [HTTPHeader(name: "Accept", value: "application/json")]
        if !body.isEmpty { headers.append(HTTPHeader(name: "Content-Type", value: "application/json")) }
        let base = adminURL.hasSuffix("/") ? String(adminURL.dropLast()) : adminURL
        let request = HTTPRequest(
            method: method,
            url: base + path,
            headers: headers,
            body: Array(body.utf8),
            timeout: .seconds(60)
        )
        let response = try await transport.send(request)
        return (response.status, try? JSONSerialization.jsonObject(with: Data(response.body)))
    }

    /// Imports identities as a migration does, in one batch.
    ///
    /// - Returns: their IDs, in order.
    func importIdentities(_ emails: [String], state: String = "active") async throws -> [String] {
        let identities = emails.map { email in
            [
                "create": ["schema_id": "default", "state": state, "traits": ["email": email]],
                "patch_id": UUID().uuidString.lowercased(),
            ] as [String: Any]
        }
        let body = try JSONSerialization.data(withJSONObject: ["identities": identities])
        let (status, answer) = try await admin(
            .patch,
            "/admin/identities",
            String(decoding: body, as: UTF8.self)
        )
        #expect(status == 200, "the server imports identities in a batch")
        let items = try #require((answer as? [String: Any])?["identities"] as? [[String: Any]])
        return try items.map { item in
            try #require(
                item["identity"] as? String,
                "the server's identity schema is called default, with an email"
            )
        }
    }

    func delete(_ identities: [String]) async throws {
        for identity in identities { _ = try await admin(.delete, "/admin/identities/\(identity)") }
    }
}
