// Codes that are posted in every way tried.

extension RecordedStory {
    static let forms: [RecordedStory] = [
        RecordedStory(
            "04d_browser_ok_form_html",
            email: "batch00780@example.test",
            .code(.browser),
            values: [
                "age": #"86399"#,
                "code": #"784335"#,
                "date": #"Sat, 21 Nov 2026 23:48:38 GMT"#,
                "flow": #"56d7b11f-1c63-48f7-a65e-8bc9a2c26bdf"#,
                "id": #"fe1d4c48-f289-43f4-a595-53e1e308be59"#,
                "new_cookie": #"aDILaYV7hfC3avECMGnDax6EwEdHcyC3zh7RFraPK40="#,
                "new_session":
                    #"MTc5NTIxODUxOXxXVDVPZEFNQkN4SnhhNlNSYnpxb1dWbGptN0xsZzJwT1dWeXRvMDc2Z2J6cjJhOUhPeFlK"#
                    + #"ZmoxMnZucWpiRDZGb050OTF5OWJJT3V0a0tkTUszUGw1eXlNdUpMMjBCU0pNcV9aR3o3RnU1N0NrNmV6S1U0"#
                    + #"M2tHWlJVbTQyU01GTVl5SENQZGZYU0pNckV2WnlBY0RldkdEdXFpM0hoeEd0VUFkZnl2LThLVFN1SUZPNUp0"#
                    + #"MmJNUzQ3Qk5EQTJxcExnbk91OFFINHdMT21GdUZLM1FKeEdERW5rU0tOSExUSldHVThoRTdzSllNenRfV2RY"#
                    + #"QklPZ3ZCNGpvS2NBMUxlWGhtUHEyZmVhb0ExZTZ0OUpOUmZ82vRYjyNywH8w8DbYgztG8NgXDPQDHMVJCHgh"#
                    + #"UCn3wZI="#,
            ],
            [
                RecordedStep(
                    "04d_browser_ok_form_html",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    headers: [
                        #"Content-Type: application/x-www-form-urlencoded"#,
                        #"Accept: text/html"#,
                    ],
                    sent: #"method=code&code={code}"#,
                    "303 See Other",
                    [
                        #"Location: http://127.0.0.1:4455/settings?flow={id}"#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Set-Cookie: ory_kratos_session={new_session}; Path=/; Expires={date}; Max-Age={age}"#
                            + #"; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ]
                )
            ]
        ),
        RecordedStory(
            "04d3_browser_no_accept",
            email: "batch00780@example.test",
            .code(.browser),
            values: [
                "age": #"86399"#,
                "code": #"402285"#,
                "date": #"Sat, 21 Nov 2026 23:48:38 GMT"#,
                "flow": #"76fe9fb9-3574-4550-86eb-05a1793ddf64"#,
                "new_cookie": #"EaU0/FbM8ghxFn/cQJhWzLuL/5aMLTzpUVu1WjkyXcU="#,
                "new_session":
                    #"MTc5NTIxODUxOXw3b3hLSVBoUHFrTEZjVk00UWRLMDlTVGVGNUZHdjFTT09rcUJ5UHhaTVFVbTN3V0dYckE2"#
                    + #"Q2NtTGRYWWJGYmQwNVRZTGtjblpuTHhuVjl3ZGxhZ0RhRmx1M3kxUU4zZ0RKQTVJUjdCZzhLQW9hZ0pMOWZk"#
                    + #"RUZvenU1S09iRmpFR3UzTW1OMW5RUTc1eThLckJ1bkhMNm5XWHV3V3ZBU3Vhc3ZlRUN1UnhjRHVGOGp1MF9Y"#
                    + #"SWgzTTVVdmdrcWRvU012aUhFaU5sZ1lQOW9UeXQydXBIRFNhNWh1aS1Vb1V0X2xuZWxZTEZha3RQRGpmRDJs"#
                    + #"UGNFVUgwQktwQV9aTnlEaEFzTXk5WEtUd1JINjF2WTdScz18aW4mTp0NAoLhzwSbvoQpRhXv_64AvGfJkHoa"#
                    + #"-s23OG8="#,
                "other": #"23237944-fb48-463a-8ee4-96a71b572079"#,
            ],
            [
                RecordedStep(
                    "04d3_browser_no_accept",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    headers: [
                        #"Content-Type: application/json"#
                    ],
                    sent: #"{"method": "code", "code": "{code}"}"#,
                    "422 Unprocessable Entity",
                    [
                        #"Content-Type: application/json"#,
                        #"Ory-Error-Id: browser_location_change_required"#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Set-Cookie: ory_kratos_session={new_session}; Path=/; Expires={date}; Max-Age={age}"#
                            + #"; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"{"error":{"id":"browser_location_change_required","code":422,"status":"Unprocessable E"#,
                    #"ntity","reason":"In order to complete this flow please redirect the browser to: http:/"#,
                    #"/127.0.0.1:4455/settings?flow={other}","message":"browser location change required"},""#,
                    #"redirect_browser_to":"http://127.0.0.1:4455/settings?flow={other}"}\#n"#
                )
            ]
        ),
        RecordedStory(
            "04i_no_method",
            email: "batch00780@example.test",
            .code(.browser),
            values: [
                "age": #"86399"#,
                "code": #"341957"#,
                "date": #"Sat, 21 Nov 2026 23:48:40 GMT"#,
                "flow": #"e31c3721-0bed-43ef-b611-e93e54c984b4"#,
                "new_cookie": #"2Zhpg7WinIP9Qw71gQ6KgINOqbhlTDsOvgFj20gS26M="#,
                "new_session":
                    #"MTc5NTIxODUyMXxiRndPWGx5WkhOdlk0TEoxMDR2OEVtLVEyWkFOTV9pUjNELVNUVmRNallJUHcySUxTRzRy"#
                    + #"eXAzVWFNeUhGcTdsWk5zRnZZcW9HZzBiS2ltd3FnRE5wSFJYNzBfMm1QWEdxSE1NUnR3Y0Fxb2w5TVE1VWpF"#
                    + #"RGQ4TnZCX0Z2YWpTMzZBbk9nblgxdHF5R3F3YmdIMmtjVGZoUVY4WUpNS0ZubGZmQzFybjYwOGZTMEN4T0Fm"#
                    + #"Vl9qSTlhaG5NSElHSGZZWVhmb01Uc1o0WE9vQVYyOGhyWDZrc3pwRHd3XzlzQ0JIX2NIVHF5NG5LdlY0UlBx"#
                    + #"OUFCMFRqRm5rRGFjVmU2dDhlQTVHSU10bWFXZ0lRNUZvbzJ8a4tiv6r6zu-gcvwphAOiqmXRPUrjEKDolqPS"#
                    + #"jLVRL_8="#,
                "other": #"00011b89-c15e-448a-a16f-d94bc0c26508"#,
            ],
            [
                RecordedStep(
                    "04i_no_method",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"code": "{code}"}"#,
                    "422 Unprocessable Entity",
                    [
                        #"Content-Type: application/json"#,
                        #"Ory-Error-Id: browser_location_change_required"#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Set-Cookie: ory_kratos_session={new_session}; Path=/; Expires={date}; Max-Age={age}"#
                            + #"; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"{"error":{"id":"browser_location_change_required","code":422,"status":"Unprocessable E"#,
                    #"ntity","reason":"In order to complete this flow please redirect the browser to: http:/"#,
                    #"/127.0.0.1:4455/settings?flow={other}","message":"browser location change required"},""#,
                    #"redirect_browser_to":"http://127.0.0.1:4455/settings?flow={other}"}\#n"#
                )
            ]
        ),
        RecordedStory(
            "04i2_method_link",
            email: "batch00780@example.test",
            .code(.browser),
            values: [
                "age": #"86399"#,
                "code": #"149509"#,
                "date": #"Sat, 21 Nov 2026 23:48:40 GMT"#,
                "flow": #"b22f8059-783e-4fbf-b785-b783de823a00"#,
                "new_cookie": #"GYXm5XfYv+s+GA7d83Qt30r/FVjfs9lDP76KauHXxQ0="#,
                "new_session":
                    #"MTc5NTIxODUyMXxfYXp5cjJBenpaZXF3X3J3WjBSQmIxd0YzblJrd2NZX3ItcjhGTklicEtjTXNhR011S2RL"#
                    + #"ZVllOGNRbDVDTlRSQk94eDZwYmVITGJwRkpFMXZwTFdjdkZlcnBfT25Pb0JVWmJWTEUyWkJSU3pnekV5TjVR"#
                    + #"YXNMV3RPbUY5VXJib2c4TXI1QWFNZjg2bEFPaTI5RkJFN01EMVA5RFNHMXBETWVGclF5NEY2bnBvRVBjcWlN"#
                    + #"bk9sSUQwS2IxbXJ2U1JUYXZMRTh1WmU1UmE5UDVqZG9yX3F6MEx2N2I2Z0E3c3I2eTE3SkNLN2lIdTZCNXZE"#
                    + #"ZGh6ZFdBN3BLRWlRQko2dlVpSmNoYVJkX21keG0yS3NPaUp8dV6_EBjh1vDcPksd6t0OBYAOjfLgf7XCipYC"#
                    + #"UkahJnw="#,
                "other": #"b66a728f-c443-4d46-819f-7b4cff8a23ab"#,
            ],
            [
                RecordedStep(
                    "04i2_method_link",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "link", "code": "{code}"}"#,
                    "422 Unprocessable Entity",
                    [
                        #"Content-Type: application/json"#,
                        #"Ory-Error-Id: browser_location_change_required"#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Set-Cookie: ory_kratos_session={new_session}; Path=/; Expires={date}; Max-Age={age}"#
                            + #"; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"{"error":{"id":"browser_location_change_required","code":422,"status":"Unprocessable E"#,
                    #"ntity","reason":"In order to complete this flow please redirect the browser to: http:/"#,
                    #"/127.0.0.1:4455/settings?flow={other}","message":"browser location change required"},""#,
                    #"redirect_browser_to":"http://127.0.0.1:4455/settings?flow={other}"}\#n"#
                )
            ]
        ),
        RecordedStory(
            "04i3_code_number",
            email: "batch00780@example.test",
            .code(.browser),
            values: [
                "age": #"86399"#,
                "code": #"467805"#,
                "date": #"Sat, 21 Nov 2026 23:48:40 GMT"#,
                "flow": #"222a9e6b-d85d-4d91-b584-ae38a379b4bd"#,
                "new_cookie": #"5+FMEa1T+lJ81iOpR+ZEliDfxx3mcKtKTRNxeSUC6Cw="#,
                "new_session":
                    #"MTc5NTIxODUyMXxteGtjdDc4UUFGUGJYVFdQZFdESnBOZVQxa1hVSjJiMm00NDBrWFh4ZWdUaV9FLUF6SDhy"#
                    + #"cDJUUHEzQ0U2Y1ZHSFlWVHFPYXZSZzVjR3NsUWpTUnd1VkxqeHlrZGczekNhaDdOQUplSGVDRGNIalZzb1Rp"#
                    + #"b2pEOGtIV1ZHR2NMb1h5SWFsb1pPOER0ZEphTk1HVFZoSlQ0bUZseXBCazl3a2RwZy1YNEEyeVFjQk1Bc0p2"#
                    + #"WVlpcnFOM3FwTFdyUzVKZVpBMVZ2RVRVSFNwcjlYbkxNVFdiTFUxbUhWWmlyaUtyYmVqN1MtcktlQW1aWU9L"#
                    + #"RC1aemhZSDhKUFp4SzFaZkRrQndUOE1nUVpTSXlnRF9hTXJ8tyF2i0e4DSXFFNzrt8KL6OARWE0pWj1rRumY"#
                    + #"zgtFjjY="#,
                "other": #"66c4bd1c-d064-4179-a306-f04d2eb3a267"#,
            ],
            [
                RecordedStep(
                    "04i3_code_number",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "code", "code": {code}}"#,
                    "422 Unprocessable Entity",
                    [
                        #"Content-Type: application/json"#,
                        #"Ory-Error-Id: browser_location_change_required"#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Set-Cookie: ory_kratos_session={new_session}; Path=/; Expires={date}; Max-Age={age}"#
                            + #"; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"{"error":{"id":"browser_location_change_required","code":422,"status":"Unprocessable E"#,
                    #"ntity","reason":"In order to complete this flow please redirect the browser to: http:/"#,
                    #"/127.0.0.1:4455/settings?flow={other}","message":"browser location change required"},""#,
                    #"redirect_browser_to":"http://127.0.0.1:4455/settings?flow={other}"}\#n"#
                )
            ]
        ),
        RecordedStory(
            "04i5_code_spaces",
            email: "batch00780@example.test",
            .code(.browser),
            values: [
                "code": #"225290"#,
                "flow": #"9f8e426a-e397-43a6-b127-e5eed6053cdd"#,
                "time": #"2026-11-21T00:48:41.102334384Z"#,
            ],
            [
                RecordedStep(
                    "04i5_code_spaces",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "code", "code": " {code} "}"#,
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
                )
            ]
        ),
        RecordedStory(
            "04d2_browser_wrong_form_html",
            email: "batch00780@example.test",
            .code(.browser),
            values: [
                "flow": #"5a51df64-5dd9-45db-ba8a-62d2c06d3088"#
            ],
            [
                RecordedStep(
                    "04d2_browser_wrong_form_html",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    headers: [
                        #"Content-Type: application/x-www-form-urlencoded"#,
                        #"Accept: text/html"#,
                    ],
                    sent: #"method=code&code=472547"#,
                    "303 See Other",
                    [
                        #"Location: http://127.0.0.1:4455/recovery?flow={flow}"#,
                        #"Vary: Cookie"#,
                    ]
                )
            ]
        ),
        RecordedStory(
            "04i4_code_empty",
            email: "batch00780@example.test",
            .code(.browser),
            values: [
                "flow": #"4baf53f1-c889-4bec-9a5c-f60f872578d2"#,
                "time": #"2026-11-21T00:48:41.089661297Z"#,
            ],
            [
                RecordedStep(
                    "04i4_code_empty",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "code", "code": ""}"#,
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
                )
            ]
        ),
        RecordedStory(
            "04i7_malformed_json",
            email: "batch00780@example.test",
            .code(.browser),
            values: [
                "flow": #"4d4a63a0-1ae7-48b1-b5a8-6fbc83b0bb0b"#,
                "time": #"2026-11-21T00:48:41.131988712Z"#,
            ],
            [
                RecordedStep(
                    "04i7_malformed_json",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method":"#,
                    "400 Bad Request",
                    RecordedStep.json,
                    #"{"id":"{flow}","type":"browser","expires_at":"{time}","issued_at":"{time}","request_ur"#,
                    #"l":"{admin}/admin/recovery/code","active":"code","ui":{"action":"{public}/self-service"#,
                    #"/recovery?flow={flow}","method":"POST","nodes":[{"type":"input","group":"code","attrib"#,
                    #"utes":{"name":"code","type":"text","required":true,"pattern":"[0-9]+","disabled":false"#,
                    #","maxlength":6,"node_type":"input"},"messages":[],"meta":{"label":{"id":1070010,"text""#,
                    #":"Recovery code","type":"info"}}},{"type":"input","group":"code","attributes":{"name":"#,
                    #""method","type":"submit","value":"code","disabled":false,"node_type":"input"},"message"#,
                    #"s":[],"meta":{"label":{"id":1070009,"text":"Continue","type":"info"}}}],"messages":[{""#,
                    #"id":4000001,"text":"Unable to decode form as JSON.","type":"error","context":{"reason""#,
                    #":"Unable to decode form as JSON."}}]},"state":"sent_email"}\#n"#
                )
            ]
        ),
        RecordedStory(
            "04i6_get_on_recovery",
            email: "batch00780@example.test",
            .code(.browser),
            values: [
                "code": #"055249"#,
                "flow": #"80065400-8de2-4ba6-8a39-c6b8ebc6e4e4"#,
                "time": #"2026-11-21T00:48:41.114626832Z"#,
            ],
            [
                RecordedStep(
                    "04i6_get_on_recovery",
                    .public,
                    #"GET /self-service/recovery?flow={flow}&code={code}"#,
                    "400 Bad Request",
                    RecordedStep.json,
                    #"{"id":"{flow}","type":"browser","expires_at":"{time}","issued_at":"{time}","request_ur"#,
                    #"l":"{admin}/admin/recovery/code","active":"code","ui":{"action":"{public}/self-service"#,
                    #"/recovery?flow={flow}","method":"POST","nodes":[{"type":"input","group":"code","attrib"#,
                    #"utes":{"name":"code","type":"text","required":true,"pattern":"[0-9]+","disabled":false"#,
                    #","maxlength":6,"node_type":"input"},"messages":[],"meta":{"label":{"id":1070010,"text""#,
                    #":"Recovery code","type":"info"}}},{"type":"input","group":"code","attributes":{"name":"#,
                    #""method","type":"submit","value":"code","disabled":false,"node_type":"input"},"message"#,
                    #"s":[],"meta":{"label":{"id":1070009,"text":"Continue","type":"info"}}}],"messages":[{""#,
                    #"id":4000001,"text":"Unable to decode body because HTTP Request Method was \"GET\" but "#,
                    #"only [POST] are supported.","type":"error","context":{"reason":"Unable to decode body "#,
                    #"because HTTP Request Method was \"GET\" but only [POST] are supported."}}]},"state":"s"#,
                    #"ent_email"}\#n"#
                )
            ]
        ),
        RecordedStory(
            "04h_unknown_flow",
            email: "batch00780@example.test",
            .nothing,
            values: [
                "flow": #"99238db2-0916-44fe-ad36-be56eae1579b"#
            ],
            [
                RecordedStep(
                    "04h_unknown_flow",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "code", "code": "123456"}"#,
                    "404 Not Found",
                    RecordedStep.error,
                    #"{"error":{"code":404,"status":"Not Found","reason":"The recovery request could not be "#,
                    #"found. Please restart the flow.","message":"The requested resource could not be found""#,
                    #"}}\#n"#
                )
            ]
        ),
        RecordedStory(
            "04h2_malformed_flow",
            email: "batch00780@example.test",
            .nothing,
            values: [:],
            [
                RecordedStep(
                    "04h2_malformed_flow",
                    .public,
                    #"POST /self-service/recovery?flow=zzz"#,
                    sent: #"{"method": "code", "code": "123456"}"#,
                    "400 Bad Request",
                    RecordedStep.error,
                    #"{"error":{"code":400,"status":"Bad Request","reason":"The flow query parameter is miss"#,
                    #"ing or malformed.","message":"The request was malformed or contained invalid parameter"#,
                    #"s"}}\#n"#
                )
            ]
        ),
        RecordedStory(
            "04h3_no_flow",
            email: "batch00780@example.test",
            .nothing,
            values: [:],
            [
                RecordedStep(
                    "04h3_no_flow",
                    .public,
                    #"POST /self-service/recovery"#,
                    sent: #"{"method": "code", "code": "123456"}"#,
                    "400 Bad Request",
                    RecordedStep.error,
                    #"{"error":{"code":400,"status":"Bad Request","reason":"The flow query parameter is miss"#,
                    #"ing or malformed.","message":"The request was malformed or contained invalid parameter"#,
                    #"s"}}\#n"#
                )
            ]
        ),
        RecordedStory(
            "04j_inactive",
            email: "batch00780@example.test",
            .code(.browser),
            fate: .inactive,
            values: [
                "code": #"602515"#,
                "flow": #"96cf8587-9426-4af0-b9bd-228ce1f77fd1"#,
                "identity": #"11db668e-7eed-49c9-91a6-b924308a1c15"#,
                "new_cookie": #"6+C8UMLA/xFpyakorckgtMnchfU91BbyhiAH1x25xoQ="#,
            ],
            [
                RecordedStep(
                    "04j_inactive",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "code", "code": "{code}"}"#,
                    "401 Unauthorized",
                    [
                        #"Content-Type: application/json"#,
                        #"Ory-Error-Id: "#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"{"error":{"code":401,"status":"Unauthorized","reason":"This account was disabled.","de"#,
                    #"tails":{"identity_id":"{identity}"},"message":"identity is disabled"}}\#n"#
                )
            ]
        ),
        RecordedStory(
            "04k_deleted",
            email: "batch00780@example.test",
            .code(.browser),
            fate: .deleted,
            values: [
                "code": #"510136"#,
                "flow": #"bdbd051d-0ef9-4d5c-bc74-a6c5c9d8fe54"#,
                "time": #"2026-11-21T00:48:41.167559998Z"#,
            ],
            [
                RecordedStep(
                    "04k_deleted",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "code", "code": "{code}"}"#,
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
                )
            ]
        ),
    ]
}
