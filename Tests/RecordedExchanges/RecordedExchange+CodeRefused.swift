// What Kratos v26.2 answers where it issues no code, as recorded.

extension RecordedExchange {
    static let codeRefused: [RecordedExchange] = [
        RecordedExchange(
            "code flow type bad",
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "007297c6-39ef-4254-aab8-f65f3e55a4e4", "flow_type": "nope"}"#,
            "400 Bad Request",
            error,
            #"{"error":{"code":400,"status":"Bad Request","reason":"Value from \"flow_type\" is not "#,
            #"valid: \"nope\"","message":"The request was malformed or contained invalid "#,
            #"parameters"}}\#n"#
        ),
        RecordedExchange(
            "code unknown id",
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "ffd5a517-d8e9-4d08-9a57-51706d710d24"}"#,
            "404 Not Found",
            error,
            #"{"error":{"code":404,"status":"Not Found","reason":"could not find identity","#,
            #""message":"Unable to locate the resource"}}\#n"#
        ),
        RecordedExchange(
            "code id number",
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": 5}"#,
            "400 Bad Request",
            error,
            #"{"error":{"code":400,"status":"Bad Request","reason":"Unable to decode JSON payload: "#,
            #"json: cannot unmarshal number into Go struct field "#,
            #"createRecoveryCodeForIdentityBody.identity_id of type uuid.UUID","message":"The request "#,
            #"was malformed or contained invalid parameters"}}\#n"#
        ),
        RecordedExchange(
            "code malformed uuid",
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "not-a-uuid"}"#,
            "400 Bad Request",
            error,
            #"{"error":{"code":400,"status":"Bad Request","reason":"Unable to decode JSON payload: "#,
            #"uuid: incorrect UUID length 10 in string \"not-a-uuid\"","message":"The request was "#,
            #"malformed or contained invalid parameters"}}\#n"#
        ),
        RecordedExchange(
            "code empty id",
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": ""}"#,
            "400 Bad Request",
            error,
            #"{"error":{"code":400,"status":"Bad Request","reason":"Unable to decode JSON payload: "#,
            #"uuid: incorrect UUID length 0 in string \"\"","message":"The request was malformed or "#,
            #"contained invalid parameters"}}\#n"#
        ),
        RecordedExchange(
            "code null id",
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": null}"#,
            "404 Not Found",
            error,
            #"{"error":{"code":404,"status":"Not Found","reason":"could not find identity","#,
            #""message":"Unable to locate the resource"}}\#n"#
        ),
        RecordedExchange(
            "code missing id",
            .admin,
            "POST /admin/recovery/code",
            sent: #"{}"#,
            "404 Not Found",
            error,
            #"{"error":{"code":404,"status":"Not Found","reason":"could not find identity","#,
            #""message":"Unable to locate the resource"}}\#n"#
        ),
        RecordedExchange(
            "code expires nounit",
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "00003575-85a1-4509-a017-a4d45c9eac0a", "expires_in": "12"}"#,
            "400 Bad Request",
            error,
            #"{"error":{"code":400,"status":"Bad Request","reason":"Unable to parse \"expires_in\" "#,
            #"whose format should match \"[0-9]+(ns|us|ms|s|m|h)\" but did not: 12","message":"The "#,
            #"request was malformed or contained invalid parameters"}}\#n"#
        ),
        RecordedExchange(
            "code expires days",
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "00003575-85a1-4509-a017-a4d45c9eac0a", "expires_in": "2d"}"#,
            "400 Bad Request",
            error,
            #"{"error":{"code":400,"status":"Bad Request","reason":"Unable to parse \"expires_in\" "#,
            #"whose format should match \"[0-9]+(ns|us|ms|s|m|h)\" but did not: 2d","message":"The "#,
            #"request was malformed or contained invalid parameters"}}\#n"#
        ),
        RecordedExchange(
            "code expires number",
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "00003575-85a1-4509-a017-a4d45c9eac0a", "expires_in": 3600}"#,
            "400 Bad Request",
            error,
            #"{"error":{"code":400,"status":"Bad Request","reason":"Unable to decode JSON payload: "#,
            #"json: cannot unmarshal number into Go struct field "#,
            #"createRecoveryCodeForIdentityBody.expires_in of type string","message":"The request was "#,
            #"malformed or contained invalid parameters"}}\#n"#
        ),
        RecordedExchange(
            "code expires huge",
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "00003575-85a1-4509-a017-a4d45c9eac0a", "expires_in": "9000000h"}"#,
            "400 Bad Request",
            error,
            #"{"error":{"code":400,"status":"Bad Request","reason":"Unable to parse \"expires_in\" "#,
            #"whose format should match \"[0-9]+(ns|us|ms|s|m|h)\" but did not: 9000000h","#,
            #""message":"The request was malformed or contained invalid parameters"}}\#n"#
        ),
        RecordedExchange(
            "code expires malformed",
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "00003575-85a1-4509-a017-a4d45c9eac0a", "expires_in": "soon"}"#,
            "400 Bad Request",
            error,
            #"{"error":{"code":400,"status":"Bad Request","reason":"Unable to parse \"expires_in\" "#,
            #"whose format should match \"[0-9]+(ns|us|ms|s|m|h)\" but did not: soon","message":"The "#,
            #"request was malformed or contained invalid parameters"}}\#n"#
        ),
        RecordedExchange(
            "code expires zero",
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "00003575-85a1-4509-a017-a4d45c9eac0a", "expires_in": "0s"}"#,
            "400 Bad Request",
            error,
            #"{"error":{"code":400,"status":"Bad Request","reason":"Value from \"expires_in\" must "#,
            #"result to a future time: 0s","message":"The request was malformed or contained invalid "#,
            #"parameters"}}\#n"#
        ),
        RecordedExchange(
            "code expires negative",
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "00003575-85a1-4509-a017-a4d45c9eac0a", "expires_in": "-1h"}"#,
            "400 Bad Request",
            error,
            #"{"error":{"code":400,"status":"Bad Request","reason":"Value from \"expires_in\" must "#,
            #"result to a future time: -1h0m0s","message":"The request was malformed or contained "#,
            #"invalid parameters"}}\#n"#
        ),
        RecordedExchange(
            "code form ct",
            .admin,
            "POST /admin/recovery/code",
            contentType: "application/x-www-form-urlencoded",
            sent: #"identity_id=00003575-85a1-4509-a017-a4d45c9eac0a"#,
            "400 Bad Request",
            error,
            #"{"error":{"code":400,"status":"Bad Request","reason":"HTTP POST Request used unknown "#,
            #"HTTP Header \"Content-Type: application/x-www-form-urlencoded\", only "#,
            #"[application/json] are supported.","message":"The request was malformed or contained "#,
            #"invalid parameters"}}\#n"#
        ),
        RecordedExchange(
            "code no ct",
            .admin,
            "POST /admin/recovery/code",
            contentType: "",
            sent: #"{"identity_id": "00003575-85a1-4509-a017-a4d45c9eac0a"}"#,
            "400 Bad Request",
            error,
            #"{"error":{"code":400,"status":"Bad Request","reason":"HTTP POST Request used unknown "#,
            #"HTTP Header \"Content-Type: \", only [application/json] are supported.","message":"The "#,
            #"request was malformed or contained invalid parameters"}}\#n"#
        ),
        RecordedExchange(
            "code wrong ct",
            .admin,
            "POST /admin/recovery/code",
            contentType: "text/plain",
            sent: #"{"identity_id": "00003575-85a1-4509-a017-a4d45c9eac0a"}"#,
            "400 Bad Request",
            error,
            #"{"error":{"code":400,"status":"Bad Request","reason":"HTTP POST Request used unknown "#,
            #"HTTP Header \"Content-Type: text/plain\", only [application/json] are supported.","#,
            #""message":"The request was malformed or contained invalid parameters"}}\#n"#
        ),
        RecordedExchange(
            "code empty body",
            .admin,
            "POST /admin/recovery/code",
            "400 Bad Request",
            error,
            #"{"error":{"code":400,"status":"Bad Request","reason":"Unable to decode HTTP Request "#,
            #"Body because its HTTP Header \"Content-Length\" is zero.","message":"The request was "#,
            #"malformed or contained invalid parameters"}}\#n"#
        ),
        RecordedExchange(
            "code array",
            .admin,
            "POST /admin/recovery/code",
            sent: #"[]"#,
            "400 Bad Request",
            error,
            #"{"error":{"code":400,"status":"Bad Request","reason":"Unable to decode JSON payload: "#,
            #"json: cannot unmarshal array into Go value of type "#,
            #"code.createRecoveryCodeForIdentityBody","message":"The request was malformed or "#,
            #"contained invalid parameters"}}\#n"#
        ),
        RecordedExchange(
            "code malformed json",
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id":"#,
            "400 Bad Request",
            error,
            #"{"error":{"code":400,"status":"Bad Request","reason":"Unable to decode JSON payload: "#,
            #"unexpected EOF","message":"The request was malformed or contained invalid parameters"}}\#n"#
        ),
        RecordedExchange(
            "code return to bad",
            .admin,
            "POST /admin/recovery/code?return_to=http://evil.example/x",
            sent: #"{"identity_id": "00003575-85a1-4509-a017-a4d45c9eac0a"}"#,
            "400 Bad Request",
            [
                #"Content-Type: application/json"#,
                #"Ory-Error-Id: self_service_flow_return_to_forbidden"#,
            ],
            #"{"error":{"id":"self_service_flow_return_to_forbidden","code":400,"status":"Bad "#,
            #"Request","reason":"Requested return_to URL \"http://evil.example/x\" is not allowed.","#,
            #""message":"The request was malformed or contained invalid parameters"}}\#n"#
        ),
        RecordedExchange(
            "code put method",
            .admin,
            "PUT /admin/recovery/code",
            sent: #"{"identity_id": "00003575-85a1-4509-a017-a4d45c9eac0a"}"#,
            "405 Method Not Allowed",
            [
                #"Allow: POST"#,
                #"Content-Type: text/plain; charset=utf-8"#,
                #"X-Content-Type-Options: nosniff"#,
            ],
            #"Method Not Allowed\#n"#
        ),
        RecordedExchange(
            "code get method",
            .admin,
            "GET /admin/recovery/code",
            "405 Method Not Allowed",
            [
                #"Allow: POST"#,
                #"Content-Type: text/plain; charset=utf-8"#,
                #"X-Content-Type-Options: nosniff"#,
            ],
            #"Method Not Allowed\#n"#
        ),
        RecordedExchange(
            "code accept html",
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "9f8a77ac-1ff5-4d45-a33e-b9730570b1c5"}"#,
            "404 Not Found",
            error,
            #"{"error":{"code":404,"status":"Not Found","reason":"could not find identity","#,
            #""message":"Unable to locate the resource"}}\#n"#
        ),
        RecordedExchange(
            "code no accept",
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "6c570e38-d1c9-4ba7-ba08-f214acc07cbb"}"#,
            "404 Not Found",
            error,
            #"{"error":{"code":404,"status":"Not Found","reason":"could not find identity","#,
            #""message":"Unable to locate the resource"}}\#n"#
        ),
        RecordedExchange(
            "code trailing slash",
            .admin,
            "POST /admin/recovery/code/",
            sent: #"{"identity_id": "00003575-85a1-4509-a017-a4d45c9eac0a"}"#,
            "404 Not Found",
            plain,
            #"404 page not found\#n"#
        ),
        RecordedExchange(
            "off, code",
            disabled: .code,
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "01800c74-85f5-4d89-8a47-be8651edf86c"}"#,
            "404 Not Found",
            error,
            #"{"error":{"code":404,"status":"Not Found","reason":"This endpoint was disabled by "#,
            #"system administrator. Please check your url or contact the system administrator to "#,
            #"enable it.","message":"The requested resource could not be found"}}\#n"#
        ),
        RecordedExchange(
            "off, code api",
            disabled: .code,
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "01800c74-85f5-4d89-8a47-be8651edf86c", "flow_type": "api"}"#,
            "404 Not Found",
            error,
            #"{"error":{"code":404,"status":"Not Found","reason":"This endpoint was disabled by "#,
            #"system administrator. Please check your url or contact the system administrator to "#,
            #"enable it.","message":"The requested resource could not be found"}}\#n"#
        ),
        RecordedExchange(
            "off, code unknown",
            disabled: .code,
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "7bfbd466-0125-44f8-999f-4cb72e826cf4"}"#,
            "404 Not Found",
            error,
            #"{"error":{"code":404,"status":"Not Found","reason":"This endpoint was disabled by "#,
            #"system administrator. Please check your url or contact the system administrator to "#,
            #"enable it.","message":"The requested resource could not be found"}}\#n"#
        ),
        RecordedExchange(
            "off, code unknown",
            disabled: .link,
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "2c90b0f4-27f3-47d9-b99f-fc6d4e46b112"}"#,
            "404 Not Found",
            error,
            #"{"error":{"code":404,"status":"Not Found","reason":"could not find identity","#,
            #""message":"Unable to locate the resource"}}\#n"#
        ),
        RecordedExchange(
            "admin OPTIONS",
            .admin,
            "OPTIONS /admin/recovery/code",
            "405 Method Not Allowed",
            [
                #"Allow: POST"#,
                #"Content-Type: text/plain; charset=utf-8"#,
                #"X-Content-Type-Options: nosniff"#,
            ],
            #"Method Not Allowed\#n"#
        ),
        RecordedExchange(
            "admin gzip",
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "00000000-0000-0000-0000-000000000000"}"#,
            "404 Not Found",
            error,
            #"{"error":{"code":404,"status":"Not Found","reason":"could not find identity","#,
            #""message":"Unable to locate the resource"}}\#n"#
        ),
        RecordedExchange(
            "delete method",
            .admin,
            "DELETE /admin/recovery/code",
            "405 Method Not Allowed",
            [
                #"Allow: POST"#,
                #"Content-Type: text/plain; charset=utf-8"#,
                #"X-Content-Type-Options: nosniff"#,
            ],
            #"Method Not Allowed\#n"#
        ),
        RecordedExchange(
            "double slash",
            .admin,
            "POST //admin/recovery/code",
            sent: #"{"identity_id": "x"}"#,
            "404 Not Found",
            plain,
            #"404 page not found\#n"#
        ),
        RecordedExchange(
            "head",
            .admin,
            "HEAD /admin/recovery/code",
            "405 Method Not Allowed",
            [
                #"Allow: POST"#,
                #"Content-Type: text/plain; charset=utf-8"#,
                #"X-Content-Type-Options: nosniff"#,
            ],
            ""
        ),
    ]
}
