// The errors of Ory's servers: `{"error":{…}}`, of which only `message` is certain.

import Foundation

/// The error that a server of the Ory family sent; every part may be missing.
struct ErrorAnswer {
    var id: String?
    var reason: String?
    var message: String?

    /// Reads a body; nil when it isn't a JSON object with an `error` object in it.
    init?(body: [UInt8]) {
        guard let object = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any],
            let error = object["error"] as? [String: Any]
        else { return nil }
        id = error["id"] as? String
        reason = error["reason"] as? String
        message = error["message"] as? String
    }

    /// Whether what the server says has this text in it.
    func mentions(_ text: String) -> Bool {
        reason?.contains(text) == true || message?.contains(text) == true
    }
}
