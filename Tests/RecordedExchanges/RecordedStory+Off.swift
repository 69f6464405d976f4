// What still works while recovery, or a method of it, is switched off.

extension RecordedStory {
    static let off: [RecordedStory] = [
        RecordedStory(
            "05off_code_redeem_earlier_code",
            usesTransitions: true,
            disabled: ["code"],
            email: "batch00780@example.test",
            .code(.api),
            values: [
                "code": #"072579"#,
                "flow": #"3a60af43-3542-452f-9db4-7349f4969beb"#,
            ],
            [
                RecordedStep(
                    "05off_code_redeem_earlier_code",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "code", "code": "{code}"}"#,
                    "404 Not Found",
                    RecordedStep.error,
                    #"{"error":{"code":404,"status":"Not Found","reason":"This endpoint was disabled by syst"#,
                    #"em administrator. Please check your url or contact the system administrator to enable "#,
                    #"it.","message":"The requested resource could not be found"}}\#n"#
                )
            ]
        ),
        RecordedStory(
            "05off_code_redeem_earlier_link",
            usesTransitions: true,
            disabled: ["code"],
            email: "batch00780@example.test",
            .link,
            values: [
                "age": #"86399"#,
                "date": #"Sat, 21 Nov 2026 23:49:13 GMT"#,
                "flow": #"bb62fa72-d43c-433b-943f-685c3b098a6e"#,
                "link_token": #"PmpgUbkMtbAdJmfcRAH9Rp4nzcvyCyZN"#,
                "new_cookie": #"lEzT3uFKdR0SNudRCJK2ziA82AZmxa8G6SHKnDHijdw="#,
                "new_session":
                    #"MTc5NTIxODU1NHxmRGdORjY1Ykh2S253ZGlJN3gyRDVKc2M2cVE0dEF4ZFRvV2pSSjNmRmZwUDZCRUJUeGIt"#
                    + #"aXpBQnluQXVzaVJhckY3SjQ4RDJTc1hxd3hnT3k2V2tPUW5KelZNM1BWWkFTWDlUYmRNb0lKcFhFMG9yUm05"#
                    + #"T0tWWkxoZHZJNEU5aDJsODZxLXlFTFAxaHVBdEpyZlN5UzlqRGNGYV80YXZGSHc4SjdsU1ZDZ0RxM2F5Y0U3"#
                    + #"Z012elRSSTlvenZIRWhiSWtqbkduOS1sU1lDLUV2UkczZVZWZ05DM0NkaThTc1I5b3lZS2UtMFIzOWJPcVR4"#
                    + #"NjZkU2c1V1EwTWZFaThrNXdJSW12TGVZNlRhX3BJYS04aGR8E2kQFnRoy9v4fai3egUQNHHSFxGYe1uXPRah"#
                    + #"2IgAlGs="#,
                "other": #"5c1d83cf-f513-42f4-aa63-7b34decd75fe"#,
            ],
            [
                RecordedStep(
                    "05off_code_redeem_earlier_link",
                    .public,
                    #"GET /self-service/recovery?flow={flow}&token={link_token}"#,
                    "303 See Other",
                    [
                        #"Content-Type: text/html; charset=utf-8"#,
                        #"Location: http://127.0.0.1:4455/settings?flow={other}"#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Set-Cookie: ory_kratos_session={new_session}; Path=/; Expires={date}; Max-Age={age}"#
                            + #"; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"<a href="http://127.0.0.1:4455/settings?flow={other}">See Other</a>.\#n\#n"#
                )
            ]
        ),
        RecordedStory(
            "05off_code_selfservice_api_init",
            usesTransitions: true,
            disabled: ["code"],
            email: "batch00780@example.test",
            .nothing,
            values: [
                "other": #"010e66d3-0c4b-4a5f-b168-ba653652ee47"#,
                "time": #"2026-11-21T00:49:14.718258833Z"#,
            ],
            [
                RecordedStep(
                    "05off_code_selfservice_api_init",
                    .public,
                    #"GET /self-service/recovery/api"#,
                    "200 OK",
                    RecordedStep.json,
                    #"{"id":"{other}","type":"api","expires_at":"{time}","issued_at":"{time}","request_url":"#,
                    #""{public}/self-service/recovery/api","active":"link","ui":{"action":"{public}/self-ser"#,
                    #"vice/recovery?flow={other}","method":"POST","nodes":[{"type":"input","group":"default""#,
                    #","attributes":{"name":"csrf_token","type":"hidden","value":"","required":true,"disable"#,
                    #"d":false,"node_type":"input"},"messages":[],"meta":{}},{"type":"input","group":"link","#,
                    #""attributes":{"name":"email","type":"email","required":true,"disabled":false,"node_typ"#,
                    #"e":"input"},"messages":[],"meta":{"label":{"id":1070007,"text":"Email","type":"info"}}"#,
                    #"},{"type":"input","group":"link","attributes":{"name":"method","type":"submit","value""#,
                    #":"link","disabled":false,"node_type":"input"},"messages":[],"meta":{"label":{"id":1070"#,
                    #"009,"text":"Continue","type":"info"}}}]},"state":"choose_method"}\#n"#
                )
            ]
        ),
        RecordedStory(
            "05off_code_selfservice_browser_init",
            usesTransitions: true,
            disabled: ["code"],
            email: "batch00780@example.test",
            .nothing,
            values: [
                "masked":
                    #"92FPwpfmUWfiRRm5XUC58Ddb8Wh42GgJT0rRh4D0uyyOeSFX4pFnlF9v8iB7xkadHGon6EazCwqGjVSE2soJ"#
                    + #"AQ=="#,
                "new_cookie": #"eRhulXV3NvO9KuuZJob/bSsx1oA+a2MDyceFA1o+si0="#,
                "other": #"656151b4-a0f2-48a0-a459-3e2024bf1c82"#,
                "time": #"2026-11-21T00:49:14.724137377Z"#,
            ],
            [
                RecordedStep(
                    "05off_code_selfservice_browser_init",
                    .public,
                    #"GET /self-service/recovery/browser"#,
                    "200 OK",
                    [
                        #"Content-Type: application/json; charset=utf-8"#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"{"id":"{other}","type":"browser","expires_at":"{time}","issued_at":"{time}","request_u"#,
                    #"rl":"{public}/self-service/recovery/browser","active":"link","ui":{"action":"{public}/"#,
                    #"self-service/recovery?flow={other}","method":"POST","nodes":[{"type":"input","group":""#,
                    #"default","attributes":{"name":"csrf_token","type":"hidden","value":"{masked}","require"#,
                    #"d":true,"disabled":false,"node_type":"input"},"messages":[],"meta":{}},{"type":"input""#,
                    #","group":"link","attributes":{"name":"email","type":"email","required":true,"disabled""#,
                    #":false,"node_type":"input"},"messages":[],"meta":{"label":{"id":1070007,"text":"Email""#,
                    #","type":"info"}}},{"type":"input","group":"link","attributes":{"name":"method","type":"#,
                    #""submit","value":"link","disabled":false,"node_type":"input"},"messages":[],"meta":{"l"#,
                    #"abel":{"id":1070009,"text":"Continue","type":"info"}}}]},"state":"choose_method"}\#n"#
                )
            ]
        ),
        RecordedStory(
            "05off_link_redeem_earlier_code",
            usesTransitions: true,
            disabled: ["link"],
            email: "batch00780@example.test",
            .code(.api),
            values: [
                "code": #"425844"#,
                "flow": #"59b3af1b-ed07-4451-a951-c5adeeb3b7ed"#,
                "other": #"b762ef9d-13e9-4477-aca4-dc27c8b62e94"#,
                "time": #"2026-11-21T00:49:09.18009389Z"#,
                "token": #"ory_st_pIQajO2yyy2myWe44SqgYsxgJaVW5huy"#,
            ],
            [
                RecordedStep(
                    "05off_link_redeem_earlier_code",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "code", "code": "{code}"}"#,
                    "200 OK",
                    RecordedStep.json,
                    #"{"id":"{flow}","type":"api","expires_at":"{time}","issued_at":"{time}","request_url":""#,
                    #"{admin}/admin/recovery/code","active":"code","ui":{"action":"{public}/self-service/rec"#,
                    #"overy?flow={flow}","method":"POST","nodes":[{"type":"input","group":"code","attributes"#,
                    #"":{"name":"code","type":"text","required":true,"pattern":"[0-9]+","disabled":false,"ma"#,
                    #"xlength":6,"node_type":"input"},"messages":[],"meta":{"label":{"id":1070010,"text":"Re"#,
                    #"covery code","type":"info"}}},{"type":"input","group":"code","attributes":{"name":"met"#,
                    #"hod","type":"submit","value":"code","disabled":false,"node_type":"input"},"messages":["#,
                    #"],"meta":{"label":{"id":1070009,"text":"Continue","type":"info"}}}]},"state":"passed_c"#,
                    #"hallenge","continue_with":[{"action":"set_ory_session_token","ory_session_token":"{token}"#,
                    #""},{"action":"show_settings_ui","flow":{"id":"{other}","url":"http://127.0.0.1:4455/se"#,
                    #"ttings?flow={other}"}}],"transient_payload":{}}\#n"#
                )
            ]
        ),
        RecordedStory(
            "05off_link_redeem_earlier_link",
            usesTransitions: true,
            disabled: ["link"],
            email: "batch00780@example.test",
            .link,
            values: [
                "flow": #"2de19442-1c6f-4cd2-acf4-2f4728b35ea5"#,
                "link_token": #"ZFV2O7zGt2dJyhqQiycxrL68Om2r05aP"#,
            ],
            [
                RecordedStep(
                    "05off_link_redeem_earlier_link",
                    .public,
                    #"GET /self-service/recovery?flow={flow}&token={link_token}"#,
                    "404 Not Found",
                    RecordedStep.error,
                    #"{"error":{"code":404,"status":"Not Found","reason":"This endpoint was disabled by syst"#,
                    #"em administrator. Please check your url or contact the system administrator to enable "#,
                    #"it.","message":"The requested resource could not be found"}}\#n"#
                )
            ]
        ),
        RecordedStory(
            "05off_link_selfservice_api_init",
            usesTransitions: true,
            disabled: ["link"],
            email: "batch00780@example.test",
            .nothing,
            values: [
                "other": #"662e7c07-91db-4dd9-918f-87507baccf5f"#,
                "time": #"2026-11-21T00:49:17.502982358Z"#,
            ],
            [
                RecordedStep(
                    "05off_link_selfservice_api_init",
                    .public,
                    #"GET /self-service/recovery/api"#,
                    "200 OK",
                    RecordedStep.json,
                    #"{"id":"{other}","type":"api","expires_at":"{time}","issued_at":"{time}","request_url":"#,
                    #""{public}/self-service/recovery/api","active":"code","ui":{"action":"{public}/self-ser"#,
                    #"vice/recovery?flow={other}","method":"POST","nodes":[{"type":"input","group":"default""#,
                    #","attributes":{"name":"csrf_token","type":"hidden","value":"","required":true,"disable"#,
                    #"d":false,"node_type":"input"},"messages":[],"meta":{}},{"type":"input","group":"code","#,
                    #""attributes":{"name":"email","type":"email","required":true,"disabled":false,"node_typ"#,
                    #"e":"input"},"messages":[],"meta":{"label":{"id":1070007,"text":"Email","type":"info"}}"#,
                    #"},{"type":"input","group":"code","attributes":{"name":"method","type":"submit","value""#,
                    #":"code","disabled":false,"node_type":"input"},"messages":[],"meta":{"label":{"id":1070"#,
                    #"009,"text":"Continue","type":"info"}}}]},"state":"choose_method"}\#n"#
                )
            ]
        ),
        RecordedStory(
            "05off_link_selfservice_browser_init",
            usesTransitions: true,
            disabled: ["link"],
            email: "batch00780@example.test",
            .nothing,
            values: [
                "masked":
                    #"jvhgxoO0r6Yj+ACU6j/DHT810+jLTvciwiZ9shQ5+JlgfPE3uUo178ycDLfWZ/MquNwPQklv8oZlFYWX2nVc"#
                    + #"ZA=="#,
                "new_cookie": #"7oSR8Tr+mknvZAwjPFgwN4fp3KqCIQWkpzP4Jc5MpP0="#,
                "other": #"9061665d-2134-4d15-8ccf-0b42d668ba19"#,
                "time": #"2026-11-21T00:49:17.507978179Z"#,
            ],
            [
                RecordedStep(
                    "05off_link_selfservice_browser_init",
                    .public,
                    #"GET /self-service/recovery/browser"#,
                    "200 OK",
                    [
                        #"Content-Type: application/json; charset=utf-8"#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"{"id":"{other}","type":"browser","expires_at":"{time}","issued_at":"{time}","request_u"#,
                    #"rl":"{public}/self-service/recovery/browser","active":"code","ui":{"action":"{public}/"#,
                    #"self-service/recovery?flow={other}","method":"POST","nodes":[{"type":"input","group":""#,
                    #"default","attributes":{"name":"csrf_token","type":"hidden","value":"{masked}","require"#,
                    #"d":true,"disabled":false,"node_type":"input"},"messages":[],"meta":{}},{"type":"input""#,
                    #","group":"code","attributes":{"name":"email","type":"email","required":true,"disabled""#,
                    #":false,"node_type":"input"},"messages":[],"meta":{"label":{"id":1070007,"text":"Email""#,
                    #","type":"info"}}},{"type":"input","group":"code","attributes":{"name":"method","type":"#,
                    #""submit","value":"code","disabled":false,"node_type":"input"},"messages":[],"meta":{"l"#,
                    #"abel":{"id":1070009,"text":"Continue","type":"info"}}}]},"state":"choose_method"}\#n"#
                )
            ]
        ),
        RecordedStory(
            "05off_recovery_redeem_earlier_code",
            usesTransitions: true,
            disabled: ["recovery"],
            email: "batch00780@example.test",
            .code(.api),
            values: [
                "code": #"655245"#,
                "flow": #"9f531812-0dd1-43ca-90a5-30f97c57be4e"#,
                "other": #"e2ca3c43-bef1-4297-a9bc-b7afa9bff779"#,
                "time": #"2026-11-21T00:49:09.161805239Z"#,
                "token": #"ory_st_FSbf3OMzm5PzQ1ch1ymSlaC6w6l8sJQu"#,
            ],
            [
                RecordedStep(
                    "05off_recovery_redeem_earlier_code",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "code", "code": "{code}"}"#,
                    "200 OK",
                    RecordedStep.json,
                    #"{"id":"{flow}","type":"api","expires_at":"{time}","issued_at":"{time}","request_url":""#,
                    #"{admin}/admin/recovery/code","active":"code","ui":{"action":"{public}/self-service/rec"#,
                    #"overy?flow={flow}","method":"POST","nodes":[{"type":"input","group":"code","attributes"#,
                    #"":{"name":"code","type":"text","required":true,"pattern":"[0-9]+","disabled":false,"ma"#,
                    #"xlength":6,"node_type":"input"},"messages":[],"meta":{"label":{"id":1070010,"text":"Re"#,
                    #"covery code","type":"info"}}},{"type":"input","group":"code","attributes":{"name":"met"#,
                    #"hod","type":"submit","value":"code","disabled":false,"node_type":"input"},"messages":["#,
                    #"],"meta":{"label":{"id":1070009,"text":"Continue","type":"info"}}}]},"state":"passed_c"#,
                    #"hallenge","continue_with":[{"action":"set_ory_session_token","ory_session_token":"{token}"#,
                    #""},{"action":"show_settings_ui","flow":{"id":"{other}","url":"http://127.0.0.1:4455/se"#,
                    #"ttings?flow={other}"}}],"transient_payload":{}}\#n"#
                )
            ]
        ),
        RecordedStory(
            "05off_recovery_redeem_earlier_link",
            usesTransitions: true,
            disabled: ["recovery"],
            email: "batch00780@example.test",
            .link,
            values: [
                "age": #"86399"#,
                "date": #"Sat, 21 Nov 2026 23:49:10 GMT"#,
                "flow": #"a0520b28-b48b-4aa1-bb1a-03489f89c442"#,
                "link_token": #"eIIp4nVhVE8ovkOKceLgtlpu3vot6vlV"#,
                "new_cookie": #"i3HFzaCIEbwefPBplOCNo9TfFa1KGidrEy5xSRZC6fw="#,
                "new_session":
                    #"MTc5NTIxODU1MXxsbUs1ZFh6SUYwTXA0aXg2XzlVbUtrSWwwNmxFVGZkOTcxcGVqZ3FSbnJIN2k1TS0zcS05"#
                    + #"bW5MS25CeTNUNU5XV292UFRiamFLeHphM2QwVGRsZEk3QWhuWTY2REthd2pTV2hGWXpJUTFlSURIVHlOaXBa"#
                    + #"cXRfT2E4Y3pYYlp3cVN1TTIxZ2JxLWxqYnJmZzM1ODIwQ3kzRFpraHdDVTd0VngtSmxpRUozT2dyY1lHR0Vy"#
                    + #"bi00bUtqaW5KcGIzcC1pa012bkt6UExtZ21YNkFIVXhaMnZLTDFnc0dfdml1MlJqVnRPSW44UGlRSWtVMklI"#
                    + #"Ync0Y0ZTQTctY0daUF9FVU9CQXhOS1ZUc2NWU252cFUtSHp86h3PNVapHvDIG5dBGheKmrFFG9pJv09vWyHR"#
                    + #"gEeeny4="#,
                "other": #"26177a98-c5e5-4022-b698-c8e97b0e8a63"#,
            ],
            [
                RecordedStep(
                    "05off_recovery_redeem_earlier_link",
                    .public,
                    #"GET /self-service/recovery?flow={flow}&token={link_token}"#,
                    "303 See Other",
                    [
                        #"Content-Type: text/html; charset=utf-8"#,
                        #"Location: http://127.0.0.1:4455/settings?flow={other}"#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Set-Cookie: ory_kratos_session={new_session}; Path=/; Expires={date}; Max-Age={age}"#
                            + #"; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"<a href="http://127.0.0.1:4455/settings?flow={other}">See Other</a>.\#n\#n"#
                )
            ]
        ),
        RecordedStory(
            "05off_recovery_selfservice_api_init",
            usesTransitions: true,
            disabled: ["recovery"],
            email: "batch00780@example.test",
            .nothing,
            values: [:],
            [
                RecordedStep(
                    "05off_recovery_selfservice_api_init",
                    .public,
                    #"GET /self-service/recovery/api"#,
                    "400 Bad Request",
                    RecordedStep.error,
                    #"{"error":{"code":400,"status":"Bad Request","reason":"Recovery is not allowed because "#,
                    #"it was disabled.","message":"The request was malformed or contained invalid parameters"#,
                    #""}}\#n"#
                )
            ]
        ),
        RecordedStory(
            "05off_recovery_selfservice_browser_init",
            usesTransitions: true,
            disabled: ["recovery"],
            email: "batch00780@example.test",
            .nothing,
            values: [
                "new_cookie": #"BqFcg8OMlvpN1ID7e//9tgKdtpYLkwYeNIJUSJOkPGk="#
            ],
            [
                RecordedStep(
                    "05off_recovery_selfservice_browser_init",
                    .public,
                    #"GET /self-service/recovery/browser"#,
                    "400 Bad Request",
                    [
                        #"Content-Type: application/json"#,
                        #"Ory-Error-Id: "#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"{"error":{"code":400,"status":"Bad Request","reason":"Recovery is not allowed because "#,
                    #"it was disabled.","message":"The request was malformed or contained invalid parameters"#,
                    #""}}\#n"#
                )
            ]
        ),
    ]
}
