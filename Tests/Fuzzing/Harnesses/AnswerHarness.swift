// Answers of a server: what is handed on can be handed on, and nothing is said that may not be.

import HTTPTransport
import Providers
import Model

/// Reads the body of an answer with any status and either way of recovering.
enum AnswerHarness {
    /// 2026-11-20T23:46:57Z.
    private static let now = Timestamp(milliseconds: 1_795_218_417_000)
    private static let secret = "ory_pat_4x7QzLm0"
    private static let statuses = [
        200, 201, 202, 204, 206, 301, 307, 400, 401, 403, 404, 405, 408, 409, 413, 418, 429, 431, 500, 502,
        503, 599, 600, 999,
    ]
    private static let wishes: [Duration] = [.seconds(60), .seconds(72 * 3600), .seconds(100 * 366 * 86_400)]

    static func run(_ bytes: [UInt8]) throws(BrokenProperty) {
        var input = FuzzInput(bytes)
        let choice = input.byte()
        let status = input.choose(statuses)
        let issueRequest = input.choose(wishes)
        let body = input.bytes
        let method: RecoveryMethod = choice & 0x01 != 0 ? .link : .code
        let type = choice & 0x02 != 0 ? "text/html" : "application/json; charset=utf-8"
        let response = HTTPResponse(
            status: status,
            headers: [
                HTTPHeader(name: "Content-Type", value: type),
                HTTPHeader(name: "Date", value: "Fri, 20 Nov 2026 23:46:57 GMT"),
                HTTPHeader(name: "Retry-After", value: "7"),
            ],
            body: body,
            isBodyTruncated: choice & 0x04 != 0
        )

        typealias Body = RecoveryAnswer.Body
        try require(Body(body) == Body(decoding: body), "the short way and the decoder read otherwise")

        let reading = reading(Provider.all[Int(choice >> 3) % Provider.all.count], method)
        switch reading.outcome(of: response, now: now) {
        case .issued(let recovery):
            try require((200..<300).contains(status) && !response.isBodyTruncated, "issued by a \(status)")
            try check(recovery, method)
            try check(recovery, issueRequest, response)
        case .permanent(let failure), .again(let failure): try check(failure)
        case .transient(let failure, let isAmbiguous, let hold):
            try check(failure)
            try require(isAmbiguous == (failure.kind == .unreadableAnswer), "ambiguous is what is unreadable")
            try require(hold.map { $0 >= .zero && $0 <= RetryHeaders.longestHold } ?? true, "held for ever")
        case .fatal(let answer): try check(sentence: answer.description)
        }
    }

    private static func reading(_ provider: Provider, _ method: RecoveryMethod) -> AnswerClassifier {
        // Both are constants that are well formed.
        guard let server = try? ServerURL("https://kratos.example.com:4434"), let token = BearerToken(secret)
        else { preconditionFailure("the constants are malformed") }
        let connection = ServerConnection(
            provider: provider,
            server: server,
            credential: Credential(token),
            timeout: .seconds(30),
            transport: NoTransport(),
            now: { now }
        )
        return AnswerClassifier(connection, method: method)
    }

    private static func check(_ recovery: IssuedCode, _ method: RecoveryMethod) throws(BrokenProperty) {
        let (code, link) = (recovery.code, recovery.link)
        try require(code.isEmpty == (method == .link), "a code belongs to the method code")
        try require(code.utf8.count <= 1024 && !code.hasControlCharacter, "the code cannot be handed on")
        try require(
            (1...8192).contains(link.utf8.count) && !link.hasControlCharacter,
            "the link cannot be handed on"
        )
        let beginning = link.prefix { !"/?#".contains($0) }.lowercased()
        if beginning.contains(":") {
            try require(
                ["http:", "https:"].contains(beginning)
                    && link.utf8.dropFirst(beginning.utf8.count).starts(with: "//".utf8),
                "a link that is no http(s) URL"
            )
        }
        if let expiry = recovery.expiresAtText {
            try require(expiry.utf8.count <= 64 && !expiry.hasControlCharacter, "the expiry cannot be kept")
        }
        let other = IssuedCode(code: "x", link: "/y", expiresAtText: recovery.expiresAtText)
        try require("\(recovery)" == "\(other)", "a code describes itself")
    }

    /// Whatever the server thinks when it expires, there is arithmetic for it.
    private static func check(
        _ recovery: IssuedCode,
        _ issueRequest: Duration,
        _ response: HTTPResponse
    ) throws(BrokenProperty) {
        guard let expiresAt = recovery.expiresAt else { return }
        for date in [nil, now, expiresAt] as [Timestamp?] {
            let remark = ExpiryRemark(asked: issueRequest, expiresAt: expiresAt, date: date, now: now)
            try require(
                remark.map { !"\($0)".hasControlCharacter } ?? true,
                "a remark has a control character"
            )
        }
        try require(Timestamp(rfc3339: expiresAt.rfc3339) != nil, "the expiry cannot be written")
    }

    private static func check(_ failure: Failure) throws(BrokenProperty) {
        try check(sentence: failure.reason)
        try check(sentence: failure.errorID ?? "-")
    }

    private static func check(sentence: String) throws(BrokenProperty) {
        try require(!sentence.isEmpty, "a failure says nothing")
        try require(!sentence.hasControlCharacter, "a sentence has a control character")
        try require(!sentence.contains(secret), "a sentence has the credential in it")
        try require(sentence.utf8.count <= 4096, "a sentence has no end")
    }
}

/// Nothing is sent.
private struct NoTransport: HTTPTransport {
    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        throw TransportError(kind: .transportStopped, wasSent: false, message: "nothing is sent")
    }
}
