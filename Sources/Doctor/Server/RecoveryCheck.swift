// Whether users can start recovery themselves.

import Foundation
import HTTPTransport
import Providers
import Model

/// Reads the public server's answer to `GET /self-service/recovery/api`.
///
/// Facts: Ory Kratos v26.2: 200 and a flow whose `active` is `code` or `link`; 400 where recovery is
/// disabled, which does not keep an administrator's codes from working.
struct RecoveryCheck {
    static let path = "/self-service/recovery/api"

    let connection: ServerConnection
    let reading: AnswerClassifier

    private var server: ServerURL { connection.server }

    func finding(_ reply: Reply) -> Finding {
        switch reply {
        case .success(let response): finding(response)
        case .failure(let error):
            .problem(
                .recovery,
                "\(server) cannot be asked (\(connection.redaction.bounded(error.message)))",
                "check that \(.publicServer) is the URL of the server's public port"
            )
        }
    }

    private func finding(_ response: HTTPResponse) -> Finding {
        let said = "\(server)\(Self.path) answered \(response.status)"
        switch response.status {
        case 200: return flow(response)
        case 300..<400:
            return .problem(
                .recovery,
                "\(said), a redirect",
                "give the final URL as \(.publicServer): of the public port, not the admin one"
            )
        case 400 where reading.reason(response).contains("disabled"):
            return .warning(
                .recovery,
                "recovery is switched off: codes work, but nobody whose code has expired can ask for another",
                "set selfservice.flows.recovery.enabled to true on the server"
            )
        case 429, 500...:
            return .warning(.recovery, "\(said): \(reading.reason(response))", "ask again later")
        default:
            return .problem(
                .recovery,
                "\(said): \(reading.reason(response))",
                "check that \(.publicServer) is the URL of the server's public port"
            )
        }
    }

    private func flow(_ response: HTTPResponse) -> Finding {
        let object = try? JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any]
        guard let object, object["id"] is String, object["ui"] != nil else {
            return .problem(
                .recovery,
                "\(server)\(Self.path) answered 200 without a recovery flow",
                "check that \(.publicServer) is the URL of the server's public port"
            )
        }
        guard let kind = object["active"] as? String else {
            return .ok(.recovery, "users can recover by themselves; by what is not told")
        }
        return .ok(.recovery, "users can recover by themselves, by \(connection.redaction.said(kind))")
    }
}
