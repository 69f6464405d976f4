// What a server says of its own health.

import Foundation
import HTTPTransport
import Providers
import Model

/// Reads the answers of `/health/alive` and `/health/ready`.
///
/// Facts: Ory Kratos v26.2 answers `{"status":"ok"}` on both ports; `ready` is 503 while its database is
/// away, and `alive` is not.
struct HealthCheck {
    let check: Check
    let path: String
    let connection: ServerConnection
    let reading: AnswerClassifier

    func finding(_ reply: Reply) -> Finding {
        switch reply {
        case .success(let response): finding(response)
        case .failure(let error):
            .problem(
                check,
                "no answer from \(path) (\(connection.redaction.bounded(error.message)))",
                "look at the server's log, or raise \(.timeout)"
            )
        }
    }

    private func finding(_ response: HTTPResponse) -> Finding {
        switch response.status {
        case 200 where Self.isOK(response): .ok(check, isReady ? "its database answers, too" : "it is alive")
        case 500...:
            .problem(
                check,
                "\(path) answered \(response.status): \(reading.reason(response))",
                isReady
                    ? "look after the server's database; a run would wait and try again"
                    : "look at the server's log"
            )
        case 401, 403:
            .warning(
                check,
                "\(path) is closed (\(response.status))",
                "a gateway seems to guard it, which is no obstacle to a run"
            )
        default:
            .warning(
                check,
                "\(path) answered \(response.status), and not as \(connection.provider) does",
                "check \(.server) and \(.provider); where a gateway hides this path, it is no obstacle to a "
                    + "run"
            )
        }
    }

    private var isReady: Bool { check == .ready }

    private static func isOK(_ response: HTTPResponse) -> Bool {
        let object = try? JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any]
        return object?["status"] as? String == "ok"
    }
}
