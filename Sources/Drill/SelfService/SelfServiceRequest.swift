// What a user's program or browser asks the public port for, from a code to proof that the account works.

import Foundation
package import Providers
package import HTTPTransport
package import Model

/// One request to the public port.
///
/// Facts: Ory Kratos v26.2, recorded. Flows of the API type are posted to without cookies, which Kratos
/// refuses there, and those of the browser type with them and their form's `csrf_token`.
///
/// ## Topics
/// - Recovering: `redeem`, `openLink`, `recoveryFlow`, `startRecovery`, `sendMail`
/// - Changing the password: `settingsFlow`, `newSettingsFlow`, `setPassword`
/// - Logging in: `startLogin`, `logIn`, `whoami`
package struct SelfServiceRequest: Sendable {
    package let method: HTTPRequest.Method
    package let path: String
    /// The link that a user was sent, to be opened as it stands; else nil.
    private(set) var link: Secret<String>?
    private var query: [(name: String, value: String)] = []
    private var fields: [String: String] = [:]
    private var sessionToken: Secret<String>?

    private init(_ method: HTTPRequest.Method, _ path: String) {
        self.method = method
        self.path = path
    }

    private init(get path: String, id: String) {
        self.init(.get, path)
        query = [("id", id)]
    }

    private init(post path: String, flow: String, _ fields: [String: String]) {
        self.init(.post, path)
        query = [("flow", flow)]
        self.fields = fields
    }

    /// The request as it is sent over a connection to the public port.
    package func httpRequest(_ connection: ServerConnection) -> HTTPRequest {
        var headers: [HTTPHeader] = []
        if let sessionToken {
            headers.append(HTTPHeader(name: "X-Session-Token", value: sessionToken.revealed))
        }
        var body: [UInt8] = []
        if method == .post {
            headers.append(HTTPHeader(name: "Content-Type", value: "application/json"))
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            // Texts by texts always make JSON.
            body = (try? encoder.encode(fields)).map(Array.init) ?? []
        }
        var request = connection.request(method, path, query: query, headers: headers, body: body)
        if let link { request.url = link.revealed }
        return request
    }
}

// MARK: - Recovering

extension SelfServiceRequest {
    /// A code, to its own flow.
    ///
    /// With an `email` beside it, it would ask for a new one.
    package static func redeem(code: Secret<String>, flow: String) -> SelfServiceRequest {
        SelfServiceRequest(
            post: "/self-service/recovery",
            flow: flow,
            ["method": "code", "code": code.revealed]
        )
    }

    /// A link, which its first opening uses up.
    package static func openLink(_ link: Secret<String>) -> SelfServiceRequest {
        var request = SelfServiceRequest(.get, "/self-service/recovery")
        request.link = link
        return request
    }

    /// What a recovery flow says of itself.
    package static func recoveryFlow(_ id: String) -> SelfServiceRequest {
        SelfServiceRequest(get: "/self-service/recovery/flows", id: id)
    }

    /// A recovery that the user starts, for a program.
    package static let startRecovery = SelfServiceRequest(.get, "/self-service/recovery/api")

    /// A code by mail to an address.
    package static func sendMail(to email: String, flow: String) -> SelfServiceRequest {
        SelfServiceRequest(post: "/self-service/recovery", flow: flow, ["method": "code", "email": email])
    }
}

// MARK: - Changing the password

extension SelfServiceRequest {
    /// The settings flow that a recovery led to.
    ///
    /// Without a token it takes the session's cookie.
    package static func settingsFlow(_ id: String, token: Secret<String>?) -> SelfServiceRequest {
        var request = SelfServiceRequest(get: "/self-service/settings/flows", id: id)
        request.sessionToken = token
        return request
    }

    /// A settings flow where the recovery named none.
    package static func newSettingsFlow(token: Secret<String>) -> SelfServiceRequest {
        var request = SelfServiceRequest(.get, "/self-service/settings/api")
        request.sessionToken = token
        return request
    }

    /// A new password.
    package static func setPassword(
        _ password: Secret<String>,
        flow: String,
        csrf: Secret<String>?,
        token: Secret<String>?
    ) -> SelfServiceRequest {
        var fields = ["method": "password", "password": password.revealed]
        fields["csrf_token"] = csrf?.revealed
        var request = SelfServiceRequest(post: "/self-service/settings", flow: flow, fields)
        request.sessionToken = token
        return request
    }
}

// MARK: - Logging in

extension SelfServiceRequest {
    /// A login for a program.
    package static let startLogin = SelfServiceRequest(.get, "/self-service/login/api")

    package static func logIn(
        _ identifier: Secret<String>,
        password: Secret<String>,
        flow: String
    ) -> SelfServiceRequest {
        SelfServiceRequest(
            post: "/self-service/login",
            flow: flow,
            ["method": "password", "identifier": identifier.revealed, "password": password.revealed]
        )
    }

    /// Whose session it is.
    package static func whoami(token: Secret<String>) -> SelfServiceRequest {
        var request = SelfServiceRequest(.get, "/sessions/whoami")
        request.sessionToken = token
        return request
    }
}

extension SelfServiceRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The request without what it carries.
    package var description: String { "\(method.rawValue) \(path)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
