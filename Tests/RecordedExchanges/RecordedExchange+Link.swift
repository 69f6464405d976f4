// What Kratos v26.2 answers where links are issued, as recorded.

extension RecordedExchange {
    static let link: [RecordedExchange] = [
        RecordedExchange(
            "link valid",
            .admin,
            "POST /admin/recovery/link",
            sent: #"{"identity_id": "00003575-85a1-4509-a017-a4d45c9eac0a"}"#,
            "200 OK",
            json,
            #"{"recovery_link":"{public}/self-service/recovery?flow={flow}&token={token}","#,
            #""expires_at":"{time}"}\#n"#
        ),
        RecordedExchange(
            "link 12h",
            .admin,
            "POST /admin/recovery/link",
            sent: #"{"identity_id": "00003575-85a1-4509-a017-a4d45c9eac0a", "expires_in": "12h"}"#,
            "200 OK",
            json,
            #"{"recovery_link":"{public}/self-service/recovery?flow={flow}&token={token}","#,
            #""expires_at":"{time}"}\#n"#
        ),
        RecordedExchange(
            "link unknown",
            .admin,
            "POST /admin/recovery/link",
            sent: #"{"identity_id": "17b441c3-10c9-43f4-a6fa-2795b98f67ca"}"#,
            "400 Bad Request",
            error,
            #"{"error":{"code":400,"status":"Bad Request","reason":"The requested identity id does "#,
            #"not exist.","message":"The request was malformed or contained invalid parameters"}}\#n"#
        ),
        RecordedExchange(
            "link missing",
            .admin,
            "POST /admin/recovery/link",
            sent: #"{}"#,
            "400 Bad Request",
            error,
            #"{"error":{"code":400,"status":"Bad Request","reason":"The requested identity id does "#,
            #"not exist.","message":"The request was malformed or contained invalid parameters"}}\#n"#
        ),
        RecordedExchange(
            "link malformed uuid",
            .admin,
            "POST /admin/recovery/link",
            sent: #"{"identity_id": "not-a-uuid"}"#,
            "400 Bad Request",
            error,
            #"{"error":{"code":400,"status":"Bad Request","reason":"Unable to decode JSON payload: "#,
            #"uuid: incorrect UUID length 10 in string \"not-a-uuid\"","message":"The request was "#,
            #"malformed or contained invalid parameters"}}\#n"#
        ),
        RecordedExchange(
            "link return to bad",
            .admin,
            "POST /admin/recovery/link?return_to=http://evil.example/x",
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
            "link return to",
            .admin,
            "POST /admin/recovery/link?return_to=http://127.0.0.1:4455/after",
            sent: #"{"identity_id": "00003575-85a1-4509-a017-a4d45c9eac0a"}"#,
            "200 OK",
            json,
            #"{"recovery_link":"{public}/self-service/recovery?flow={flow}&token={token}","#,
            #""expires_at":"{time}"}\#n"#
        ),
        RecordedExchange(
            "link expires neg",
            .admin,
            "POST /admin/recovery/link",
            sent: #"{"identity_id": "00003575-85a1-4509-a017-a4d45c9eac0a", "expires_in": "-1h"}"#,
            "400 Bad Request",
            error,
            #"{"error":{"code":400,"status":"Bad Request","reason":"Value from \"expires_in\" must be "#,
            #"result to a future time: -1h","message":"The request was malformed or contained invalid "#,
            #"parameters"}}\#n"#
        ),
        RecordedExchange(
            "link expires zero",
            .admin,
            "POST /admin/recovery/link",
            sent: #"{"identity_id": "00003575-85a1-4509-a017-a4d45c9eac0a", "expires_in": "0s"}"#,
            "400 Bad Request",
            error,
            #"{"error":{"code":400,"status":"Bad Request","reason":"Value from \"expires_in\" must be "#,
            #"result to a future time: 0s","message":"The request was malformed or contained invalid "#,
            #"parameters"}}\#n"#
        ),
        RecordedExchange(
            "link expires bad",
            .admin,
            "POST /admin/recovery/link",
            sent: #"{"identity_id": "00003575-85a1-4509-a017-a4d45c9eac0a", "expires_in": "soon"}"#,
            "400 Bad Request",
            error,
            #"{"error":{"code":400,"status":"Bad Request","reason":"Unable to parse \"expires_in\" "#,
            #"whose format should match \"[0-9]+(ns|us|ms|s|m|h)\" but did not: soon","message":"The "#,
            #"request was malformed or contained invalid parameters"}}\#n"#
        ),
        RecordedExchange(
            "link inactive identity",
            .admin,
            "POST /admin/recovery/link",
            sent: #"{"identity_id": "00fa6ecb-b019-424e-b9c2-1f545c487806"}"#,
            "200 OK",
            json,
            #"{"recovery_link":"{public}/self-service/recovery?flow={flow}&token={token}","#,
            #""expires_at":"{time}"}\#n"#
        ),
        RecordedExchange(
            "link no recovery address",
            .admin,
            "POST /admin/recovery/link",
            sent: #"{"identity_id": "d1e94dfe-8272-44b1-b15b-01dcf6c634b3"}"#,
            "200 OK",
            json,
            #"{"recovery_link":"{public}/self-service/recovery?flow={flow}&token={token}","#,
            #""expires_at":"{time}"}\#n"#
        ),
        RecordedExchange(
            "off, link",
            disabled: .code,
            .admin,
            "POST /admin/recovery/link",
            sent: #"{"identity_id": "01800c74-85f5-4d89-8a47-be8651edf86c"}"#,
            "200 OK",
            json,
            #"{"recovery_link":"{public}/self-service/recovery?flow={flow}&token={token}","#,
            #""expires_at":"{time}"}\#n"#
        ),
        RecordedExchange(
            "off, link",
            disabled: .link,
            .admin,
            "POST /admin/recovery/link",
            sent: #"{"identity_id": "01800c74-85f5-4d89-8a47-be8651edf86c"}"#,
            "404 Not Found",
            error,
            #"{"error":{"code":404,"status":"Not Found","reason":"This endpoint was disabled by "#,
            #"system administrator. Please check your url or contact the system administrator to "#,
            #"enable it.","message":"The requested resource could not be found"}}\#n"#
        ),
    ]
}
