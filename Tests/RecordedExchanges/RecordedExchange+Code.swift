// What Kratos v26.2 answers where it issues a code, as recorded.

extension RecordedExchange {
    static let code: [RecordedExchange] = [
        RecordedExchange(
            "code valid",
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "00003575-85a1-4509-a017-a4d45c9eac0a"}"#,
            "201 Created",
            json,
            #"{"recovery_link":"http://127.0.0.1:4455/recovery?flow={flow}","recovery_code":"{code}","#,
            #""expires_at":"{time}"}\#n"#
        ),
        RecordedExchange(
            "code 12h",
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "0055bb97-6ea6-4847-8709-0e2c30edc4dc", "expires_in": "12h"}"#,
            "201 Created",
            json,
            #"{"recovery_link":"http://127.0.0.1:4455/recovery?flow={flow}","recovery_code":"{code}","#,
            #""expires_at":"{time}"}\#n"#
        ),
        RecordedExchange(
            "code browser explicit",
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "007297c6-39ef-4254-aab8-f65f3e55a4e4", "flow_type": "browser"}"#,
            "201 Created",
            json,
            #"{"recovery_link":"http://127.0.0.1:4455/recovery?flow={flow}","recovery_code":"{code}","#,
            #""expires_at":"{time}"}\#n"#
        ),
        RecordedExchange(
            "code api",
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "007297c6-39ef-4254-aab8-f65f3e55a4e4", "flow_type": "api"}"#,
            "201 Created",
            json,
            #"{"recovery_link":"http://127.0.0.1:4455/recovery?flow={flow}","recovery_code":"{code}","#,
            #""expires_at":"{time}"}\#n"#
        ),
        RecordedExchange(
            "code id uppercase",
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "00003575-85A1-4509-A017-A4D45C9EAC0A"}"#,
            "201 Created",
            json,
            #"{"recovery_link":"http://127.0.0.1:4455/recovery?flow={flow}","recovery_code":"{code}","#,
            #""expires_at":"{time}"}\#n"#
        ),
        RecordedExchange(
            "code id nodash",
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "0000357585a14509a017a4d45c9eac0a"}"#,
            "201 Created",
            json,
            #"{"recovery_link":"http://127.0.0.1:4455/recovery?flow={flow}","recovery_code":"{code}","#,
            #""expires_at":"{time}"}\#n"#
        ),
        RecordedExchange(
            "code expires compound",
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "00003575-85a1-4509-a017-a4d45c9eac0a", "expires_in": "1h30m"}"#,
            "201 Created",
            json,
            #"{"recovery_link":"http://127.0.0.1:4455/recovery?flow={flow}","recovery_code":"{code}","#,
            #""expires_at":"{time}"}\#n"#
        ),
        RecordedExchange(
            "code expires fraction",
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "00003575-85a1-4509-a017-a4d45c9eac0a", "expires_in": "1.5h"}"#,
            "201 Created",
            json,
            #"{"recovery_link":"http://127.0.0.1:4455/recovery?flow={flow}","recovery_code":"{code}","#,
            #""expires_at":"{time}"}\#n"#
        ),
        RecordedExchange(
            "code expires empty",
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "00003575-85a1-4509-a017-a4d45c9eac0a", "expires_in": ""}"#,
            "201 Created",
            json,
            #"{"recovery_link":"http://127.0.0.1:4455/recovery?flow={flow}","recovery_code":"{code}","#,
            #""expires_at":"{time}"}\#n"#
        ),
        RecordedExchange(
            "code expires year",
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "00003575-85a1-4509-a017-a4d45c9eac0a", "expires_in": "8760h"}"#,
            "201 Created",
            json,
            #"{"recovery_link":"http://127.0.0.1:4455/recovery?flow={flow}","recovery_code":"{code}","#,
            #""expires_at":"{time}"}\#n"#
        ),
        RecordedExchange(
            "code ct charset",
            .admin,
            "POST /admin/recovery/code",
            contentType: "application/json; charset=utf-8",
            sent: #"{"identity_id": "00003575-85a1-4509-a017-a4d45c9eac0a"}"#,
            "201 Created",
            json,
            #"{"recovery_link":"http://127.0.0.1:4455/recovery?flow={flow}","recovery_code":"{code}","#,
            #""expires_at":"{time}"}\#n"#
        ),
        RecordedExchange(
            "code unknown field",
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "00003575-85a1-4509-a017-a4d45c9eac0a", "foo": 1}"#,
            "201 Created",
            json,
            #"{"recovery_link":"http://127.0.0.1:4455/recovery?flow={flow}","recovery_code":"{code}","#,
            #""expires_at":"{time}"}\#n"#
        ),
        RecordedExchange(
            "code return to query",
            .admin,
            "POST /admin/recovery/code?return_to=http://127.0.0.1:4455/x",
            sent: #"{"identity_id": "00003575-85a1-4509-a017-a4d45c9eac0a"}"#,
            "201 Created",
            json,
            #"{"recovery_link":"http://127.0.0.1:4455/recovery?flow={flow}","recovery_code":"{code}","#,
            #""expires_at":"{time}"}\#n"#
        ),
        RecordedExchange(
            "code no admin prefix",
            .admin,
            "POST /recovery/code",
            sent: #"{"identity_id": "00003575-85a1-4509-a017-a4d45c9eac0a"}"#,
            "201 Created",
            json,
            #"{"recovery_link":"http://127.0.0.1:4455/recovery?flow={flow}","recovery_code":"{code}","#,
            #""expires_at":"{time}"}\#n"#
        ),
        RecordedExchange(
            "code inactive identity",
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "00fa6ecb-b019-424e-b9c2-1f545c487806"}"#,
            "201 Created",
            json,
            #"{"recovery_link":"http://127.0.0.1:4455/recovery?flow={flow}","recovery_code":"{code}","#,
            #""expires_at":"{time}"}\#n"#
        ),
        RecordedExchange(
            "code no recovery address",
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "d1e94dfe-8272-44b1-b15b-01dcf6c634b3"}"#,
            "201 Created",
            json,
            #"{"recovery_link":"http://127.0.0.1:4455/recovery?flow={flow}","recovery_code":"{code}","#,
            #""expires_at":"{time}"}\#n"#
        ),
        RecordedExchange(
            "off, code",
            disabled: .link,
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "01800c74-85f5-4d89-8a47-be8651edf86c"}"#,
            "201 Created",
            json,
            #"{"recovery_link":"http://127.0.0.1:4455/recovery?flow={flow}","recovery_code":"{code}","#,
            #""expires_at":"{time}"}\#n"#
        ),
        RecordedExchange(
            "off, code api",
            disabled: .link,
            .admin,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "01800c74-85f5-4d89-8a47-be8651edf86c", "flow_type": "api"}"#,
            "201 Created",
            json,
            #"{"recovery_link":"http://127.0.0.1:4455/recovery?flow={flow}","recovery_code":"{code}","#,
            #""expires_at":"{time}"}\#n"#
        ),
    ]
}
