// Codes of browser flows that came too late or too often.

extension RecordedStory {
    static let refused: [RecordedStory] = [
        RecordedStory(
            "an expired browser code",
            email: "batch00780@example.test",
            .expiredCode(.browser),
            values: [
                "code": #"103553"#,
                "flow": #"03bd1682-5534-4092-95bd-b765da9f4c23"#,
                "flow2": #"39fca240-8470-421d-8d55-4b61bdb989a4"#,
                "new_cookie": #"NPwrBNvz+vxzkESmar0UWWiioAubh1uFxS05EYj00Uc="#,
            ],
            [
                RecordedStep(
                    "04e2_get_flow_expired",
                    .public,
                    #"GET /self-service/recovery/flows?id={flow}"#,
                    "410 Gone",
                    [
                        #"Content-Type: application/json"#,
                        #"Ory-Error-Id: "#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"{"error":{"code":410,"status":"Gone","reason":"The recovery flow has expired. Redirect"#,
                    #" the user to the recovery flow init endpoint to initialize a new recovery flow.","deta"#,
                    #"ils":{"redirect_to":"{public}/self-service/recovery/browser","return_to":""},"message""#,
                    #":"The requested resource is no longer available because it has expired or is otherwise"#,
                    #" invalid."}}\#n"#
                ),
                RecordedStep(
                    "04e_browser_expired",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "code", "code": "{code}"}"#,
                    "303 See Other",
                    [
                        #"Location: {public}/self-service/recovery/flows?id={flow2}"#,
                        #"Vary: Cookie"#,
                    ]
                ),
                RecordedStep(
                    "04e9_browser_expired_follow",
                    .public,
                    #"GET /self-service/recovery/flows?id={flow2}"#,
                    "403 Forbidden",
                    [
                        #"Content-Type: application/json"#,
                        #"Ory-Error-Id: security_csrf_violation"#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"{"error":{"id":"security_csrf_violation","code":403,"status":"Forbidden","reason":"Ple"#,
                    #"ase retry the flow and optionally clear your cookies. The request was rejected to prot"#,
                    #"ect you from Cross-Site-Request-Forgery (CSRF) which could cause account takeover, lea"#,
                    #"king personal information, and other serious security issues.","details":{"docs":"http"#,
                    #"s://www.ory.sh/kratos/docs/debug/csrf","hint":"We detected a regular browser or server"#,
                    #"-side call. To debug browser calls check your Browser's Network Tab to see what cookie"#,
                    #"s are included or excluded. If you are calling from a server ensure that the appropria"#,
                    #"te cookies are being forwarded and that the SDK method is called correctly.","reject_r"#,
                    #"eason":"The HTTP Cookie Header is empty or not set."},"message":"the request was rejec"#,
                    #"ted to protect you from Cross-Site-Request-Forgery"}}\#n"#
                ),
            ]
        ),
        RecordedStory(
            "a locked browser code",
            email: "batch00780@example.test",
            .code(.browser),
            values: [
                "code": #"967437"#,
                "csrf_cookie": #"zZc4FYy3fi6YJR8I15cf2hpT6jo9ccUK8TJZkNcA6Vo="#,
                "flow": #"e593c6c6-3c9f-4b2b-ac0e-4881738b9752"#,
                "flow2": #"206b24e0-4e86-4186-9ce6-706041644f05"#,
                "id": #"31c5328b-3590-4399-b20d-18eb3951d67b"#,
                "masked":
                    #"J6Q2vF+yDa/VwYzFvhe8BSFZLp+svNqdb5VSxLFlysnqMw6p0wVzgU3kk81pgKPfOwrEpZHNH5eepwtUZmUj"#
                    + #"kw=="#,
                "new_cookie": #"CD6NzJ5Ab1p+dY4KJ1LIyGLT4mQMLKtXAPZfFPQz+Rs="#,
                "time": #"2026-11-21T00:48:40.885652705Z"#,
            ],
            [
                RecordedStep(
                    "04f_browser_try1_wrong",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "code", "code": "967438"}"#,
                    times: 5,
                    "200 OK",
                    RecordedStep.json,
                    #"{"id":"{flow}","type":"browser","expires_at":"{time}","issued_at":"{time}","request_ur"#,
                    #"l":"{admin}/admin/recovery/code","active":"code","ui":{"action":"{public}/self-service"#,
                    #"/recovery?flow={flow}","method":"POST","nodes":[{"type":"input","group":"code","attrib"#,
                    #"utes":{"name":"code","type":"text","required":true,"pattern":"[0-9]+","disabled":false"#,
                    #","maxlength":6,"node_type":"input"},"messages":[],"meta":{"label":{"id":1070010,"text""#,
                    #":"Recovery code","type":"info"}}},{"type":"input","group":"code","attributes":{"name":"#,
                    #""method","type":"submit","value":"code","disabled":false,"node_type":"input"},"message"#,
                    #"s":[],"meta":{"label":{"id":1070009,"text":"Continue","type":"info"}}}],"messages":[{""#,
                    #"id":4060006,"text":"The recovery code is invalid or has already been used. Please try "#,
                    #"again.","type":"error"}]},"state":"sent_email","transient_payload":{}}\#n"#
                ),
                RecordedStep(
                    "04f_browser_try6_wrong",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "code", "code": "967438"}"#,
                    times: 3,
                    "303 See Other",
                    [
                        #"Location: {public}/self-service/recovery/flows?id={id}"#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ]
                ),
                RecordedStep(
                    "04f9_browser_correct_after_lock",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "code", "code": "{code}"}"#,
                    "303 See Other",
                    [
                        #"Location: {public}/self-service/recovery/flows?id={flow2}"#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={csrf_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ]
                ),
                RecordedStep(
                    "04f9b_browser_lock_follow",
                    .public,
                    #"GET /self-service/recovery/flows?id={flow2}"#,
                    headers: [
                        #"Accept: application/json"#,
                        #"Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10778f"#
                            + #"481={csrf_cookie}"#,
                    ],
                    "200 OK",
                    RecordedStep.json,
                    #"{"id":"{flow2}","type":"browser","expires_at":"{time}","issued_at":"{time}","request_u"#,
                    #"rl":"{public}/self-service/recovery?flow={flow}","active":"code","ui":{"action":"{public}"#,
                    #"/self-service/recovery?flow={flow2}","method":"POST","nodes":[{"type":"input","group":"#,
                    #""default","attributes":{"name":"csrf_token","type":"hidden","value":"{masked}","requir"#,
                    #"ed":true,"disabled":false,"node_type":"input"},"messages":[],"meta":{}},{"type":"input"#,
                    #"","group":"code","attributes":{"name":"email","type":"email","required":true,"disabled"#,
                    #"":false,"node_type":"input"},"messages":[],"meta":{"label":{"id":1070007,"text":"Email"#,
                    #"","type":"info"}}},{"type":"input","group":"code","attributes":{"name":"method","type""#,
                    #":"submit","value":"code","disabled":false,"node_type":"input"},"messages":[],"meta":{""#,
                    #"label":{"id":1070009,"text":"Continue","type":"info"}}}],"messages":[{"id":4000001,"te"#,
                    #"xt":"The request was submitted too often. Please request another code.","type":"error""#,
                    #","context":{"reason":"The request was submitted too often. Please request another code"#,
                    #"."}}]},"state":"choose_method"}\#n"#
                ),
            ]
        ),
        RecordedStory(
            "an expired browser code with transitions",
            usesTransitions: true,
            email: "batch00780@example.test",
            .expiredCode(.browser),
            values: [
                "code": #"501590"#,
                "flow": #"4991e069-9c71-4271-bcaf-6848d8db0216"#,
                "flow2": #"b13c97d3-1a71-4bc5-9c0e-5f9ec495b42b"#,
                "new_cookie": #"NM7ZAKYkCuLG05dFLqcGYzw8gtwSsiawmnzJFluBlPo="#,
            ],
            [
                RecordedStep(
                    "cw_04e2_get_flow_expired",
                    .public,
                    #"GET /self-service/recovery/flows?id={flow}"#,
                    "410 Gone",
                    [
                        #"Content-Type: application/json"#,
                        #"Ory-Error-Id: "#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"{"error":{"code":410,"status":"Gone","reason":"The recovery flow has expired. Redirect"#,
                    #" the user to the recovery flow init endpoint to initialize a new recovery flow.","deta"#,
                    #"ils":{"redirect_to":"{public}/self-service/recovery/browser","return_to":""},"message""#,
                    #":"The requested resource is no longer available because it has expired or is otherwise"#,
                    #" invalid."}}\#n"#
                ),
                RecordedStep(
                    "cw_04e_browser_expired",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "code", "code": "{code}"}"#,
                    "303 See Other",
                    [
                        #"Location: {public}/self-service/recovery/flows?id={flow2}"#,
                        #"Vary: Cookie"#,
                    ]
                ),
                RecordedStep(
                    "cw_04e9_browser_expired_follow",
                    .public,
                    #"GET /self-service/recovery/flows?id={flow2}"#,
                    "403 Forbidden",
                    [
                        #"Content-Type: application/json"#,
                        #"Ory-Error-Id: security_csrf_violation"#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"{"error":{"id":"security_csrf_violation","code":403,"status":"Forbidden","reason":"Ple"#,
                    #"ase retry the flow and optionally clear your cookies. The request was rejected to prot"#,
                    #"ect you from Cross-Site-Request-Forgery (CSRF) which could cause account takeover, lea"#,
                    #"king personal information, and other serious security issues.","details":{"docs":"http"#,
                    #"s://www.ory.sh/kratos/docs/debug/csrf","hint":"We detected a regular browser or server"#,
                    #"-side call. To debug browser calls check your Browser's Network Tab to see what cookie"#,
                    #"s are included or excluded. If you are calling from a server ensure that the appropria"#,
                    #"te cookies are being forwarded and that the SDK method is called correctly.","reject_r"#,
                    #"eason":"The HTTP Cookie Header is empty or not set."},"message":"the request was rejec"#,
                    #"ted to protect you from Cross-Site-Request-Forgery"}}\#n"#
                ),
            ]
        ),
        RecordedStory(
            "a locked browser code with transitions",
            usesTransitions: true,
            email: "batch00780@example.test",
            .code(.browser),
            values: [
                "code": #"738854"#,
                "flow": #"7e8eb191-6af8-4af8-b3e6-1e0c65fd6804"#,
                "id": #"facf58d7-5a00-4192-98e4-b747cd702ddc"#,
                "new_cookie": #"gbJDvmcAjiQlsi2dSFZmAKiiNNh43Y2HRnZg5URh6PA="#,
                "time": #"2026-11-21T00:48:47.647318484Z"#,
            ],
            [
                RecordedStep(
                    "cw_04f_browser_try1_wrong",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "code", "code": "738855"}"#,
                    times: 5,
                    "200 OK",
                    RecordedStep.json,
                    #"{"id":"{flow}","type":"browser","expires_at":"{time}","issued_at":"{time}","request_ur"#,
                    #"l":"{admin}/admin/recovery/code","active":"code","ui":{"action":"{public}/self-service"#,
                    #"/recovery?flow={flow}","method":"POST","nodes":[{"type":"input","group":"code","attrib"#,
                    #"utes":{"name":"code","type":"text","required":true,"pattern":"[0-9]+","disabled":false"#,
                    #","maxlength":6,"node_type":"input"},"messages":[],"meta":{"label":{"id":1070010,"text""#,
                    #":"Recovery code","type":"info"}}},{"type":"input","group":"code","attributes":{"name":"#,
                    #""method","type":"submit","value":"code","disabled":false,"node_type":"input"},"message"#,
                    #"s":[],"meta":{"label":{"id":1070009,"text":"Continue","type":"info"}}}],"messages":[{""#,
                    #"id":4060006,"text":"The recovery code is invalid or has already been used. Please try "#,
                    #"again.","type":"error"}]},"state":"sent_email","transient_payload":{}}\#n"#
                ),
                RecordedStep(
                    "cw_04f_browser_try6_wrong",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "code", "code": "738855"}"#,
                    times: 3,
                    "400 Bad Request",
                    [
                        #"Content-Type: application/json"#,
                        #"Ory-Error-Id: "#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"{"error":{"code":400,"status":"Bad Request","reason":"The request was submitted too of"#,
                    #"ten. Please request another code.","details":{"continue_with":[{"action":"show_recover"#,
                    #"y_ui","flow":{"id":"{id}"}}]},"message":"The request was malformed or contained invali"#,
                    #"d parameters"}}\#n"#
                ),
                RecordedStep(
                    "cw_04f9_browser_correct_after_lock",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "code", "code": "{code}"}"#,
                    "400 Bad Request",
                    [
                        #"Content-Type: application/json"#,
                        #"Ory-Error-Id: "#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"{"error":{"code":400,"status":"Bad Request","reason":"The request was submitted too of"#,
                    #"ten. Please request another code.","details":{"continue_with":[{"action":"show_recover"#,
                    #"y_ui","flow":{"id":"{id}"}}]},"message":"The request was malformed or contained invali"#,
                    #"d parameters"}}\#n"#
                ),
            ]
        ),
    ]
}
