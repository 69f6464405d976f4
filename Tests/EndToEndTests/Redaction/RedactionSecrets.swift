// Secrets that would be recognised anywhere.

import Foundation

/// One secret of each kind, which stands for all of its kind.
struct RedactionSecrets {
    let code = "CANARYCODE-271828"
    let token = "CANARYTOKEN0123456789abcdefABCDEF"
    let email = "canary.mail@example.org"
    let apiKey = "ory_pat_CANARYKEY0123456789"
    let header = "CANARYHEADER-314159"

    var link: String { "http://ui.example.org/recovery?flow=CANARYFLOW&token=\(token)" }

    /// What may be shown nowhere but in the files that are made for it.
    var all: [String] { [code, token, "CANARYFLOW", email, apiKey, header] }

    /// What opens an account or a server.
    var keys: [String] { [code, token, "CANARYFLOW", apiKey, header] }

    static func found(_ secrets: [String], in bytes: Data) -> [String] {
        secrets.filter { bytes.firstRange(of: Data($0.utf8)) != nil }
    }
}
