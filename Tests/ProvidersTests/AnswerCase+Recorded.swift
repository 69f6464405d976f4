// What Kratos v26.2 answers where a code is asked for, as recorded, and the outcome of each.

import Providers
import Model

extension AnswerCase {
    /// A 400 of Kratos' with this reason, JSON-escaped.
    private static func malformed(_ name: String, _ reason: String, _ expected: OutcomeClass) -> AnswerCase {
        AnswerCase(
            name,
            400,
            oryError,
            #"""
            {"error":{"code":400,"status":"Bad Request","reason":"\#(reason)",\#
            "message":"The request was malformed or contained invalid parameters"}}

            """#,
            expected
        )
    }

    private static func serverError(_ name: String, _ message: String) -> AnswerCase {
        AnswerCase(
            name,
            500,
            oryError,
            #"{"error":{"code":500,"status":"Internal Server Error","message":"\#(message)"}}"# + "\n",
            .transient(.serverError)
        )
    }

    private static let undecodable = "Unable to decode JSON payload: json: cannot unmarshal"
    private static let badDuration =
        #"Unable to parse \"expires_in\" whose format should match \"[0-9]+(ns|us|ms|s|m|h)\" but did not:"#

    static let recorded: [AnswerCase] =
        recordedSuccesses + recordedBadRequests + recordedNotFound + recordedWrongDoors + [
            serverError("database locked", "sqlite select one: database is locked"),
            serverError("database gone", "unexpected EOF"),
            serverError(
                "database down",
                "failed to connect to `user=kratos database=kratos`: 127.0.0.1:54329 (127.0.0.1): "
                    + "dial error: dial tcp 127.0.0.1:54329: connect: connection refused"
            ),
        ]

    private static let recordedSuccesses: [AnswerCase] = [
        AnswerCase(
            "code",
            201,
            json,
            #"""
            {"recovery_link":"http://127.0.0.1:4455/recovery?flow=5fc1fbf0-3a9a-4c5a-a4cd-5967e83e0b5e",\#
            "recovery_code":"050091","expires_at":"2026-11-21T00:46:57.284692879Z"}

            """#,
            .issued(
                code: "050091",
                link: "http://127.0.0.1:4455/recovery?flow=5fc1fbf0-3a9a-4c5a-a4cd-5967e83e0b5e",
                expiresAt: "2026-11-21T00:46:57.284692879Z"
            )
        ),
        // The other endpoint's answer: no code, so not what was asked for.
        AnswerCase(
            "link instead of a code",
            200,
            json,
            #"""
            {"recovery_link":"http://127.0.0.1:4433/self-service/recovery?flow=6df5f1af-b80c-4e4f-90c2-\#
            7274544721ef&token=wingsQFnhyESMuHc2KMslmPIIUB5vnR9",\#
            "expires_at":"2026-11-21T00:49:14.709461377Z"}

            """#,
            .fatal(.notKratos)
        ),
    ]

    private static let recordedBadRequests: [AnswerCase] = [
        malformed(
            "flow type",
            #"Value from \"flow_type\" is not valid: \"nope\""#,
            .fatal(.parameterRefused)
        ),
        malformed("duration without unit", "\(badDuration) 12", .fatal(.parameterRefused)),
        malformed("duration in days", "\(badDuration) 2d", .fatal(.parameterRefused)),
        malformed(
            "duration of zero",
            #"Value from \"expires_in\" must result to a future time: 0s"#,
            .fatal(.parameterRefused)
        ),
        malformed(
            "duration as a number",
            "\(undecodable) number into Go struct field createRecoveryCodeForIdentityBody.expires_"
                + "in of type string",
            .fatal(.parameterRefused)
        ),
        malformed(
            "content type",
            #"HTTP POST Request used unknown HTTP Header \"Content-Type: text/plain\", "#
                + "only [application/json] are supported.",
            .fatal(.parameterRefused)
        ),
        AnswerCase(
            "return_to",
            400,
            ["Content-Type": "application/json", "Ory-Error-Id": "self_service_flow_return_to_forbidden"],
            #"""
            {"error":{"id":"self_service_flow_return_to_forbidden","code":400,"status":"Bad Request",\#
            "reason":"Requested return_to URL \"http://evil.example/x\" is not allowed.",\#
            "message":"The request was malformed or contained invalid parameters"}}

            """#,
            .fatal(.parameterRefused)
        ),
        malformed(
            "identity as a number",
            "\(undecodable) number into Go struct field createRecoveryCodeForIdentityBody.identity"
                + "_id of type uuid.UUID",
            .permanent(.rejectedByServer)
        ),
        malformed(
            "malformed UUID",
            #"Unable to decode JSON payload: uuid: incorrect UUID length 10 in string \"not-a-uuid\""#,
            .permanent(.rejectedByServer)
        ),
        malformed(
            "empty body",
            #"Unable to decode HTTP Request Body because its HTTP Header \"Content-Length\" is zero."#,
            .permanent(.rejectedByServer)
        ),
        malformed(
            "malformed JSON",
            "Unable to decode JSON payload: unexpected EOF",
            .permanent(.rejectedByServer)
        ),
    ]

    private static let recordedNotFound: [AnswerCase] = [
        AnswerCase(
            "unknown identity",
            404,
            oryError,
            #"""
            {"error":{"code":404,"status":"Not Found","reason":"could not find identity",\#
            "message":"Unable to locate the resource"}}

            """#,
            .permanent(.unknownIdentity)
        ),
        AnswerCase(
            "disabled method",
            404,
            oryError,
            #"""
            {"error":{"code":404,"status":"Not Found","reason":"This endpoint was disabled by system \#
            administrator. Please check your url or contact the system administrator to enable it.",\#
            "message":"The requested resource could not be found"}}

            """#,
            .fatal(.methodDisabled)
        ),
        AnswerCase(
            "404 of another kind",
            404,
            oryError,
            #"{"error":{"code":404,"status":"Not Found","message":"Unable to locate the resource"}}"# + "\n",
            .permanent(.rejectedByServer)
        ),
        AnswerCase("no such page", 404, plain, "404 page not found\n", .fatal(.wrongURL)),
        AnswerCase("wrong method", 405, plain, "Method Not Allowed\n", .fatal(.wrongURL)),
    ]

    private static let recordedWrongDoors: [AnswerCase] = [
        AnswerCase(
            "public port",
            403,
            ["Content-Type": "application/json", "Ory-Error-Id": "security_csrf_violation"],
            #"""
            {"error":{"id":"security_csrf_violation","code":403,"status":"Forbidden","reason":"Please \#
            retry the flow and optionally clear your cookies. The request was rejected to protect you from \#
            Cross-Site-Request-Forgery (CSRF) which could cause account takeover, leaking personal \#
            information, and other serious security issues.","details":{"reject_reason":"The HTTP Cookie \#
            Header is empty or not set."},"message":"the request was rejected to protect you from \#
            Cross-Site-Request-Forgery"}}

            """#,
            .fatal(.publicPort)
        ),
        AnswerCase(
            "public port without the prefix",
            307,
            ["Location": "http://127.0.0.1:4434/admin/recovery/code", "Vary": "Cookie"],
            "",
            .fatal(.redirected)
        ),
        AnswerCase(
            "credential missing",
            401,
            oryError,
            #"""
            {"error":{"code":401,"status":"Unauthorized","reason":"No valid session credentials found in \#
            the request.","message":"The request could not be authorized"}}

            """#,
            .fatal(.credentialRefused)
        ),
        AnswerCase(
            "not ready",
            503,
            oryError,
            #"""
            {"error":{"code":500,"status":"Internal Server Error","message":"error may contain sensitive \#
            information and was obfuscated"}}

            """#,
            .transient(.serverError)
        ),
    ]
}
