// The errors of Ory's servers, `{"error":{…}}`, of which only `message` is certain, and of gateways before
// them.

import Foundation

/// The error that a server of the Ory family sent, or a gateway as Connhex'; every part may be missing.
package struct ErrorAnswer {
    package var id: String?
    package var reason: String?
    package var message: String?

    /// Reads a body; nil when it is no JSON object with an `error` object in it, or with `errors` in a list
    /// (`{"errors":[{"detail":"…"}]}`), or when that is in the form of another maker.
    package init?(body: [UInt8]) {
        guard let object = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] else {
            return nil
        }
        if let error = object["error"] as? [String: Any] {
            guard Self.isOrys(error) else { return nil }
            id = error["id"] as? String
            reason = error["reason"] as? String
            message = error["message"] as? String
        } else if let errors = object["errors"] as? [Any] {
            let first = errors.lazy.compactMap { $0 as? [String: Any] }.first
            id = first?["code"] as? String
            reason = first?["detail"] as? String
            message = first?["title"] as? String
            if reason == nil, message == nil { return nil }
        } else {
            return nil
        }
    }

    /// Whether an `error` can be of Ory's making (`herodot`): it says something, its code is a number, and
    /// its status the words of an HTTP status (`Not Found`).
    ///
    /// Azure's codes are words (`AuthorizationFailed`), and Google's statuses are in capitals
    /// (`PERMISSION_DENIED`).
    private static func isOrys(_ error: [String: Any]) -> Bool {
        let isWorded = ["message", "reason", "id"].contains { error[$0] is String }
        guard isWorded, !(error["code"] is String) else { return false }
        guard let status = error["status"] as? String else { return true }
        return !status.contains("_") && (status == "OK" || status != status.uppercased())
    }

    /// Whether what the server says has this text in it.
    package func mentions(_ text: String) -> Bool {
        reason?.contains(text) == true || message?.contains(text) == true
    }
}
