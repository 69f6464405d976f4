// The refusals of the public port: the table from answers to kinds.

import Foundation
import Providers
import HTTPTransport
import Model

extension SelfServiceReading {
    /// An answer that is not what was asked for: trust the status, then the error's ID, then its words.
    func refusal(
        _ response: HTTPResponse,
        as kind: SelfServiceRefusal.Kind? = nil
    ) -> SelfServiceRefusal {
        let error = response.isBodyTruncated ? nil : ErrorAnswer(body: response.body)
        let kind = kind ?? self.kind(of: response, error)
        if let flow = error == nil ? flow(response) : nil, response.status == 400 {
            return refusal(flow, 400)
        }
        return SelfServiceRefusal(kind, status: response.status, message(of: response, error))
    }

    private func kind(of response: HTTPResponse, _ error: ErrorAnswer?) -> SelfServiceRefusal.Kind {
        if let known = error.flatMap({ Self.kind(ofID: $0.id ?? "") }) { return known }
        let words = [error?.reason, error?.message].compactMap { $0 }
        let known = words.lazy.compactMap(SelfServiceRefusal.Kind.init(words:)).first
        if let known, (400..<500).contains(response.status) { return known }
        switch response.status {
        case 200..<300: return isJSON(response) ? .unreadable : .notThePublicPort
        case 300..<400: return .redirected
        case 401: return .sessionMissing
        case 403: return .forbidden
        case 404: return error == nil ? .notThePublicPort : .flowUnknown
        case 405: return .notThePublicPort
        case 410: return .flowExpired
        case 422: return locationChange(response)
        case 429: return .rateLimited
        case 500...: return .serverError
        default: return .refused
        }
    }

    private static func kind(ofID id: String) -> SelfServiceRefusal.Kind? {
        switch id {
        case "session_refresh_required": .sessionTooOld
        case "session_aal2_required": .secondFactorNeeded
        case "security_csrf_violation": .forgerySuspected
        case "self_service_flow_expired": .flowExpired
        default: nil
        }
    }

    /// Where a browser would be sent to log in once more (Kratos, `session/manager.go`; not in the
    /// recordings).
    private func locationChange(_ response: HTTPResponse) -> SelfServiceRefusal.Kind {
        let target = target(response) ?? ""
        if target.contains("aal=aal2") { return .secondFactorNeeded }
        return target.contains("refresh=true") ? .sessionTooOld : .transitionsOff
    }

    /// A form that came back with what is wrong with it.
    func refusal(_ flow: FlowAnswer, _ status: Int) -> SelfServiceRefusal {
        let known = flow.allMessages.lazy.compactMap {
            SelfServiceRefusal.Kind(messageID: $0.id, text: $0.text)
        }.first
        let isPasswords = flow.nodes.contains { $0.name == "password" && !$0.messages.isEmpty }
        return SelfServiceRefusal(
            known ?? (isPasswords ? .passwordRefused : .refused),
            status: status,
            words(flow) ?? redactor.said("state \(flow.state ?? "unknown")")
        )
    }
}

// MARK: - Parts of answers

extension SelfServiceReading {
    func flow(_ response: HTTPResponse) -> FlowAnswer? {
        response.isBodyTruncated ? nil : FlowAnswer(body: response.body)
    }

    func reading<Value>(_ value: Value, _ response: HTTPResponse, _ serverMessage: String) -> ReadingResult<
        Value
    > {
        .success(Reading(value: value, status: response.status, serverMessage: redactor.said(serverMessage)))
    }

    /// The messages of a flow; nil where it has none.
    func words(_ flow: FlowAnswer) -> String? {
        let texts = flow.allMessages.map(\.text)
        return texts.isEmpty ? nil : redactor.said(texts.joined(separator: " "))
    }

    func words(_ session: SessionAnswer) -> String {
        let methods = session.methods.isEmpty ? "" : " by \(session.methods.joined(separator: ", "))"
        let level = session.assurance.map { ", \($0)" } ?? ""
        return redactor.said("\(session.isActive ? "an active" : "an inactive") session\(methods)\(level)")
    }

    /// Where an answer sends a browser, by its header or by its body.
    func place(_ response: HTTPResponse) -> NextPlace? { target(response).flatMap(NextPlace.init) }

    private func target(_ response: HTTPResponse) -> String? {
        if let location = response.headers["location"] { return location }
        let object = try? JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any]
        return object?["redirect_browser_to"] as? String
    }

    /// Whether a cookie was set beside the one against forgery, whose name cannot be changed.
    static func hasSessionCookie(_ response: HTTPResponse) -> Bool {
        response.headers.values("set-cookie").contains { cookie in
            let name = cookie.prefix { $0 != "=" }
            return !name.contains("csrf_token") && !cookie.dropFirst(name.count + 1).hasPrefix(";")
        }
    }

    private func message(of response: HTTPResponse, _ error: ErrorAnswer?) -> String {
        if let error {
            let id = error.id.flatMap { $0.isEmpty ? nil : $0 }
            let texts = [id, error.reason ?? error.message].compactMap { $0 }
            return redactor.said(texts.joined(separator: ": "))
        }
        if (300..<400).contains(response.status), let place = place(response) {
            return redactor.said("sent on to \(place.page)")
        }
        let type = response.headers["content-type"]?.prefix { $0 != ";" }
        return redactor.said("an answer that is none of a public port's (\(type ?? "no type"))")
    }

    private func isJSON(_ response: HTTPResponse) -> Bool {
        response.headers["content-type"]?.lowercased().contains("json") == true
    }
}
