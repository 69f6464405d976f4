// The errors of Ory's servers, `{"error":{…}}`, of which only `message` is certain, and of gateways before them.

import Foundation

/// The error that a server of the Ory family sent, or a gateway as Connhex'; every part may be missing.
struct ErrorAnswer {
    var id: String?
    var reason: String?
    var message: String?

    /// Reads a body; nil when it is no JSON object with an `error` object in it, or with `errors` in a list
    /// (`{"errors":[{"detail":"…"}]}`).
    init?(body: [UInt8]) {
        guard let object = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] else {
            return nil
        }
        if let error = object["error"] as? [String: Any] {
            id = error["id"] as? String
            reason = error["reason"] as? String
            message = error["message"] as? String
        } else if let errors = object["errors"] as? [Any] {
            let first = errors.lazy.compactMap { $0 as? [String: Any] }.first
            id = first?["code"] as? String
            reason = first?["detail"] as? String
            message = first?["title"] as? String
        } else {
            return nil
        }
    }

    /// Whether what the server says has this text in it.
    func mentions(_ text: String) -> Bool {
        reason?.contains(text) == true || message?.contains(text) == true
    }
}
