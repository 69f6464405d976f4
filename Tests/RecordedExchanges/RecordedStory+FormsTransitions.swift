// Codes that are posted in every way tried, with transitions.

extension RecordedStory {
    static let formsTransitions: [RecordedStory] = [
        RecordedStory(
            "cw_04d_browser_ok_form_html",
            usesTransitions: true,
            email: "batch00780@example.test",
            .code(.browser),
            values: [
                "age": #"86399"#,
                "code": #"420855"#,
                "date": #"Sat, 21 Nov 2026 23:48:45 GMT"#,
                "flow": #"8aa48061-3b49-4294-8871-1a78512940e0"#,
                "id": #"7fd02061-6860-4bb8-a779-d54afa3e3289"#,
                "new_cookie": #"ztXF6AiDbMvkHtPWFPdTqj7uV93pyTJp5SDwIw3f48A="#,
                "new_session":
                    #"MTc5NTIxODUyNnx0UEpxYjdRUXNVMnN6bENfSDVrcktzRlFXTGk2ZUN2Vm1LNDdVM0hCZDdlaUd4UU1JVGJR"#
                    + #"cV8zeDZJeHBweGp5aTBaVXJ4c1RjZ2NidnFGUG16ZFh6TjZXY0p1OElhMGdXLVgwWktrZ2tFRmV0WXFhaDRH"#
                    + #"b1lMWnAtZmFIM1FHVlNnUjlVSGRVTlh0OERtRFdkOE5WOWRJZXJhR3lQREtaelo2ZDhDUU1QMExQdVpETTlk"#
                    + #"M0xkdUZGSjAySnlCUWprQk93eTJFeWhZbEFTUWkyaEtqYU5ja2FDUk1zZ1AweTZ0MENhYlZrZ2tuRkJTT2NK"#
                    + #"eVBCRzVLV05XQjZjbkpPNE12eUNjX3NHRXdqOGQ5VzBKTEd8e_XSke-l86apTL2ZsZt237qWeCRjl25pEI5c"#
                    + #"SBos0Cc="#,
            ],
            [
                RecordedStep(
                    "cw_04d_browser_ok_form_html",
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
            "cw_04d3_browser_no_accept",
            usesTransitions: true,
            email: "batch00780@example.test",
            .code(.browser),
            values: [
                "age": #"86399"#,
                "code": #"678207"#,
                "date": #"Sat, 21 Nov 2026 23:48:45 GMT"#,
                "flow": #"8827ae03-c00a-49b9-8480-f685fb142d07"#,
                "masked":
                    #"93nNC8xzs9ooBdk2U81vhWGthFcAhc9XKUrcKkCGvfT6+VBtG7MgaQe2Zr8Lqs9feSXVZ0+4GtJVZXU9dZpw"#
                    + #"kg=="#,
                "new_cookie": #"DYCdZtfAk7Mvs7+JWGeg2hiIUTBPPdWFfC+pFzUczWY="#,
                "new_session":
                    #"MTc5NTIxODUyNnw0Q1VRTDdQZW9fZ3RXRDJsbzU0LXJNNHdYeDR2VW9qUThqOHNJek5qSm1hb19Sa2hUS3NR"#
                    + #"UGNHX0ZHOXpBQ2kwVmcwZzFLME9YYzNuVXVIZU5ORVExaldTS1owY21CZjRjQS1mTGotejZySXpOcjEzSTN0"#
                    + #"SndfSzZBSHFpaHp1alppa2ZTOEZ1VlNHWDRtWW9CazRadGVWQ1ktM2ZOem9WZG5yWUpJVEh2em9iVWZmeGZa"#
                    + #"V3JQN3FlRVBVVjJySEhtT3NSSU5ocnNBTldpU2NXRXhKR19sZ21QMW9uUkZmZ2V0YUJGU3ZTZWluc19BNkFj"#
                    + #"aE42WVFaZTlKdk1JX0pINTQ1S0JEUVFsVlRjTGJOcGNyVjF8X7EUZ05j3J19T9PC4ZyeQo8GF8RqfqfgSlE2"#
                    + #"NwjASpA="#,
                "other": #"040f314b-42a7-48ff-a08b-ef57e02909fa"#,
                "time": #"2026-11-21T00:48:46.088177457Z"#,
            ],
            [
                RecordedStep(
                    "cw_04d3_browser_no_accept",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    headers: [
                        #"Content-Type: application/json"#
                    ],
                    sent: #"{"method": "code", "code": "{code}"}"#,
                    "200 OK",
                    [
                        #"Content-Type: application/json; charset=utf-8"#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Set-Cookie: ory_kratos_session={new_session}; Path=/; Expires={date}; Max-Age={age}"#
                            + #"; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"{"id":"{flow}","type":"browser","expires_at":"{time}","issued_at":"{time}","request_ur"#,
                    #"l":"{admin}/admin/recovery/code","active":"code","ui":{"action":"{public}/self-service"#,
                    #"/recovery?flow={flow}","method":"POST","nodes":[{"type":"input","group":"code","attrib"#,
                    #"utes":{"name":"code","type":"text","required":true,"pattern":"[0-9]+","disabled":false"#,
                    #","maxlength":6,"node_type":"input"},"messages":[],"meta":{"label":{"id":1070010,"text""#,
                    #":"Recovery code","type":"info"}}},{"type":"input","group":"code","attributes":{"name":"#,
                    #""method","type":"submit","value":"code","disabled":false,"node_type":"input"},"message"#,
                    #"s":[],"meta":{"label":{"id":1070009,"text":"Continue","type":"info"}}},{"type":"input""#,
                    #","group":"default","attributes":{"name":"csrf_token","type":"hidden","value":"{masked}"#,
                    #"","required":true,"disabled":false,"node_type":"input"},"messages":[],"meta":{}}]},"st"#,
                    #"ate":"passed_challenge","continue_with":[{"action":"show_settings_ui","flow":{"id":"{other}"#,
                    #"","url":"http://127.0.0.1:4455/settings?flow={other}"}}],"transient_payload":{}}\#n"#
                )
            ]
        ),
        RecordedStory(
            "cw_04i_no_method",
            usesTransitions: true,
            email: "batch00780@example.test",
            .code(.browser),
            values: [
                "age": #"86399"#,
                "code": #"145056"#,
                "date": #"Sat, 21 Nov 2026 23:48:46 GMT"#,
                "flow": #"347742c0-f576-4f8c-b219-9e1dd8c30188"#,
                "masked":
                    #"GZorULL0WLIis8d1z4onvwfromV3zy1HN1UY5QYsBgLkcFGTPGyaaNkSDYh/OeWrwcjiloYrg645xfuKp3we"#
                    + #"pg=="#,
                "new_cookie": #"/ep6w46Ywtr7ocr9sLPCFMYjQPPx5K7pDpDjb6FQGKQ="#,
                "new_session":
                    #"MTc5NTIxODUyN3xmQlNIVHpDbUx2djEwbzk4QlBIRENjMHo4UmtUMG1Bc212LVBSN3NTQzBSU0Fpb3psbzYt"#
                    + #"NktpNXJtNTVxbzU5ejZob0Mtb3VSWXVtcDZINU9KdkV3Wkx2ODZBV0tHWm9QYWxnb0JWOXRGdXBZdjZxaXRl"#
                    + #"bFhaYVpxaTliM2RwY3p6cXM0SHJxVjNaYnNvWmUwWnZmdFZWajM2TklqOU1PcW56WnhzQm5FeFNOc0Z5cUIt"#
                    + #"VlQzeXdvS0RqZ2pYTzMwRGtObXBFbG05ZExGV29zOFJYR2Q2UXp2RlFGZFpzSlpVMnpQaHczUmpUTVZSZFlY"#
                    + #"UEFNa3ItamFNbjFUME1IYVNWTkxaanVBSlZLTzFSRnVMb2l8jfTKOr5-zVcnUAdYNXphxn7bLNN1-P4RHV6X"#
                    + #"f41F2UQ="#,
                "other": #"f902dce1-7275-4966-b9b6-946fa79554be"#,
                "time": #"2026-11-21T00:48:47.943265052Z"#,
            ],
            [
                RecordedStep(
                    "cw_04i_no_method",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"code": "{code}"}"#,
                    "200 OK",
                    [
                        #"Content-Type: application/json; charset=utf-8"#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Set-Cookie: ory_kratos_session={new_session}; Path=/; Expires={date}; Max-Age={age}"#
                            + #"; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"{"id":"{flow}","type":"browser","expires_at":"{time}","issued_at":"{time}","request_ur"#,
                    #"l":"{admin}/admin/recovery/code","active":"code","ui":{"action":"{public}/self-service"#,
                    #"/recovery?flow={flow}","method":"POST","nodes":[{"type":"input","group":"code","attrib"#,
                    #"utes":{"name":"code","type":"text","required":true,"pattern":"[0-9]+","disabled":false"#,
                    #","maxlength":6,"node_type":"input"},"messages":[],"meta":{"label":{"id":1070010,"text""#,
                    #":"Recovery code","type":"info"}}},{"type":"input","group":"code","attributes":{"name":"#,
                    #""method","type":"submit","value":"code","disabled":false,"node_type":"input"},"message"#,
                    #"s":[],"meta":{"label":{"id":1070009,"text":"Continue","type":"info"}}},{"type":"input""#,
                    #","group":"default","attributes":{"name":"csrf_token","type":"hidden","value":"{masked}"#,
                    #"","required":true,"disabled":false,"node_type":"input"},"messages":[],"meta":{}}]},"st"#,
                    #"ate":"passed_challenge","continue_with":[{"action":"show_settings_ui","flow":{"id":"{other}"#,
                    #"","url":"http://127.0.0.1:4455/settings?flow={other}"}}],"transient_payload":{}}\#n"#
                )
            ]
        ),
        RecordedStory(
            "cw_04i2_method_link",
            usesTransitions: true,
            email: "batch00780@example.test",
            .code(.browser),
            values: [
                "age": #"86399"#,
                "code": #"962110"#,
                "date": #"Sat, 21 Nov 2026 23:48:46 GMT"#,
                "flow": #"9cda8258-7f82-4f57-92bc-08abd841c3d6"#,
                "masked":
                    #"D9lzaXCCtOoki0j3VJ1hEJYFAVHYhYMlNeq7tPg7jXtFLhq8+2EA/ddU6pTLwv/CyXaoGVEvBnzB4qj0Fnmy"#
                    + #"qw=="#,
                "new_cookie": #"Svdp1YvjtBfz36Jjn1+e0l9zqUiJqoVZ9AgTQO5CP9A="#,
                "new_session":
                    #"MTc5NTIxODUyN3xxclM5cGw5dUxxbXVmTGNwMkY1UlloV2lURl9FWE9RZE9DdkZKNEhjcFF5UTdOMWE4M0Vk"#
                    + #"MEhadkkwcldoX3F5X3ExZmg4RTlpdWRkRHNickRFT0M3Rm54THVUcnVLZ0FEQi1IZ2VuOF9pYlBrZVpNam9l"#
                    + #"V3NwSGNDc1ZuYngwWU9zZFFLeEJyQXY0SllZaXBDckF6RXFWS2NUR1dCbWF5Q0p0WGEtRzJubXRTenpBdVB6"#
                    + #"N2dOb1hxQ0M4U1VWSWtCRDhUMlJnNV9NLXI3d3pya016NGllSktSYkhTZWF6Rm9RcGxpX1lPdzdnX3V5dFhE"#
                    + #"bmVJMmFKMEg4NGQzU3c3OGZ3TTlmcmdtbDNaS2FScVZKQT18btRTqf1NMZ8DP91-hVszSYTu08fkPfym82ZH"#
                    + #"pCMtHl4="#,
                "other": #"a77a5606-622f-4b5c-80b6-d29617746c53"#,
                "time": #"2026-11-21T00:48:47.970448738Z"#,
            ],
            [
                RecordedStep(
                    "cw_04i2_method_link",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "link", "code": "{code}"}"#,
                    "200 OK",
                    [
                        #"Content-Type: application/json; charset=utf-8"#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Set-Cookie: ory_kratos_session={new_session}; Path=/; Expires={date}; Max-Age={age}"#
                            + #"; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"{"id":"{flow}","type":"browser","expires_at":"{time}","issued_at":"{time}","request_ur"#,
                    #"l":"{admin}/admin/recovery/code","active":"code","ui":{"action":"{public}/self-service"#,
                    #"/recovery?flow={flow}","method":"POST","nodes":[{"type":"input","group":"code","attrib"#,
                    #"utes":{"name":"code","type":"text","required":true,"pattern":"[0-9]+","disabled":false"#,
                    #","maxlength":6,"node_type":"input"},"messages":[],"meta":{"label":{"id":1070010,"text""#,
                    #":"Recovery code","type":"info"}}},{"type":"input","group":"code","attributes":{"name":"#,
                    #""method","type":"submit","value":"code","disabled":false,"node_type":"input"},"message"#,
                    #"s":[],"meta":{"label":{"id":1070009,"text":"Continue","type":"info"}}},{"type":"input""#,
                    #","group":"default","attributes":{"name":"csrf_token","type":"hidden","value":"{masked}"#,
                    #"","required":true,"disabled":false,"node_type":"input"},"messages":[],"meta":{}}]},"st"#,
                    #"ate":"passed_challenge","continue_with":[{"action":"show_settings_ui","flow":{"id":"{other}"#,
                    #"","url":"http://127.0.0.1:4455/settings?flow={other}"}}],"transient_payload":{}}\#n"#
                )
            ]
        ),
        RecordedStory(
            "cw_04i3_code_number",
            usesTransitions: true,
            email: "batch00780@example.test",
            .code(.browser),
            values: [
                "age": #"86399"#,
                "code": #"581851"#,
                "date": #"Sat, 21 Nov 2026 23:48:47 GMT"#,
                "flow": #"985449a2-bff4-45f0-ada2-b58d1c65d1bc"#,
                "masked":
                    #"+KXJMhFCIKFEbw8V9H9Vzyjj+xwMRvHgiEWELXPVYg9RJpf0MvbhTa0QgnrzfezNRuym3U3jDA65FpEksecw"#
                    + #"EQ=="#,
                "new_cookie": #"qYNexiO0wezpf41vBwK5Am4PXcFBpf3uMVMVCcIyUh4="#,
                "new_session":
                    #"MTc5NTIxODUyOHx4amJmZ2hERFgxWEk3ZzhlLWcwRGNaV0tEaHo4ZG5mZzdxRnBpOHJqbVY5ckJjbE03cEct"#
                    + #"bE80TWtYTzNWU2lud0F6S1gyTkNWWmZQeV9ORVhpUE5WcG15VlRNd0JkNHlQTG9WYnlUcE0wbi1PWVM0Tlhn"#
                    + #"emtmVzdjME9XR3d5SDlYUVozbTU1X0dZVUhSZU51c29xbkhtMFRMWXhzSFl0a1ZEOE01X3RHNlhWU0pGRXYy"#
                    + #"NXU1alY4ZzBISm9BOTRZQWFSMk0tN2R2ckFfRnVYNzdEQW0xY1F1ZXpoMFhTbG9DaVp4bFh0ZTJ0dWV6Z19q"#
                    + #"VFFzcC1GdGgwTVdDSFUyQ3BJWW5JZFk5ME1kOUgxVDZ1SFd8xWmkQwAbYrDpaBV1-hFdxI_UJ3APjnC3K4sh"#
                    + #"EvqrxGo="#,
                "other": #"ec3fd9f7-d98f-4542-9008-33a37a2eba39"#,
                "time": #"2026-11-21T00:48:47.994612262Z"#,
            ],
            [
                RecordedStep(
                    "cw_04i3_code_number",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "code", "code": {code}}"#,
                    "200 OK",
                    [
                        #"Content-Type: application/json; charset=utf-8"#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Set-Cookie: ory_kratos_session={new_session}; Path=/; Expires={date}; Max-Age={age}"#
                            + #"; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"{"id":"{flow}","type":"browser","expires_at":"{time}","issued_at":"{time}","request_ur"#,
                    #"l":"{admin}/admin/recovery/code","active":"code","ui":{"action":"{public}/self-service"#,
                    #"/recovery?flow={flow}","method":"POST","nodes":[{"type":"input","group":"code","attrib"#,
                    #"utes":{"name":"code","type":"text","required":true,"pattern":"[0-9]+","disabled":false"#,
                    #","maxlength":6,"node_type":"input"},"messages":[],"meta":{"label":{"id":1070010,"text""#,
                    #":"Recovery code","type":"info"}}},{"type":"input","group":"code","attributes":{"name":"#,
                    #""method","type":"submit","value":"code","disabled":false,"node_type":"input"},"message"#,
                    #"s":[],"meta":{"label":{"id":1070009,"text":"Continue","type":"info"}}},{"type":"input""#,
                    #","group":"default","attributes":{"name":"csrf_token","type":"hidden","value":"{masked}"#,
                    #"","required":true,"disabled":false,"node_type":"input"},"messages":[],"meta":{}}]},"st"#,
                    #"ate":"passed_challenge","continue_with":[{"action":"show_settings_ui","flow":{"id":"{other}"#,
                    #"","url":"http://127.0.0.1:4455/settings?flow={other}"}}],"transient_payload":{}}\#n"#
                )
            ]
        ),
        RecordedStory(
            "cw_04i5_code_spaces",
            usesTransitions: true,
            email: "batch00780@example.test",
            .code(.browser),
            values: [
                "code": #"752539"#,
                "flow": #"0cd8eed3-f419-45ec-8221-52de10f6006e"#,
                "time": #"2026-11-21T00:48:48.036721209Z"#,
            ],
            [
                RecordedStep(
                    "cw_04i5_code_spaces",
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
            "cw_04d2_browser_wrong_form_html",
            usesTransitions: true,
            email: "batch00780@example.test",
            .code(.browser),
            values: [
                "flow": #"c3b48303-ccc5-4bde-a223-14279d963f10"#
            ],
            [
                RecordedStep(
                    "cw_04d2_browser_wrong_form_html",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    headers: [
                        #"Content-Type: application/x-www-form-urlencoded"#,
                        #"Accept: text/html"#,
                    ],
                    sent: #"method=code&code=114663"#,
                    "303 See Other",
                    [
                        #"Location: http://127.0.0.1:4455/recovery?flow={flow}"#,
                        #"Vary: Cookie"#,
                    ]
                )
            ]
        ),
        RecordedStory(
            "cw_04i4_code_empty",
            usesTransitions: true,
            email: "batch00780@example.test",
            .code(.browser),
            values: [
                "flow": #"a9937064-26eb-4bcc-9ae8-661c42ef3ac5"#,
                "time": #"2026-11-21T00:48:48.019595939Z"#,
            ],
            [
                RecordedStep(
                    "cw_04i4_code_empty",
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
            "cw_04i7_malformed_json",
            usesTransitions: true,
            email: "batch00780@example.test",
            .code(.browser),
            values: [
                "flow": #"fc62938c-9ff8-497a-8603-e3c3613c18bd"#,
                "time": #"2026-11-21T00:48:48.059526882Z"#,
            ],
            [
                RecordedStep(
                    "cw_04i7_malformed_json",
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
            "cw_04i6_get_on_recovery",
            usesTransitions: true,
            email: "batch00780@example.test",
            .code(.browser),
            values: [
                "code": #"082096"#,
                "flow": #"b6d264ca-ef76-4f61-bdc4-9d5ac1b2390f"#,
                "time": #"2026-11-21T00:48:48.04984316Z"#,
            ],
            [
                RecordedStep(
                    "cw_04i6_get_on_recovery",
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
            "cw_04h_unknown_flow",
            usesTransitions: true,
            email: "batch00780@example.test",
            .nothing,
            values: [
                "flow": #"13a7e5d5-58da-416e-903e-356473a662da"#
            ],
            [
                RecordedStep(
                    "cw_04h_unknown_flow",
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
            "cw_04h2_malformed_flow",
            usesTransitions: true,
            email: "batch00780@example.test",
            .nothing,
            values: [:],
            [
                RecordedStep(
                    "cw_04h2_malformed_flow",
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
            "cw_04h3_no_flow",
            usesTransitions: true,
            email: "batch00780@example.test",
            .nothing,
            values: [:],
            [
                RecordedStep(
                    "cw_04h3_no_flow",
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
            "cw_04j_inactive",
            usesTransitions: true,
            email: "batch00780@example.test",
            .code(.browser),
            fate: .inactive,
            values: [
                "code": #"787983"#,
                "flow": #"28a68b52-dbe0-484a-9288-414227c59538"#,
                "identity": #"1ff2a8c9-7c04-4f7d-8d5d-07116800c9cc"#,
                "new_cookie": #"OWXX6CiukFirOURcbBNE18cJR9nxeiOB1IVZbBkGKN4="#,
            ],
            [
                RecordedStep(
                    "cw_04j_inactive",
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
            "cw_04k_deleted",
            usesTransitions: true,
            email: "batch00780@example.test",
            .code(.browser),
            fate: .deleted,
            values: [
                "code": #"796518"#,
                "flow": #"057d7c35-d8a7-4a9b-a458-3c17d8339560"#,
                "time": #"2026-11-21T00:48:48.098001289Z"#,
            ],
            [
                RecordedStep(
                    "cw_04k_deleted",
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
