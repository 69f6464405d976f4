// 4xx that neither Kratos nor Connhex can have said, and the outcome of each.

import Providers
import Model

extension AnswerCase {
    private static func page(_ title: String) -> String {
        "<html>\r\n<head><title>\(title)</title></head>\r\n<body><h1>\(title)</h1></body>\r\n</html>\r\n"
    }

    /// Refusals of proxies, gateways and firewalls.
    static let onTheWay: [AnswerCase] = forAWhile + forEverybody + ofTheirOwn + wrongPorts + forbidding

    /// What passes.
    private static let forAWhile: [AnswerCase] =
        [
            (400, "400 Bad Request"), (409, "409 Conflict"), (421, "421 Misdirected Request"),
            (423, "Locked"),
            (424, "Failed Dependency"), (425, "Too Early"), (449, "Retry With"), (460, "460"),
            (499, "Client Closed Request"),
        ].flatMap { status, title in
            [
                AnswerCase("\(status) in HTML", status, html, page(title), .transient(.serverError)),
                AnswerCase("\(status) in plain text", status, plain, title, .transient(.serverError)),
                AnswerCase("\(status) without a body", status, [:], "", .transient(.serverError)),
            ]
        } + [
            // Kratos has no such statuses, whatever the words are.
            AnswerCase(
                "421 in Ory's words",
                421,
                json,
                #"{"error":{"message":"no"}}"#,
                .transient(.serverError)
            ),
            AnswerCase("408 in HTML", 408, html, page("408"), .transient(.timeout)),
            AnswerCase("429 in HTML", 429, html, page("429"), .transient(.rateLimited)),
        ]

    /// What every request would get.
    private static let forEverybody: [AnswerCase] =
        [402, 406, 410, 411, 412, 413, 414, 415, 416, 417, 418, 422, 426, 428, 431, 444, 451, 463, 498]
        .flatMap {
            status in
            [
                AnswerCase("\(status) in HTML", status, html, page("\(status)"), .transient(.gatewayError)),
                AnswerCase("\(status) without a body", status, [:], "", .transient(.gatewayError)),
                AnswerCase(
                    "\(status) in Ory's words",
                    status,
                    json,
                    #"{"error":{"message":"no"}}"#,
                    .permanent(.rejectedByServer)
                ),
            ]
        }

    /// JSON in the forms of other makers.
    private static let ofTheirOwn: [AnswerCase] = [
        ("AWS API Gateway", #"{"message":"Forbidden"}"#),
        ("AWS, in capitals", #"{"Message":"User is not authorized"}"#),
        ("Apigee", #"{"fault":{"faultstring":"Invalid ApiKey","detail":{"errorcode":"oauth.v2"}}}"#),
        ("Tyk", #"{"error":"Key not authorised"}"#),
        ("OAuth", #"{"error":"invalid_request","error_description":"no"}"#),
        ("Azure", #"{"error":{"code":"AuthorizationFailed","message":"no"}}"#),
        ("Google", #"{"error":{"code":403,"message":"no","status":"PERMISSION_DENIED"}}"#),
        ("Azure API Management", #"{"statusCode":403,"message":"no"}"#),
        ("Cloudflare", #"{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}"#),
        ("RFC 9457", #"{"type":"about:blank","title":"Forbidden","status":403,"detail":"no"}"#),
        ("texts", #"{"errors":["no"]}"#), ("nothing in it", #"{"error":{}}"#), ("null", "null"),
        ("a list", "[]"),
    ].flatMap { name, body in
        [
            AnswerCase("400 of \(name)", 400, json, body, .transient(.serverError)),
            AnswerCase("403 of \(name)", 403, json, body, .fatal(.gatewayRefused)),
            AnswerCase("404 of \(name)", 404, json, body, .fatal(.wrongURL)),
            AnswerCase("409 of \(name)", 409, json, body, .transient(.serverError)),
            AnswerCase("422 of \(name)", 422, json, body, .transient(.gatewayError)),
        ]
    }

    /// Plain HTTP where TLS is spoken, in the words of each server; and certificates of clients.
    private static let wrongPorts: [AnswerCase] =
        [
            ("nginx", html, page("400 The plain HTTP request was sent to HTTPS port")),
            (
                "AWS' load balancer", ["Content-Type": "text/html", "Server": "awselb/2.0"],
                page("400 The plain HTTP request was sent to HTTPS port")
            ),
            ("Go", [:], "Client sent an HTTP request to an HTTPS server.\n"),
            (
                "Apache", html,
                page("400 Bad Request")
                    + "<p>Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />"
            ),
            (
                "Tomcat", ["Content-Type": "text/plain"],
                "Bad Request\r\nThis combination of host and port requires TLS.\r\n"
            ),
            (
                "Cheroot", plain,
                "The client sent a plain HTTP request, but this server only speaks HTTPS on this port."
            ),
        ].map { AnswerCase("plain HTTP to a TLS port of \($0)", 400, $1, $2, .fatal(.plainHTTP)) }
        + [
            "400 No required SSL certificate was sent", "400 The SSL certificate error",
        ].map { AnswerCase($0, 400, html, page($0), .fatal(.clientCertificateRefused)) }

    private static let forbidding: [AnswerCase] = [
        AnswerCase("407", 407, html, page("407 Proxy Authentication Required"), .fatal(.proxyRefused)),
        AnswerCase("407 without a body", 407, [:], "", .fatal(.proxyRefused)),
        AnswerCase("407 in Ory's words", 407, json, #"{"error":{"message":"no"}}"#, .fatal(.proxyRefused)),
        AnswerCase("403 in HTML", 403, html, page("403 Forbidden"), .fatal(.gatewayRefused)),
        AnswerCase("403 of Cloudflare", 403, plain, "error code: 1020", .fatal(.gatewayRefused)),
        AnswerCase("403 of Envoy", 403, plain, "RBAC: access denied", .fatal(.gatewayRefused)),
        AnswerCase("403 without a body", 403, [:], "", .fatal(.gatewayRefused)),
        AnswerCase(
            "403 of the server",
            403,
            json,
            #"{"error":{"code":403,"status":"Forbidden","message":"The requested action was forbidden"}}"#,
            .fatal(.credentialRefused)
        ),
        AnswerCase("403 of Connhex", 403, json, #"{"errors":[{"detail":"no"}]}"#, .fatal(.credentialRefused)),
        // Whoever answers 401 wants a credential.
        AnswerCase(
            "401 in HTML with a challenge",
            401,
            ["Content-Type": "text/html", "WWW-Authenticate": "Basic realm=\"x\""],
            page("401 Authorization Required"),
            .fatal(.credentialRefused)
        ),
        AnswerCase("401 of AWS", 401, json, #"{"message":"Unauthorized"}"#, .fatal(.credentialRefused)),
    ]
}
