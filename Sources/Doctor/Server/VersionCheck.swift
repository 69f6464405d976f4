// Which version a server is, and what follows from it.

import Foundation
import HTTPTransport
import Providers
import Model

/// Reads the answer of `/version`: `{"version":"v26.2.0"}`.
struct VersionCheck {
    let connection: ServerConnection
    let issueRequest: IssueRequest

    private var provider: Provider { connection.provider }

    func finding(_ reply: Reply) -> Finding {
        guard case .success(let response) = reply, response.status == 200,
            let object = try? JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any],
            let text = object["version"] as? String
        else { return untold(reply) }
        let shown = connection.redaction.said(text)
        guard let version = ServerVersion(text) else {
            return .ok(.version, "\(shown), which is no release whose abilities are known")
        }
        return finding(version, shown)
    }

    private func finding(_ version: ServerVersion, _ shown: String) -> Finding {
        guard version >= ServerVersion.oldestKnown else {
            return .warning(
                .version,
                "\(shown), which is older than every version whose answers are known",
                "upgrade it to \(ServerVersion.oldestKnown) or later, or try a single identity first "
                    + "(\(.maxIdentities, "1"))"
            )
        }
        let lacks = version.lacks
        guard !lacks.isEmpty else { return .ok(.version, "\(shown), which lacks nothing") }
        let message: Wording = "\(shown), which \(lacks.map(\.text).joined(separator: "; "))"
        var advice: [Wording] = []
        if lacks.contains(where: \.matters) { advice.append("run without \(.verify) and \(.columns)") }
        if issueRequest.flowType != nil, version < ServerVersion.takesFlowType {
            advice.append("leave \(.flowType) out")
        }
        guard !advice.isEmpty else { return .ok(.version, message) }
        return .warning(.version, message, advice.joined(separator: ", and ") + ", or upgrade it")
    }

    /// No version was told: the public port of a Kratos has none, and services need not tell theirs.
    private func untold(_ reply: Reply) -> Finding {
        let how = (try? reply.get()).map { " (\($0.status))" } ?? ""
        guard provider.hasPublicPort else {
            return .skipped(.version, "\(provider) does not tell its version\(how)")
        }
        return .warning(
            .version,
            "the server does not tell its version\(how)",
            "check that \(.server) is the admin port; where a gateway hides this path, it is no "
                + "obstacle to a run"
        )
    }
}
