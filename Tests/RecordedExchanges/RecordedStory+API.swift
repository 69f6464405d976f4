// Codes of API flows that cannot, or can no longer, be redeemed.

extension RecordedStory {
    static let api: [RecordedStory] = [
        RecordedStory(
            "an API code without transitions",
            email: "batch00780@example.test",
            .code(.api),
            values: [
                "code": #"531155"#,
                "csrf_cookie": #"Lq+y07+35K90/JiTTWrDAxHEakgp9vJygeYLOyGjj0I="#,
                "flow": #"923448ca-6a35-4ee4-abdc-2177a5441301"#,
                "flow2": #"a4b262ca-a5f0-447c-b0e5-5a48c39b6eca"#,
                "masked":
                    #"vff/qVPrUBFjaE3GDaGygza2poyreVLSpIl8aHm/BICTWE167Fy0vheU1VVAy3GAJ3LMxIKPoKAlb3dTWByL"#
                    + #"wg=="#,
                "new_cookie": #"zilx/TRMauKW4RzZjkWDjbP3d5b4RklpbsU+HwJHncE="#,
                "other": #"cb06bc40-c232-496a-965e-55e5751b1692"#,
                "time": #"2026-11-21T00:48:41.186730049Z"#,
            ],
            [
                RecordedStep(
                    "04m0_get_flow_api",
                    .public,
                    #"GET /self-service/recovery/flows?id={flow}"#,
                    "200 OK",
                    [
                        #"Content-Type: application/json; charset=utf-8"#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"{"id":"{flow}","type":"api","expires_at":"{time}","issued_at":"{time}","request_url":""#,
                    #"{admin}/admin/recovery/code","active":"code","ui":{"action":"{public}/self-service/rec"#,
                    #"overy?flow={flow}","method":"POST","nodes":[{"type":"input","group":"code","attributes"#,
                    #"":{"name":"code","type":"text","required":true,"pattern":"[0-9]+","disabled":false,"ma"#,
                    #"xlength":6,"node_type":"input"},"messages":[],"meta":{"label":{"id":1070010,"text":"Re"#,
                    #"covery code","type":"info"}}},{"type":"input","group":"code","attributes":{"name":"met"#,
                    #"hod","type":"submit","value":"code","disabled":false,"node_type":"input"},"messages":["#,
                    #"],"meta":{"label":{"id":1070009,"text":"Continue","type":"info"}}}]},"state":"sent_ema"#,
                    #"il"}\#n"#
                ),
                RecordedStep(
                    "04m_api_wrong",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "code", "code": "531156"}"#,
                    "200 OK",
                    RecordedStep.json,
                    #"{"id":"{flow}","type":"api","expires_at":"{time}","issued_at":"{time}","request_url":""#,
                    #"{admin}/admin/recovery/code","active":"code","ui":{"action":"{public}/self-service/rec"#,
                    #"overy?flow={flow}","method":"POST","nodes":[{"type":"input","group":"code","attributes"#,
                    #"":{"name":"code","type":"text","required":true,"pattern":"[0-9]+","disabled":false,"ma"#,
                    #"xlength":6,"node_type":"input"},"messages":[],"meta":{"label":{"id":1070010,"text":"Re"#,
                    #"covery code","type":"info"}}},{"type":"input","group":"code","attributes":{"name":"met"#,
                    #"hod","type":"submit","value":"code","disabled":false,"node_type":"input"},"messages":["#,
                    #"],"meta":{"label":{"id":1070009,"text":"Continue","type":"info"}}}],"messages":[{"id":"#,
                    #"4060006,"text":"The recovery code is invalid or has already been used. Please try agai"#,
                    #"n.","type":"error"}]},"state":"sent_email","transient_payload":{}}\#n"#
                ),
                RecordedStep(
                    "04n_api_ok",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "code", "code": "{code}"}"#,
                    "422 Unprocessable Entity",
                    [
                        #"Content-Type: application/json"#,
                        #"Ory-Error-Id: browser_location_change_required"#,
                        #"Vary: Cookie"#,
                    ],
                    #"{"error":{"id":"browser_location_change_required","code":422,"status":"Unprocessable E"#,
                    #"ntity","reason":"In order to complete this flow please redirect the browser to: http:/"#,
                    #"/127.0.0.1:4455/settings?flow={other}","message":"browser location change required"},""#,
                    #"redirect_browser_to":"http://127.0.0.1:4455/settings?flow={other}"}\#n"#
                ),
                RecordedStep(
                    "04o_api_reuse",
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
                    "04o9_api_reuse_follow",
                    .public,
                    #"GET /self-service/recovery/flows?id={flow2}"#,
                    headers: [
                        #"Accept: application/json"#,
                        #"Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10778f"#
                            + #"481={csrf_cookie}"#,
                    ],
                    "200 OK",
                    RecordedStep.json,
                    #"{"id":"{flow2}","type":"api","expires_at":"{time}","issued_at":"{time}","request_url":"#,
                    #""{public}/self-service/recovery?flow={flow}","active":"code","ui":{"action":"{public}/"#,
                    #"self-service/recovery?flow={flow2}","method":"POST","nodes":[{"type":"input","group":""#,
                    #"default","attributes":{"name":"csrf_token","type":"hidden","value":"{masked}","require"#,
                    #"d":true,"disabled":false,"node_type":"input"},"messages":[],"meta":{}},{"type":"input""#,
                    #","group":"code","attributes":{"name":"email","type":"email","required":true,"disabled""#,
                    #":false,"node_type":"input"},"messages":[],"meta":{"label":{"id":1070007,"text":"Email""#,
                    #","type":"info"}}},{"type":"input","group":"code","attributes":{"name":"method","type":"#,
                    #""submit","value":"code","disabled":false,"node_type":"input"},"messages":[],"meta":{"l"#,
                    #"abel":{"id":1070009,"text":"Continue","type":"info"}}}],"messages":[{"id":4000001,"tex"#,
                    #"t":"The code was already used. Please request another code.","type":"error","context":"#,
                    #"{"reason":"The code was already used. Please request another code."}}]},"state":"choos"#,
                    #"e_method"}\#n"#
                ),
            ]
        ),
        RecordedStory(
            "an expired API code",
            email: "batch00780@example.test",
            .expiredCode(.api),
            values: [
                "code": #"668649"#,
                "flow": #"694d00e1-6d8b-4963-84f3-dbc593636301"#,
                "flow2": #"0e773dae-b5a7-40de-93d7-fddbd4730285"#,
                "minutes": #"0.01"#,
                "new_cookie": #"db1WDb1QIeRgmnh8SdcmPKwF/a2H41micBiy8LxpYXE="#,
                "time": #"2026-11-21T00:48:42.737517028Z"#,
                "unix": #"1795218522"#,
            ],
            [
                RecordedStep(
                    "04p_api_expired",
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
                    "04p9_api_expired_follow",
                    .public,
                    #"GET /self-service/recovery/flows?id={flow2}"#,
                    "200 OK",
                    [
                        #"Content-Type: application/json; charset=utf-8"#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"{"id":"{flow2}","type":"api","expires_at":"{time}","issued_at":"{time}","request_url":"#,
                    #""{admin}/admin/recovery/code","active":"code","ui":{"action":"{public}/self-service/re"#,
                    #"covery?flow={flow2}","method":"POST","nodes":[{"type":"input","group":"default","attri"#,
                    #"butes":{"name":"csrf_token","type":"hidden","value":"","required":true,"disabled":fals"#,
                    #"e,"node_type":"input"},"messages":[],"meta":{}},{"type":"input","group":"code","attrib"#,
                    #"utes":{"name":"email","type":"email","required":true,"disabled":false,"node_type":"inp"#,
                    #"ut"},"messages":[],"meta":{"label":{"id":1070007,"text":"Email","type":"info"}}},{"typ"#,
                    #"e":"input","group":"code","attributes":{"name":"method","type":"submit","value":"code""#,
                    #","disabled":false,"node_type":"input"},"messages":[],"meta":{"label":{"id":1070009,"te"#,
                    #"xt":"Continue","type":"info"}}}],"messages":[{"id":4060005,"text":"The recovery flow e"#,
                    #"xpired {minutes} minutes ago, please try again.","type":"error","context":{"expired_at"#,
                    #"":"{time}","expired_at_unix":{unix}}}]},"state":"choose_method"}\#n"#
                ),
            ]
        ),
        RecordedStory(
            "an expired API code with transitions",
            usesTransitions: true,
            email: "batch00780@example.test",
            .expiredCode(.api),
            values: [
                "code": #"521128"#,
                "flow": #"f05aa508-4ef8-4f48-93d2-63577b911a0a"#,
                "flow2": #"96d8427c-b385-451c-9a2a-007e56eef379"#,
                "minutes": #"0.01"#,
                "new_cookie": #"R+6EXzD7uRyc2+ZCslYfcgnq0TutJvF1HRgvEUuqKoI="#,
                "since": #"506806735"#,
                "time": #"2026-11-20T23:48:50.597043101Z"#,
                "unix": #"1795218530"#,
            ],
            [
                RecordedStep(
                    "cw_04p_api_expired",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "code", "code": "{code}"}"#,
                    "410 Gone",
                    [
                        #"Content-Type: application/json"#,
                        #"Ory-Error-Id: self_service_flow_expired"#,
                        #"Vary: Cookie"#,
                    ],
                    #"{"error":{"id":"self_service_flow_expired","code":410,"status":"Gone","reason":"The se"#,
                    #"lf-service flow expired {minutes} minutes ago, initialize a new one.","details":{"cont"#,
                    #"inue_with":[{"action":"show_recovery_ui","flow":{"id":"{flow2}"}}]},"message":"self-se"#,
                    #"rvice flow expired"},"expired_at":"{time}","since":{since},"use_flow_id":"{flow2}"}\#n"#
                ),
                RecordedStep(
                    "cw_04p9_api_expired_follow",
                    .public,
                    #"GET /self-service/recovery/flows?id={flow2}"#,
                    "200 OK",
                    [
                        #"Content-Type: application/json; charset=utf-8"#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"{"id":"{flow2}","type":"api","expires_at":"{time}","issued_at":"{time}","request_url":"#,
                    #""{admin}/admin/recovery/code","active":"code","ui":{"action":"{public}/self-service/re"#,
                    #"covery?flow={flow2}","method":"POST","nodes":[{"type":"input","group":"default","attri"#,
                    #"butes":{"name":"csrf_token","type":"hidden","value":"","required":true,"disabled":fals"#,
                    #"e,"node_type":"input"},"messages":[],"meta":{}},{"type":"input","group":"code","attrib"#,
                    #"utes":{"name":"email","type":"email","required":true,"disabled":false,"node_type":"inp"#,
                    #"ut"},"messages":[],"meta":{"label":{"id":1070007,"text":"Email","type":"info"}}},{"typ"#,
                    #"e":"input","group":"code","attributes":{"name":"method","type":"submit","value":"code""#,
                    #","disabled":false,"node_type":"input"},"messages":[],"meta":{"label":{"id":1070009,"te"#,
                    #"xt":"Continue","type":"info"}}}],"messages":[{"id":4060005,"text":"The recovery flow e"#,
                    #"xpired {minutes} minutes ago, please try again.","type":"error","context":{"expired_at"#,
                    #"":"{time}","expired_at_unix":{unix}}}]},"state":"choose_method"}\#n"#
                ),
            ]
        ),
        RecordedStory(
            "a locked API code",
            email: "batch00780@example.test",
            .code(.api),
            values: [
                "code": #"004322"#,
                "csrf_cookie": #"yVEff0GaPGLXG4Ux9F7QS8C6ltQ6CFnULj26lIe7VXE="#,
                "flow": #"5ee1af42-fecd-4478-ab14-bd068b696295"#,
                "flow2": #"a682b997-cab6-491c-a3b1-205522f718e3"#,
                "id": #"1d975f06-8c38-4141-9160-e344e0d24111"#,
                "masked":
                    #"WLwewbmKdGzcNdnhHcUSwPYDhAkoUJ2oG8mV6UGNNgSR7QG++BBIDgsuXNDpm8KLNrkS3RJYxHw19C99xjZj"#
                    + #"dQ=="#,
                "new_cookie": #"JKexFcJ46g1ZxSGIcNg7jb8YBthDTdxiNlu5PbD9+Ac="#,
                "time": #"2026-11-21T00:48:42.743945365Z"#,
            ],
            [
                RecordedStep(
                    "04q_api_try1_wrong",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "code", "code": "004323"}"#,
                    times: 5,
                    "200 OK",
                    RecordedStep.json,
                    #"{"id":"{flow}","type":"api","expires_at":"{time}","issued_at":"{time}","request_url":""#,
                    #"{admin}/admin/recovery/code","active":"code","ui":{"action":"{public}/self-service/rec"#,
                    #"overy?flow={flow}","method":"POST","nodes":[{"type":"input","group":"code","attributes"#,
                    #"":{"name":"code","type":"text","required":true,"pattern":"[0-9]+","disabled":false,"ma"#,
                    #"xlength":6,"node_type":"input"},"messages":[],"meta":{"label":{"id":1070010,"text":"Re"#,
                    #"covery code","type":"info"}}},{"type":"input","group":"code","attributes":{"name":"met"#,
                    #"hod","type":"submit","value":"code","disabled":false,"node_type":"input"},"messages":["#,
                    #"],"meta":{"label":{"id":1070009,"text":"Continue","type":"info"}}}],"messages":[{"id":"#,
                    #"4060006,"text":"The recovery code is invalid or has already been used. Please try agai"#,
                    #"n.","type":"error"}]},"state":"sent_email","transient_payload":{}}\#n"#
                ),
                RecordedStep(
                    "04q_api_try6_wrong",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "code", "code": "004323"}"#,
                    "303 See Other",
                    [
                        #"Location: {public}/self-service/recovery/flows?id={id}"#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ]
                ),
                RecordedStep(
                    "04q9_api_correct_after_lock",
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
                    "04q9b_api_lock_follow",
                    .public,
                    #"GET /self-service/recovery/flows?id={flow2}"#,
                    headers: [
                        #"Accept: application/json"#,
                        #"Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10778f"#
                            + #"481={csrf_cookie}"#,
                    ],
                    "200 OK",
                    RecordedStep.json,
                    #"{"id":"{flow2}","type":"api","expires_at":"{time}","issued_at":"{time}","request_url":"#,
                    #""{public}/self-service/recovery?flow={flow}","active":"code","ui":{"action":"{public}/"#,
                    #"self-service/recovery?flow={flow2}","method":"POST","nodes":[{"type":"input","group":""#,
                    #"default","attributes":{"name":"csrf_token","type":"hidden","value":"{masked}","require"#,
                    #"d":true,"disabled":false,"node_type":"input"},"messages":[],"meta":{}},{"type":"input""#,
                    #","group":"code","attributes":{"name":"email","type":"email","required":true,"disabled""#,
                    #":false,"node_type":"input"},"messages":[],"meta":{"label":{"id":1070007,"text":"Email""#,
                    #","type":"info"}}},{"type":"input","group":"code","attributes":{"name":"method","type":"#,
                    #""submit","value":"code","disabled":false,"node_type":"input"},"messages":[],"meta":{"l"#,
                    #"abel":{"id":1070009,"text":"Continue","type":"info"}}}],"messages":[{"id":4000001,"tex"#,
                    #"t":"The request was submitted too often. Please request another code.","type":"error","#,
                    #""context":{"reason":"The request was submitted too often. Please request another code."#,
                    #""}}]},"state":"choose_method"}\#n"#
                ),
            ]
        ),
        RecordedStory(
            "a locked API code with transitions",
            usesTransitions: true,
            email: "batch00780@example.test",
            .code(.api),
            values: [
                "code": #"046242"#,
                "flow": #"5abf23ff-5502-46ee-978b-c4a8633012d4"#,
                "id": #"cd3ba063-212b-4408-a7ec-a1ed5c1c8cef"#,
                "new_cookie": #"rBSZ6jwXWvW2OeP39lX6Fp6Ig697lrqdvE+kjkAzfCk="#,
                "time": #"2026-11-21T00:48:51.111572226Z"#,
            ],
            [
                RecordedStep(
                    "cw_04q_api_try1_wrong",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "code", "code": "046243"}"#,
                    times: 5,
                    "200 OK",
                    RecordedStep.json,
                    #"{"id":"{flow}","type":"api","expires_at":"{time}","issued_at":"{time}","request_url":""#,
                    #"{admin}/admin/recovery/code","active":"code","ui":{"action":"{public}/self-service/rec"#,
                    #"overy?flow={flow}","method":"POST","nodes":[{"type":"input","group":"code","attributes"#,
                    #"":{"name":"code","type":"text","required":true,"pattern":"[0-9]+","disabled":false,"ma"#,
                    #"xlength":6,"node_type":"input"},"messages":[],"meta":{"label":{"id":1070010,"text":"Re"#,
                    #"covery code","type":"info"}}},{"type":"input","group":"code","attributes":{"name":"met"#,
                    #"hod","type":"submit","value":"code","disabled":false,"node_type":"input"},"messages":["#,
                    #"],"meta":{"label":{"id":1070009,"text":"Continue","type":"info"}}}],"messages":[{"id":"#,
                    #"4060006,"text":"The recovery code is invalid or has already been used. Please try agai"#,
                    #"n.","type":"error"}]},"state":"sent_email","transient_payload":{}}\#n"#
                ),
                RecordedStep(
                    "cw_04q_api_try6_wrong",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "code", "code": "046243"}"#,
                    times: 2,
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
                    "cw_04q9_api_correct_after_lock",
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
        RecordedStory(
            "04r_api_ok_form_html",
            email: "batch00780@example.test",
            .code(.api),
            values: [
                "code": #"278110"#,
                "flow": #"94138b2a-e5f8-4511-b1d2-6b8f4e7018b8"#,
                "id": #"ee16b5b9-e9a5-4c9d-91ef-333993a641f4"#,
            ],
            [
                RecordedStep(
                    "04r_api_ok_form_html",
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
                        #"Vary: Cookie"#,
                    ]
                )
            ]
        ),
        RecordedStory(
            "cw_04r_api_ok_form_html",
            usesTransitions: true,
            email: "batch00780@example.test",
            .code(.api),
            values: [
                "code": #"183337"#,
                "flow": #"536961a3-6019-41de-b7a4-0d1b14245860"#,
                "other": #"058d4d25-c39f-4b37-8e38-9f289ff3cd18"#,
                "time": #"2026-11-21T00:48:51.184707776Z"#,
                "token": #"ory_st_wVHsyiEen8C80G9XcUJfIUIOZVvbo8nf"#,
            ],
            [
                RecordedStep(
                    "cw_04r_api_ok_form_html",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    headers: [
                        #"Content-Type: application/x-www-form-urlencoded"#,
                        #"Accept: text/html"#,
                    ],
                    sent: #"method=code&code={code}"#,
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
            "03n3_code_no_recovery_address_redeem",
            email: nil,
            .code(.api),
            values: [
                "code": #"272478"#,
                "flow": #"b7caf425-3a88-4e88-bbb2-8906db3f97b0"#,
                "other": #"369495eb-b725-4fe8-ae2f-3f92674271e9"#,
            ],
            [
                RecordedStep(
                    "03n3_code_no_recovery_address_redeem",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "code", "code": "{code}"}"#,
                    "422 Unprocessable Entity",
                    [
                        #"Content-Type: application/json"#,
                        #"Ory-Error-Id: browser_location_change_required"#,
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
            "cw_03n3_code_no_recovery_address_redeem",
            usesTransitions: true,
            email: nil,
            .code(.api),
            values: [
                "code": #"117849"#,
                "flow": #"da5a0d50-2b99-492b-a0fe-785b39b69477"#,
                "other": #"52fa002d-9057-4b39-bf6b-4da4b4731460"#,
                "time": #"2026-11-21T00:48:52.843197664Z"#,
                "token": #"ory_st_H0CYi8jn6Dg5On6TnNGWHH5fUmNv6pGj"#,
            ],
            [
                RecordedStep(
                    "cw_03n3_code_no_recovery_address_redeem",
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
    ]
}
