// The mails as an administrator sees them: who got one and of what kind, never what it says.

import Synchronization

extension SimulatorCore {
    /// The answer to `GET /admin/courier/messages`; nil for every other request.
    func courier(_ request: SimulatedRequest) -> Answer? {
        guard request.path == "/admin/courier/messages" else { return nil }
        guard request.method == "GET" || request.method == "HEAD" else {
            return .methodNotAllowed("GET, HEAD")
        }
        let query = FormFields(encoded: request.query)
        let size = min(max(Int(query["page_size"]) ?? 250, 1), 500)
        // A page begins after as many of the latest mails; the real token says as little to its reader.
        let start =
            Base64.decoded(query["page_token"]).flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
        let mails = state.withLock { $0.selfService.mails }.reversed().dropFirst(max(start, 0))
        var links = [Self.link(size, 0, "first")]
        if mails.count > size { links.append(Self.link(size, start + size, "next")) }
        let body = FlowJSON.list(mails.prefix(size).map(\.json)).body
        // This route escapes what HTML would take for a tag.
        let text = String(decoding: body, as: UTF8.self)
        let escaped = text.split(separator: "<", omittingEmptySubsequences: false).joined(
            separator: "\\u003c"
        )
        .split(separator: ">", omittingEmptySubsequences: false).joined(separator: "\\u003e")
        return Answer(
            200,
            headerLines: Answer.jsonLines + "Link: \(links.joined(separator: ","))\r\n",
            body: Array(escaped.utf8)
        )
    }

    private static func link(_ size: Int, _ start: Int, _ relation: String) -> String {
        let token = Base64.encoded(Array(String(start).utf8)).split(
            separator: "=",
            omittingEmptySubsequences: false
        )
        .joined(separator: "%3D")
        return "</admin/courier/messages?page_size=\(size)&page_token=\(token)>; rel=\"\(relation)\""
    }
}
