// What Kratos v26.2 answers to everything that is not issuing, as recorded.

extension RecordedExchange {
    static let routes: [RecordedExchange] = [
        RecordedExchange(
            "admin .well-known ory webauthn.js",
            .admin,
            "GET /.well-known/ory/webauthn.js",
            "404 Not Found",
            plain,
            #"404 page not found\#n"#
        ),
        RecordedExchange(
            "admin DELETE unknown",
            .admin,
            "DELETE /admin/identities/46836ad4-d5e6-4a86-8c51-092f1b40927c",
            "404 Not Found",
            error,
            #"{"error":{"code":404,"status":"Not Found","message":"Unable to locate the resource"}}\#n"#
        ),
        RecordedExchange(
            "admin HEAD alive",
            .admin,
            "HEAD /admin/health/alive",
            "200 OK",
            json,
            ""
        ),
        RecordedExchange(
            "admin POST unknown",
            .admin,
            "POST /admin/nope",
            sent: #"{"a": 1}"#,
            "404 Not Found",
            plain,
            #"404 page not found\#n"#
        ),
        RecordedExchange(
            "admin admin",
            .admin,
            "GET /admin",
            "404 Not Found",
            plain,
            #"404 page not found\#n"#
        ),
        RecordedExchange(
            "admin admin health alive",
            .admin,
            "GET /admin/health/alive",
            "200 OK",
            json,
            #"{"status":"ok"}\#n"#
        ),
        RecordedExchange(
            "admin admin health ready",
            .admin,
            "GET /admin/health/ready",
            "200 OK",
            json,
            #"{"status":"ok"}\#n"#
        ),
        RecordedExchange(
            "admin admin nope",
            .admin,
            "GET /admin/nope",
            "404 Not Found",
            plain,
            #"404 page not found\#n"#
        ),
        RecordedExchange(
            "admin admin version",
            .admin,
            "GET /admin/version",
            "200 OK",
            json,
            #"{"version":"v26.2.0"}\#n"#
        ),
        RecordedExchange(
            "admin health alive",
            .admin,
            "GET /health/alive",
            "200 OK",
            json,
            #"{"status":"ok"}\#n"#
        ),
        RecordedExchange(
            "admin health ready",
            .admin,
            "GET /health/ready",
            "200 OK",
            json,
            #"{"status":"ok"}\#n"#
        ),
        RecordedExchange(
            "admin nope",
            .admin,
            "GET /nope",
            "404 Not Found",
            plain,
            #"404 page not found\#n"#
        ),
        RecordedExchange(
            "admin root",
            .admin,
            "GET /",
            "404 Not Found",
            plain,
            #"404 page not found\#n"#
        ),
        RecordedExchange(
            "admin schemas",
            .admin,
            "GET /schemas",
            "307 Temporary Redirect",
            [#"Content-Type: text/html; charset=utf-8"#, #"Location: {public}/schemas"#],
            #"<a href="{public}/schemas">Temporary Redirect</a>.\#n\#n"#
        ),
        RecordedExchange(
            "admin schemas default",
            .admin,
            "GET /schemas/default",
            "307 Temporary Redirect",
            [
                #"Content-Type: text/html; charset=utf-8"#,
                #"Location: {public}/schemas/default"#,
            ],
            #"<a href="{public}/schemas/default">Temporary Redirect</a>.\#n\#n"#
        ),
        RecordedExchange(
            "admin self-service errors",
            .admin,
            "GET /self-service/errors?id=d42fc8a7-39af-4479-86bd-6c3c272a9fef",
            "307 Temporary Redirect",
            [
                #"Content-Type: text/html; charset=utf-8"#,
                #"Location: {public}/self-service/errors?id=d42fc8a7-39af-4479-86bd-6c3c272a9fef"#,
            ],
            #"<a href="{public}/self-service/errors?id=d42fc8a7-39af-4479-86bd-6c3c272a9fef">Temporary"#,
            #" Redirect</a>.\#n\#n"#
        ),
        RecordedExchange(
            "admin self-service recovery api",
            .admin,
            "GET /self-service/recovery/api",
            "307 Temporary Redirect",
            [
                #"Content-Type: text/html; charset=utf-8"#,
                #"Location: {public}/self-service/recovery/api"#,
            ],
            #"<a href="{public}/self-service/recovery/api">Temporary Redirect</a>.\#n\#n"#
        ),
        RecordedExchange(
            "admin sessions whoami",
            .admin,
            "GET /sessions/whoami",
            "307 Temporary Redirect",
            [
                #"Content-Type: text/html; charset=utf-8"#,
                #"Location: {public}/sessions/whoami"#,
            ],
            #"<a href="{public}/sessions/whoami">Temporary Redirect</a>.\#n\#n"#
        ),
        RecordedExchange(
            "admin version",
            .admin,
            "GET /version",
            "200 OK",
            json,
            #"{"version":"v26.2.0"}\#n"#
        ),
        RecordedExchange(
            "public POST admin identities",
            .public,
            "POST /admin/identities",
            sent: #"{"schema_id": "default", "traits": {"email": "q@example.test"}}"#,
            "307 Temporary Redirect",
            [#"Location: {admin}/admin/identities"#, #"Vary: Cookie"#],
            ""
        ),
        RecordedExchange(
            "public POST admin recovery code",
            .public,
            "POST /admin/recovery/code",
            sent: #"{"identity_id": "021d045c-26f8-4316-8389-fc0ac90734e1"}"#,
            "403 Forbidden",
            [
                #"Content-Type: application/json"#,
                #"Ory-Error-Id: security_csrf_violation"#,
                #"Set-Cookie: csrf_token_{csrf}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                #"Vary: Cookie"#,
            ],
            #"{"error":{"id":"security_csrf_violation","code":403,"status":"Forbidden","#,
            #""reason":"Please retry the flow and optionally clear your cookies. The request was "#,
            #"rejected to protect you from Cross-Site-Request-Forgery (CSRF) which could cause "#,
            #"account takeover, leaking personal information, and other serious security issues.","#,
            #""details":{"docs":"https://www.ory.sh/kratos/docs/debug/csrf","hint":"We detected a "#,
            #"regular browser or server-side call. To debug browser calls check your Browser's "#,
            #"Network Tab to see what cookies are included or excluded. If you are calling from a "#,
            #"server ensure that the appropriate cookies are being forwarded and that the SDK method "#,
            #"is called correctly.","reject_reason":"The HTTP Cookie Header is empty or not set."},"#,
            #""message":"the request was rejected to protect you from Cross-Site-Request-Forgery"}}\#n"#
        ),
        RecordedExchange(
            "public POST identities",
            .public,
            "POST /identities",
            sent: #"{"schema_id": "default", "traits": {"email": "q@example.test"}}"#,
            "307 Temporary Redirect",
            [#"Location: {admin}/admin/identities"#, #"Vary: Cookie"#],
            ""
        ),
        RecordedExchange(
            "public POST recovery code",
            .public,
            "POST /recovery/code",
            sent: #"{"identity_id": "021d045c-26f8-4316-8389-fc0ac90734e1"}"#,
            "307 Temporary Redirect",
            [#"Location: {admin}/admin/recovery/code"#, #"Vary: Cookie"#],
            ""
        ),
        RecordedExchange(
            "public POST recovery link",
            .public,
            "POST /recovery/link",
            sent: #"{"identity_id": "021d045c-26f8-4316-8389-fc0ac90734e1"}"#,
            "307 Temporary Redirect",
            [#"Location: {admin}/admin/recovery/link"#, #"Vary: Cookie"#],
            ""
        ),
        RecordedExchange(
            "public POST unknown",
            .public,
            "POST /nope",
            sent: #"{"a": 1}"#,
            "403 Forbidden",
            [
                #"Content-Type: application/json"#,
                #"Ory-Error-Id: security_csrf_violation"#,
                #"Set-Cookie: csrf_token_{csrf}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                #"Vary: Cookie"#,
            ],
            #"{"error":{"id":"security_csrf_violation","code":403,"status":"Forbidden","#,
            #""reason":"Please retry the flow and optionally clear your cookies. The request was "#,
            #"rejected to protect you from Cross-Site-Request-Forgery (CSRF) which could cause "#,
            #"account takeover, leaking personal information, and other serious security issues.","#,
            #""details":{"docs":"https://www.ory.sh/kratos/docs/debug/csrf","hint":"We detected a "#,
            #"regular browser or server-side call. To debug browser calls check your Browser's "#,
            #"Network Tab to see what cookies are included or excluded. If you are calling from a "#,
            #"server ensure that the appropriate cookies are being forwarded and that the SDK method "#,
            #"is called correctly.","reject_reason":"The HTTP Cookie Header is empty or not set."},"#,
            #""message":"the request was rejected to protect you from Cross-Site-Request-Forgery"}}\#n"#
        ),
        RecordedExchange(
            "public admin",
            .public,
            "GET /admin",
            "404 Not Found",
            [
                #"Content-Type: text/plain; charset=utf-8"#,
                #"Set-Cookie: csrf_token_{csrf}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                #"Vary: Cookie"#,
                #"X-Content-Type-Options: nosniff"#,
            ],
            #"404 page not found\#n"#
        ),
        RecordedExchange(
            "public admin health alive",
            .public,
            "GET /admin/health/alive",
            "404 Not Found",
            [
                #"Content-Type: text/plain; charset=utf-8"#,
                #"Set-Cookie: csrf_token_{csrf}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                #"Vary: Cookie"#,
                #"X-Content-Type-Options: nosniff"#,
            ],
            #"404 page not found\#n"#
        ),
        RecordedExchange(
            "public admin health ready",
            .public,
            "GET /admin/health/ready",
            "404 Not Found",
            [
                #"Content-Type: text/plain; charset=utf-8"#,
                #"Set-Cookie: csrf_token_{csrf}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                #"Vary: Cookie"#,
                #"X-Content-Type-Options: nosniff"#,
            ],
            #"404 page not found\#n"#
        ),
        RecordedExchange(
            "public admin identities",
            .public,
            "GET /admin/identities",
            "307 Temporary Redirect",
            [
                #"Content-Type: text/html; charset=utf-8"#,
                #"Location: {admin}/admin/identities"#,
                #"Vary: Cookie"#,
            ],
            #"<a href="{admin}/admin/identities">Temporary Redirect</a>.\#n\#n"#
        ),
        RecordedExchange(
            "public admin identities 021d045c-26f8-4316-8389",
            .public,
            "GET /admin/identities/021d045c-26f8-4316-8389-fc0ac90734e1",
            "307 Temporary Redirect",
            [
                #"Content-Type: text/html; charset=utf-8"#,
                #"Location: {admin}/admin/identities/021d045c-26f8-4316-8389-fc0ac90734e1"#,
                #"Vary: Cookie"#,
            ],
            #"<a href="{admin}/admin/identities/021d045c-26f8-4316-8389-fc0ac90734e1">Temporary "#,
            #"Redirect</a>.\#n\#n"#
        ),
        RecordedExchange(
            "public admin metrics prometheus",
            .public,
            "GET /admin/metrics/prometheus",
            "404 Not Found",
            [
                #"Content-Type: text/plain; charset=utf-8"#,
                #"Set-Cookie: csrf_token_{csrf}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                #"Vary: Cookie"#,
                #"X-Content-Type-Options: nosniff"#,
            ],
            #"404 page not found\#n"#
        ),
        RecordedExchange(
            "public admin nope",
            .public,
            "GET /admin/nope",
            "404 Not Found",
            [
                #"Content-Type: text/plain; charset=utf-8"#,
                #"Set-Cookie: csrf_token_{csrf}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                #"Vary: Cookie"#,
                #"X-Content-Type-Options: nosniff"#,
            ],
            #"404 page not found\#n"#
        ),
        RecordedExchange(
            "public admin version",
            .public,
            "GET /admin/version",
            "404 Not Found",
            [
                #"Content-Type: text/plain; charset=utf-8"#,
                #"Set-Cookie: csrf_token_{csrf}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                #"Vary: Cookie"#,
                #"X-Content-Type-Options: nosniff"#,
            ],
            #"404 page not found\#n"#
        ),
        RecordedExchange(
            "public health alive",
            .public,
            "GET /health/alive",
            "200 OK",
            json,
            #"{"status":"ok"}\#n"#
        ),
        RecordedExchange(
            "public health ready",
            .public,
            "GET /health/ready",
            "200 OK",
            json,
            #"{"status":"ok"}\#n"#
        ),
        RecordedExchange(
            "public identities",
            .public,
            "GET /identities",
            "307 Temporary Redirect",
            [
                #"Content-Type: text/html; charset=utf-8"#,
                #"Location: {admin}/admin/identities"#,
                #"Vary: Cookie"#,
            ],
            #"<a href="{admin}/admin/identities">Temporary Redirect</a>.\#n\#n"#
        ),
        RecordedExchange(
            "public metrics prometheus",
            .public,
            "GET /metrics/prometheus",
            "404 Not Found",
            plain,
            #"404 page not found\#n"#
        ),
        RecordedExchange(
            "public nope",
            .public,
            "GET /nope",
            "404 Not Found",
            [
                #"Content-Type: text/plain; charset=utf-8"#,
                #"Set-Cookie: csrf_token_{csrf}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                #"Vary: Cookie"#,
                #"X-Content-Type-Options: nosniff"#,
            ],
            #"404 page not found\#n"#
        ),
        RecordedExchange(
            "public root",
            .public,
            "GET /",
            "404 Not Found",
            [
                #"Content-Type: text/plain; charset=utf-8"#,
                #"Set-Cookie: csrf_token_{csrf}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                #"Vary: Cookie"#,
                #"X-Content-Type-Options: nosniff"#,
            ],
            #"404 page not found\#n"#
        ),
        RecordedExchange(
            "public sessions whoami",
            .public,
            "GET /sessions/whoami",
            "401 Unauthorized",
            [#"Content-Type: application/json"#, #"Ory-Error-Id: "#, #"Vary: Cookie"#],
            #"{"error":{"code":401,"status":"Unauthorized","reason":"No valid session credentials "#,
            #"found in the request.","message":"The request could not be authorized"}}\#n"#
        ),
        RecordedExchange(
            "public version",
            .public,
            "GET /version",
            "404 Not Found",
            plain,
            #"404 page not found\#n"#
        ),
        RecordedExchange(
            "public PATCH admin identities",
            .public,
            "PATCH /admin/identities",
            sent: #"{"identities": []}"#,
            "405 Method Not Allowed",
            [
                #"Allow: GET, HEAD, POST"#,
                #"Content-Type: text/plain; charset=utf-8"#,
                #"Vary: Cookie"#,
                #"X-Content-Type-Options: nosniff"#,
            ],
            #"Method Not Allowed\#n"#
        ),
        RecordedExchange(
            "public admin recovery link",
            .public,
            "POST /admin/recovery/link",
            sent: #"{"identity_id": "x"}"#,
            "403 Forbidden",
            [
                #"Content-Type: application/json"#,
                #"Ory-Error-Id: security_csrf_violation"#,
                #"Set-Cookie: csrf_token_{csrf}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                #"Vary: Cookie"#,
            ],
            #"{"error":{"id":"security_csrf_violation","code":403,"status":"Forbidden","#,
            #""reason":"Please retry the flow and optionally clear your cookies. The request was "#,
            #"rejected to protect you from Cross-Site-Request-Forgery (CSRF) which could cause "#,
            #"account takeover, leaking personal information, and other serious security issues.","#,
            #""details":{"docs":"https://www.ory.sh/kratos/docs/debug/csrf","hint":"We detected a "#,
            #"regular browser or server-side call. To debug browser calls check your Browser's "#,
            #"Network Tab to see what cookies are included or excluded. If you are calling from a "#,
            #"server ensure that the appropriate cookies are being forwarded and that the SDK method "#,
            #"is called correctly.","reject_reason":"The HTTP Cookie Header is empty or not set."},"#,
            #""message":"the request was rejected to protect you from Cross-Site-Request-Forgery"}}\#n"#
        ),
    ]
}
