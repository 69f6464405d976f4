// What answers come to where a link is asked for, and in the words of Connhex' gateway.

import Providers
import Model

extension AnswerCase {
    private static let page = "<html><body>It works!</body></html>"

    /// Answers to `POST …/recovery/link`.
    static let links: [AnswerCase] = [
        issued(
            "absolute",
            200,
            #"{"recovery_link":"https://u.example/r?token=1"}"#,
            "https://u.example/r?token=1"
        ),
        issued("relative", 200, #"{"recovery_link":"/r?token=1"}"#, "/r?token=1"),
        issued("201 with a link", 201, #"{"recovery_link":"/r?token=1"}"#, "/r?token=1"),
        issued("204 with a link", 204, #"{"recovery_link":"/r?token=1"}"#, "/r?token=1"),
        // A code beside it belongs to a flow of another kind.
        issued(
            "a code beside it",
            200,
            #"{"recovery_link":"/r?token=1","recovery_code":"123456"}"#,
            "/r?token=1"
        ),
        issued(
            "a code that is none",
            200,
            #"{"recovery_link":"/r?token=1","recovery_code":7}"#,
            "/r?token=1"
        ),
        AnswerCase("JSON without a link", 200, json, "{}", .unreadable),
        AnswerCase(
            "JSON in any other words",
            200,
            ["Content-Type": "Application/Problem+JSON"],
            "{}",
            .unreadable
        ),
        AnswerCase("a link that is empty", 200, json, #"{"recovery_link":""}"#, .unreadable),
        AnswerCase("a link that is a number", 200, json, #"{"recovery_link":1}"#, .unreadable),
        AnswerCase("a link to a script", 200, json, #"{"recovery_link":"javascript:x()"}"#, .unreadable),
        AnswerCase("cut off", 200, json, #"{"recovery_link":"/r"#, .unreadable),
        AnswerCase("some web page", 200, html, page, .fatal(.notKratos)),
        AnswerCase("nothing", 200, [:], "", .fatal(.notKratos)),
        AnswerCase("201 without a link", 201, json, "{}", .fatal(.notKratos)),
        AnswerCase("202", 202, json, "{}", .fatal(.notKratos)),
        AnswerCase("204", 204, [:], "", .fatal(.notKratos)),
    ]

    private static func issued(_ name: String, _ status: Int, _ body: String, _ link: String) -> AnswerCase {
        AnswerCase(name, status, json, body, .issued(code: "", link: link, expiresAt: nil))
    }

    private static let noIdentity = "could not find identity"
    private static let disabled = "This endpoint was disabled by system administrator."

    /// Answers to `POST /iam/recovery/code`, of Kratos itself and of the gateway before it.
    static let connhex: [AnswerCase] = [
        (404, noIdentity, OutcomeClass.permanent(.unknownIdentity)),
        (400, "The requested identity id does not exist.", .permanent(.unknownIdentity)),
        (404, disabled, .fatal(.methodDisabled)),
        (404, "no such thing", .permanent(.rejectedByServer)),
        (400, "Unable to parse expires_in", .fatal(.parameterRefused)),
        (400, "Unable to serialize access due to a concurrent update", .transient(.serverError)),
        (400, "bad", .permanent(.rejectedByServer)),
        (401, "token expired", .fatal(.credentialRefused)),
        (403, "no right", .fatal(.credentialRefused)),
        (409, "conflict", .permanent(.rejectedByServer)),
        (429, "slow down", .transient(.rateLimited)),
        (500, "database is locked", .transient(.serverError)),
        (503, "down", .transient(.serverError)),
    ].flatMap { status, words, expected in
        [
            (" of Kratos", #"{"error":{"code":\#(status),"reason":"\#(words)","message":"m"}}"#),
            (" of the gateway", #"{"errors":[{"detail":"\#(words)"}]}"#),
            (
                " of the gateway, with a title",
                #"{"errors":[{"title":"\#(words)","code":"E1"},{"detail":"x"}]}"#
            ),
            (" of the gateway, after something else", #"{"errors":["x",{"detail":"\#(words)"}]}"#),
        ].map { AnswerCase("\(status) \(words)\($0)", status, json, $1, expected) }
    }
}
