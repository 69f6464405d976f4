// What gateways, proxies, older servers and broken ones answer, and the outcome of each.

import Providers
import Model

extension AnswerCase {
    private static let nginx = "<html>\r\n<head><title>nginx</title></head>\r\n<body></body>\r\n</html>\r\n"

    private static func error(_ status: Int, _ reason: String) -> String {
        #"{"error":{"code":\#(status),"reason":"\#(reason)","message":"no"}}"#
    }

    /// Limits, gateways, and statuses that Kratos itself never sends.
    static let gateways: [AnswerCase] = [
        AnswerCase("408", 408, plain, "", .transient(.timeout)),
        AnswerCase("429 alone", 429, plain, "", .transient(.rateLimited)),
        AnswerCase(
            "429 with Retry-After",
            429,
            ["Retry-After": "7", "x-ratelimit-reset": "2"],
            "",
            .transient(.rateLimited, holdFor: .seconds(7))
        ),
        AnswerCase(
            "429 with x-ratelimit-reset",
            429,
            ["x-ratelimit-limit": "10, 10;w=1, 300;w=60", "x-ratelimit-reset": "12"],
            error(429, "slow down"),
            .transient(.rateLimited, holdFor: .seconds(12))
        ),
        AnswerCase(
            "two transactions collided",
            400,
            oryError,
            #"{"error":{"code":400,"status":"Bad Request","message":"Unable to serialize access due to a "#
                + #"concurrent update in another session"}}"# + "\n",
            .transient(.serverError)
        ),
        AnswerCase("502 in HTML", 502, html, nginx, .transient(.serverError)),
        AnswerCase(
            "503 with Retry-After",
            503,
            ["Retry-After": "5", "x-ratelimit-reset": "9"],
            nginx,
            .transient(.serverError, holdFor: .seconds(5))
        ),
        AnswerCase("503 with a reset alone", 503, ["x-ratelimit-reset": "9"], "", .transient(.serverError)),
        AnswerCase("500 with Retry-After", 500, ["Retry-After": "5"], "", .transient(.serverError)),
        AnswerCase("504 without a body", 504, [:], "", .transient(.serverError)),
        AnswerCase("599", 599, [:], "", .transient(.serverError)),
        AnswerCase("401 of a gateway", 401, html, nginx, .fatal(.credentialRefused)),
        AnswerCase("404 in HTML", 404, html, nginx, .fatal(.wrongURL)),
        AnswerCase("301 without a location", 301, html, nginx, .fatal(.redirected)),
        AnswerCase("some web page", 200, html, nginx, .fatal(.notKratos)),
        AnswerCase("204", 204, [:], "", .fatal(.notKratos)),
        AnswerCase("409", 409, oryError, error(409, "conflict"), .permanent(.rejectedByServer)),
        AnswerCase(
            "422 with several errors",
            422,
            json,
            #"{"errors":[{"detail":"x"}]}"#,
            .permanent(.rejectedByServer)
        ),
        // A body over 5 MB: the status counts, and not the code inside.
        AnswerCase(
            "400 with 500 inside",
            400,
            oryError,
            error(500, "too large"),
            .permanent(.rejectedByServer)
        ),
        AnswerCase(
            "unknown field in an older version",
            400,
            oryError,
            error(400, #"Unable to decode JSON payload: json: unknown field \"flow_type\""#),
            .fatal(.parameterRefused)
        ),
    ]

    /// 2xx with bodies that are not as they should be.
    static let oddSuccesses: [AnswerCase] = [
        success("without an expiry", #"{"recovery_link":"/r?flow=1","recovery_code":"1"}"#, nil),
        success("expiry null", #"{"recovery_link":"/r?flow=1","recovery_code":"1","expires_at":null}"#, nil),
        success("expiry a number", #"{"recovery_link":"/r?flow=1","recovery_code":"1","expires_at":5}"#, nil),
        success("expiry empty", #"{"recovery_link":"/r?flow=1","recovery_code":"1","expires_at":""}"#, nil),
        success(
            "expiry with a line feed",
            #"{"recovery_link":"/r?flow=1","recovery_code":"1","expires_at":"a\nb"}"#,
            nil
        ),
        success(
            "expiry in other words",
            #"{"recovery_link":"/r?flow=1","recovery_code":"1","expires_at":"soon"}"#,
            "soon"
        ),
        success(
            "further fields of any shape",
            #"{"x":[1,{"y":null}],"recovery_link":"/r?flow=1","recovery_code":"1","details":{}}"#,
            nil
        ),
        success(
            "expiry past",
            #"{"recovery_link":"/r?flow=1","recovery_code":"1","expires_at":"0001-01-01T00:00:00Z"}"#,
            "0001-01-01T00:00:00Z"
        ),
        success(
            "expiry never",
            #"{"recovery_link":"/r?flow=1","recovery_code":"1","expires_at":"9999-12-31T23:59:59Z"}"#,
            "9999-12-31T23:59:59Z"
        ),
        success(
            "members twice",
            #"{"recovery_link":"/r?flow=1","recovery_code":"1","recovery_code":"1","#
                + #""recovery_link":"/r?flow=1"}"#,
            nil
        ),
        // A code is never thrown away, whatever the status.
        AnswerCase(
            "200 with a code",
            200,
            json,
            #"{"recovery_link":"https://u.example/r?flow=2","recovery_code":"0aZ9-00"}"#,
            .issued(code: "0aZ9-00", link: "https://u.example/r?flow=2", expiresAt: nil)
        ),
        unreadable("HTML", nginx),
        unreadable("no body", ""),
        unreadable("cut off", #"{"recovery_link":"http://127.0.0.1:4455/recovery?flow=5fc1"#),
        unreadable("null", "null"),
        unreadable("an array", #"[{"recovery_link":"/r","recovery_code":"1"}]"#),
        unreadable("code a number", #"{"recovery_link":"/r?flow=1","recovery_code":50091}"#),
        unreadable("code empty", #"{"recovery_link":"/r?flow=1","recovery_code":""}"#),
        unreadable("code null", #"{"recovery_link":"/r?flow=1","recovery_code":null}"#),
        unreadable("code missing", #"{"recovery_link":"/r?flow=1"}"#),
        unreadable("link missing", #"{"recovery_code":"050091"}"#),
        unreadable("link empty", #"{"recovery_link":"","recovery_code":"050091"}"#),
        unreadable("link an object", #"{"recovery_link":{},"recovery_code":"050091"}"#),
        unreadable("link a script", #"{"recovery_link":"JavaScript:alert(1)","recovery_code":"1"}"#),
        unreadable("link inline content", #"{"recovery_link":"data:text/html,x","recovery_code":"1"}"#),
        unreadable("link a file", #"{"recovery_link":"file:///etc/passwd","recovery_code":"1"}"#),
        unreadable("line feed in the code", #"{"recovery_link":"/r","recovery_code":"1\n2"}"#),
        unreadable("NUL in the code", #"{"recovery_link":"/r","recovery_code":"1\u00002"}"#),
        unreadable("escape sequence in the link", #"{"recovery_link":"/r\u001b[2J","recovery_code":"1"}"#),
        unreadable("C1 control in the link", #"{"recovery_link":"/r\u009b","recovery_code":"1"}"#),
        unreadable(
            "code beyond all measure",
            #"{"recovery_link":"/r","recovery_code":"\#(String(repeating: "1", count: 1025))"}"#
        ),
        unreadable(
            "link beyond all measure",
            #"{"recovery_link":"/\#(String(repeating: "r", count: 8192))","recovery_code":"1"}"#
        ),
        unreadable(
            "100 nested arrays",
            String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        ),
        unreadable(
            "100,000 nested arrays",
            String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        ),
        unreadable(
            "100,000 nested objects beside them",
            #"{"recovery_link":"/r","recovery_code":"1","x":"# + String(repeating: #"{"a":"#, count: 100_000)
        ),
        unreadable("NUL bytes", String(repeating: "\0", count: 60)),
        unreadable("a NUL byte in the code", "{\"recovery_link\":\"/r\",\"recovery_code\":\"1\0\"}"),
        unreadable("something after it", #"{"recovery_link":"/r","recovery_code":"1"} trailing"#),
        AnswerCase(
            "invalid UTF-8",
            201,
            json,
            bytes: Array(#"{"recovery_link":"/r","recovery_code":""#.utf8) + [0xff, 0xfe] + Array("\"}".utf8),
            .unreadable
        ),
    ]

    /// Refusals whose bodies are not as they should be.
    static let oddRefusals: [AnswerCase] = [
        AnswerCase("404 without a body", 404, oryError, "", .fatal(.wrongURL)),
        AnswerCase("404 cut off", 404, oryError, #"{"error":{"reason":"could not fi"#, .fatal(.wrongURL)),
        AnswerCase("404 whose error is a text", 404, json, #"{"error":"not found"}"#, .fatal(.wrongURL)),
        AnswerCase(
            "404 whose reason is a number",
            404,
            json,
            #"{"error":{"reason":7}}"#,
            .fatal(.wrongURL)
        ),
        AnswerCase(
            "404 with the reason in the message",
            404,
            json,
            #"{"error":{"message":"could not find identity"}}"#,
            .permanent(.unknownIdentity)
        ),
        // Only the id tells the public port, not a word in a text.
        AnswerCase(
            "403 that only speaks of it",
            403,
            json,
            error(403, "security_csrf_violation"),
            .fatal(.credentialRefused)
        ),
        AnswerCase("400 with an empty error", 400, json, #"{"error":{}}"#, .transient(.serverError)),
        AnswerCase(
            "410 with invalid UTF-8",
            410,
            json,
            bytes: Array(#"{"error":{"reason":""#.utf8) + [0xff] + Array("\"}}".utf8),
            .transient(.gatewayError)
        ),
    ]

    private static func success(_ name: String, _ body: String, _ expiresAt: String?) -> AnswerCase {
        AnswerCase(name, 201, json, body, .issued(code: "1", link: "/r?flow=1", expiresAt: expiresAt))
    }

    private static func unreadable(_ name: String, _ body: String) -> AnswerCase {
        AnswerCase("201: \(name)", 201, json, body, .unreadable)
    }
}
