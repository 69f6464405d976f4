// Codes of browser flows, whose session comes as a cookie.

extension RecordedStory {
    static let cookie: [RecordedStory] = [
        RecordedStory(
            "a browser code, a password",
            email: "batch00780@example.test",
            .code(.browser),
            values: [
                "age": #"86399"#,
                "code": #"623171"#,
                "csrf":
                    #"IcKFD05botsDoFGLXhw4Pxl8aUVgH1KdpJonJQbPgL+FR0EXflUgtS0AsFG/cIqGtIpIj6Hu8+AACsEBSmA3"#
                    + #"zw=="#,
                "csrf_cookie": #"pIXEGDAOgm4uoOHa4Wyyua32IcrB8aF9pJDmJEyvt3A="#,
                "csrf_cookie2": #"PfWHJtK5os10und6ADX9Depl56zYsRcvIQ7G87nlQDc="#,
                "date": #"Sat, 21 Nov 2026 23:48:37 GMT"#,
                "flow": #"d3215855-baec-43df-b32e-7062e8190092"#,
                "flow2": #"3f0fda78-04d6-4ae3-ba98-8833d769b551"#,
                "id": #"cd6e020f-0a91-40fa-a808-a87169b5dff3"#,
                "identity": #"0da31689-9a8b-498c-800f-0fc181ae5c25"#,
                "masked":
                    #"QrlpI0t2iwm3TqEiy9YV49Cu8nxLXKlrsSngp2MLejXmPK07e3gJZ5nuQPgquqdafVjTtoqtCBYVuQaDL6TN"#
                    + #"RQ=="#,
                "new_cookie": #"y39RW54S3Nux7yglRqA4212p/Gwaff6TfZD5KaCIUkg="#,
                "new_session":
                    #"MTc5NTIxODUxOXxSb054ZGsyMjhFcUc3ZTBodG1ZOUM2LVFicjRPRDIxNncxUTBrVV83RmxsdmRaMGFtU2Ro"#
                    + #"MTM1YmFWbzJzYnNOV3I3UHI1ckVWbmJ3SmxwaDc4cmp5NUtOWkhwR2JHSEstWWZRSHllTk5fSXoxcDBjcEpf"#
                    + #"OEF0QlNILUlHMnhJbjBTT3hTTG5zVnJFTzFQeHFDUzRKV05vX0pmdTZ6aHhoTVZLM3hLdFJWX3l1SXhkdTZU"#
                    + #"YV9GRGI5UGlHZGs4SmUzQlFiWnJoYWhOckxtQU9tVDhmSGhTb29lQTRhRnVfRWZlN2xwYU1sX0g4d2QxRl9w"#
                    + #"YlU0cjdDaHg2MmI3RWFpb29DM1BYZmRJemF4R2owZmJSOG58ecPjcNBtuyCBoCwyPKsy0mc4nPvmmrS8sMu6"#
                    + #"f4G9dkk="#,
                "other": #"34179540-6938-4d50-834b-c011971656e3"#,
                "other2": #"b8eb6bd2-d155-4dea-bd2e-6682b4e54037"#,
                "peer": #"54438"#,
                "session_cookie":
                    #"MTc5NTIxODUxOHx1N0NHMVJRSXd0U21fTWhFaFp3bjRrNldkY0RpdE1iS0lIQnlPcjQzMzR2bFJKZ0U0cThi"#
                    + #"T2tJLTFRcnNfelVITDE4Z21fd1R2S2hna2RZS0Y3UF91OVZ6UDd6MW5hc1hmQnFCdVY4QTRaSktPMFVWTkxj"#
                    + #"TVVmYmp2S2luVVVlaE80a1ltVXdpT3M2Q1B3cW4yaG5hcWMxdm4tckMzTDgxSWVLbk9tUmlkOTR1dHFpVjZU"#
                    + #"aWEtZUp4eTNHOXZaSXJaQXhFOWJoOWlSUVpUVU96Q01hcno2d3Vkc1VYS2lJZjlWMGE5UzlyUGN1cDc5QVQ1"#
                    + #"V2VnT19hb3h5UUZGZFNudlpOT3dIMFVULVJTM25ZRlh2ZS181jiT5OATH8JTvskBknwbDR3lwdmilLaaID80"#
                    + #"k7v2CtA="#,
                "settings": #"5122e77a-d79b-48ab-a71b-a9e6f75b3267"#,
                "time": #"2026-11-21T00:48:38.90865874Z"#,
                "unix": #"1795219418"#,
            ],
            [
                RecordedStep(
                    "04a0_get_flow",
                    .public,
                    #"GET /self-service/recovery/flows?id={flow}"#,
                    "200 OK",
                    [
                        #"Content-Type: application/json; charset=utf-8"#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"{"id":"{flow}","type":"browser","expires_at":"{time}","issued_at":"{time}","request_ur"#,
                    #"l":"{admin}/admin/recovery/code","active":"code","ui":{"action":"{public}/self-service"#,
                    #"/recovery?flow={flow}","method":"POST","nodes":[{"type":"input","group":"code","attrib"#,
                    #"utes":{"name":"code","type":"text","required":true,"pattern":"[0-9]+","disabled":false"#,
                    #","maxlength":6,"node_type":"input"},"messages":[],"meta":{"label":{"id":1070010,"text""#,
                    #":"Recovery code","type":"info"}}},{"type":"input","group":"code","attributes":{"name":"#,
                    #""method","type":"submit","value":"code","disabled":false,"node_type":"input"},"message"#,
                    #"s":[],"meta":{"label":{"id":1070009,"text":"Continue","type":"info"}}}]},"state":"sent"#,
                    #"_email"}\#n"#
                ),
                RecordedStep(
                    "04a_browser_wrong",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "code", "code": "623172"}"#,
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
                    "04b_browser_ok_json",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "code", "code": "{code}"}"#,
                    "422 Unprocessable Entity",
                    [
                        #"Content-Type: application/json"#,
                        #"Ory-Error-Id: browser_location_change_required"#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={csrf_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Set-Cookie: ory_kratos_session={session_cookie}; Path=/; Expires={date}; Max-Age"#
                            + #"={age}; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"{"error":{"id":"browser_location_change_required","code":422,"status":"Unprocessable E"#,
                    #"ntity","reason":"In order to complete this flow please redirect the browser to: http:/"#,
                    #"/127.0.0.1:4455/settings?flow={settings}","message":"browser location change required""#,
                    #"},"redirect_browser_to":"http://127.0.0.1:4455/settings?flow={settings}"}\#n"#
                ),
                RecordedStep(
                    "04b2_whoami_cookie",
                    .public,
                    #"GET /sessions/whoami"#,
                    headers: [
                        #"Accept: application/json"#,
                        #"Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10778f"#
                            + #"481={csrf_cookie}; ory_kratos_session={session_cookie}"#,
                    ],
                    "200 OK",
                    [
                        #"Content-Type: application/json; charset=utf-8"#,
                        #"Vary: Cookie"#,
                        #"X-Kratos-Authenticated-Identity-Id: {identity}"#,
                    ],
                    #"{"id":"{id}","active":true,"expires_at":"{time}","authenticated_at":"{time}","authenti"#,
                    #"cator_assurance_level":"aal1","authentication_methods":[{"method":"code_recovery","aal"#,
                    #"":"aal1","completed_at":"{time}"}],"issued_at":"{time}","identity":{"id":"{identity}","#,
                    #""schema_id":"default","schema_url":"{public}/schemas/ZGVmYXVsdA","state":"active","sta"#,
                    #"te_changed_at":"{time}","traits":{"email":"batch00780@example.test"},"verifiable_addre"#,
                    #"sses":[{"id":"{other}","value":"batch00780@example.test","verified":false,"via":"email"#,
                    #"","status":"pending","created_at":"{time}","updated_at":"{time}"}],"recovery_addresses"#,
                    #"":[{"id":"{other2}","value":"batch00780@example.test","via":"email","created_at":"{time}"#,
                    #"","updated_at":"{time}"}],"metadata_public":null,"created_at":"{time}","updated_at":"{time}"#,
                    #"","organization_id":null},"devices":[{"id":"{id}","ip_address":"127.0.0.1:{peer}","use"#,
                    #"r_agent":null,"location":""}]}\#n"#
                ),
                RecordedStep(
                    "04b3_settings_flow_get_cookie",
                    .public,
                    #"GET /self-service/settings/flows?id={settings}"#,
                    headers: [
                        #"Accept: application/json"#,
                        #"Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10778f"#
                            + #"481={csrf_cookie}; ory_kratos_session={session_cookie}"#,
                    ],
                    "200 OK",
                    RecordedStep.json,
                    #"{"id":"{settings}","type":"browser","expires_at":"{time}","issued_at":"{time}","reques"#,
                    #"t_url":"{public}/self-service/recovery?flow={flow}","ui":{"action":"{public}/self-serv"#,
                    #"ice/settings?flow={settings}","method":"POST","nodes":[{"type":"input","group":"defaul"#,
                    #"t","attributes":{"name":"csrf_token","type":"hidden","value":"{csrf}","required":true,"#,
                    #""disabled":false,"node_type":"input"},"messages":[],"meta":{}},{"type":"input","group""#,
                    #":"profile","attributes":{"name":"traits.email","type":"email","value":"batch00780@exam"#,
                    #"ple.test","required":true,"autocomplete":"email","disabled":false,"node_type":"input"}"#,
                    #","messages":[],"meta":{"label":{"id":1070002,"text":"E-Mail","type":"info","context":{"#,
                    #""name":"traits.email","title":"E-Mail"}}}},{"type":"input","group":"profile","attribut"#,
                    #"es":{"name":"traits.name.first","type":"text","disabled":false,"node_type":"input"},"m"#,
                    #"essages":[],"meta":{"label":{"id":1070002,"text":"First Name","type":"info","context":"#,
                    #"{"name":"traits.name.first","title":"First Name"}}}},{"type":"input","group":"profile""#,
                    #","attributes":{"name":"traits.name.last","type":"text","disabled":false,"node_type":"i"#,
                    #"nput"},"messages":[],"meta":{"label":{"id":1070002,"text":"Last Name","type":"info","c"#,
                    #"ontext":{"name":"traits.name.last","title":"Last Name"}}}},{"type":"input","group":"pr"#,
                    #"ofile","attributes":{"name":"method","type":"submit","value":"profile","disabled":fals"#,
                    #"e,"node_type":"input"},"messages":[],"meta":{"label":{"id":1070003,"text":"Save","type"#,
                    #"":"info"}}},{"type":"input","group":"password","attributes":{"name":"password","type":"#,
                    #""password","required":true,"autocomplete":"new-password","disabled":false,"node_type":"#,
                    #""input"},"messages":[],"meta":{"label":{"id":1070001,"text":"Password","type":"info"}}"#,
                    #"},{"type":"input","group":"password","attributes":{"name":"method","type":"submit","va"#,
                    #"lue":"password","disabled":false,"node_type":"input"},"messages":[],"meta":{"label":{""#,
                    #"id":1070003,"text":"Save","type":"info"}}}],"messages":[{"id":1060001,"text":"You succ"#,
                    #"essfully recovered your account. Please change your password or set up an alternative "#,
                    #"login method (e.g. social sign in) within the next 15.00 minutes.","type":"success","c"#,
                    #"ontext":{"privilegedSessionExpiresAt":"{time}","privileged_session_expires_at":"{time}"#,
                    #"","privileged_session_expires_at_unix":{unix}}}]},"identity":{"id":"{identity}","schem"#,
                    #"a_id":"default","schema_url":"{public}/schemas/ZGVmYXVsdA","state":"active","state_cha"#,
                    #"nged_at":"{time}","traits":{"email":"batch00780@example.test"},"verifiable_addresses":"#,
                    #"[{"id":"{other}","value":"batch00780@example.test","verified":false,"via":"email","sta"#,
                    #"tus":"pending","created_at":"{time}","updated_at":"{time}"}],"recovery_addresses":[{"i"#,
                    #"d":"{other2}","value":"batch00780@example.test","via":"email","created_at":"{time}","u"#,
                    #"pdated_at":"{time}"}],"metadata_public":null,"created_at":"{time}","updated_at":"{time}"#,
                    #"","organization_id":null},"state":"show_form"}\#n"#
                ),
                RecordedStep(
                    "04b4_settings_post_nocsrf",
                    .public,
                    #"POST /self-service/settings?flow={settings}"#,
                    headers: [
                        #"Content-Type: application/json"#,
                        #"Accept: application/json"#,
                        #"Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10778f"#
                            + #"481={csrf_cookie}; ory_kratos_session={session_cookie}"#,
                    ],
                    sent: #"{"method": "password", "password": "Brand-New-Pw-9182"}"#,
                    "403 Forbidden",
                    [
                        #"Content-Type: application/json"#,
                        #"Ory-Error-Id: security_csrf_violation"#,
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
                    #"eason":"The HTTP Cookie Header was set and a CSRF token was sent but they do not match"#,
                    #". We recommend deleting all cookies for this domain and retrying the flow."},"message""#,
                    #":"the request was rejected to protect you from Cross-Site-Request-Forgery"}}\#n"#
                ),
                RecordedStep(
                    "04b5_settings_post_pw",
                    .public,
                    #"POST /self-service/settings?flow={settings}"#,
                    headers: [
                        #"Content-Type: application/json"#,
                        #"Accept: application/json"#,
                        #"Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10778f"#
                            + #"481={csrf_cookie}; ory_kratos_session={session_cookie}"#,
                    ],
                    sent: #"{"method": "password", "password": "Brand-New-Pw-9182", "csrf_token": "{csrf}"}"#,
                    "200 OK",
                    [
                        #"Content-Type: application/json; charset=utf-8"#,
                        #"Set-Cookie: ory_kratos_session={new_session}; Path=/; Expires={date}; Max-Age={age}"#
                            + #"; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"{"id":"{settings}","type":"browser","expires_at":"{time}","issued_at":"{time}","reques"#,
                    #"t_url":"{public}/self-service/recovery?flow={flow}","ui":{"action":"{public}/self-serv"#,
                    #"ice/settings?flow={id}","method":"POST","nodes":[{"type":"input","group":"default","at"#,
                    #"tributes":{"name":"csrf_token","type":"hidden","value":"{masked}","required":true,"dis"#,
                    #"abled":false,"node_type":"input"},"messages":[],"meta":{}},{"type":"input","group":"pr"#,
                    #"ofile","attributes":{"name":"traits.email","type":"email","value":"batch00780@example."#,
                    #"test","required":true,"autocomplete":"email","disabled":false,"node_type":"input"},"me"#,
                    #"ssages":[],"meta":{"label":{"id":1070002,"text":"E-Mail","type":"info","context":{"nam"#,
                    #"e":"traits.email","title":"E-Mail"}}}},{"type":"input","group":"profile","attributes":"#,
                    #"{"name":"traits.name.first","type":"text","disabled":false,"node_type":"input"},"messa"#,
                    #"ges":[],"meta":{"label":{"id":1070002,"text":"First Name","type":"info","context":{"na"#,
                    #"me":"traits.name.first","title":"First Name"}}}},{"type":"input","group":"profile","at"#,
                    #"tributes":{"name":"traits.name.last","type":"text","disabled":false,"node_type":"input"#,
                    #""},"messages":[],"meta":{"label":{"id":1070002,"text":"Last Name","type":"info","conte"#,
                    #"xt":{"name":"traits.name.last","title":"Last Name"}}}},{"type":"input","group":"profil"#,
                    #"e","attributes":{"name":"method","type":"submit","value":"profile","disabled":false,"n"#,
                    #"ode_type":"input"},"messages":[],"meta":{"label":{"id":1070003,"text":"Save","type":"i"#,
                    #"nfo"}}},{"type":"input","group":"password","attributes":{"name":"password","type":"pas"#,
                    #"sword","required":true,"autocomplete":"new-password","disabled":false,"node_type":"inp"#,
                    #"ut"},"messages":[],"meta":{"label":{"id":1070001,"text":"Password","type":"info"}}},{""#,
                    #"type":"input","group":"password","attributes":{"name":"method","type":"submit","value""#,
                    #":"password","disabled":false,"node_type":"input"},"messages":[],"meta":{"label":{"id":"#,
                    #"1070003,"text":"Save","type":"info"}}}],"messages":[{"id":1050001,"text":"Your changes"#,
                    #" have been saved!","type":"success"}]},"identity":{"id":"{identity}","schema_id":"defa"#,
                    #"ult","schema_url":"{public}/schemas/ZGVmYXVsdA","state":"active","state_changed_at":"{time}"#,
                    #"","traits":{"email":"batch00780@example.test"},"verifiable_addresses":[{"id":"{other}""#,
                    #","value":"batch00780@example.test","verified":false,"via":"email","status":"sent","cre"#,
                    #"ated_at":"{time}","updated_at":"{time}"}],"recovery_addresses":[{"id":"{other2}","valu"#,
                    #"e":"batch00780@example.test","via":"email","created_at":"{time}","updated_at":"{time}""#,
                    #"}],"metadata_public":null,"created_at":"{time}","updated_at":"{time}","organization_id"#,
                    #"":null},"state":"success","continue_with":[{"action":"redirect_browser_to","redirect_b"#,
                    #"rowser_to":"http://127.0.0.1:4455/settings?flow={settings}"}]}\#n"#
                ),
                RecordedStep(
                    "04c_browser_reuse_nocookie",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "code", "code": "{code}"}"#,
                    "303 See Other",
                    [
                        #"Location: {public}/self-service/recovery/flows?id={flow2}"#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={csrf_cookie2}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ]
                ),
                RecordedStep(
                    "04c9_browser_reuse_follow",
                    .public,
                    #"GET /self-service/recovery/flows?id={flow2}"#,
                    headers: [
                        #"Accept: application/json"#,
                        #"Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10778f"#
                            + #"481={csrf_cookie2}"#,
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
                    #"xt":"The code was already used. Please request another code.","type":"error","context""#,
                    #":{"reason":"The code was already used. Please request another code."}}]},"state":"choo"#,
                    #"se_method"}\#n"#
                ),
                RecordedStep(
                    "04c2_browser_reuse_cookie",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    headers: [
                        #"Content-Type: application/json"#,
                        #"Accept: application/json"#,
                        #"Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10778f"#
                            + #"481={csrf_cookie}; ory_kratos_session={session_cookie}"#,
                    ],
                    sent: #"{"method": "code", "code": "{code}"}"#,
                    "303 See Other",
                    [
                        #"Location: {public}/self-service/recovery/flows?id={id}"#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ]
                ),
            ]
        ),
        RecordedStory(
            "a browser code with transitions",
            usesTransitions: true,
            email: "batch00561@example.test",
            .code(.browser),
            values: [
                "age": #"86399"#,
                "code": #"955857"#,
                "csrf_cookie": #"AZIVRoEKW5ZUVkkBhpaudFwmTYCJlAMhlTJPyO5Spsw="#,
                "date": #"Sat, 21 Nov 2026 23:48:44 GMT"#,
                "flow": #"a4fde974-7206-4965-b786-ed05c4be18ed"#,
                "id": #"07f36458-0493-4f7d-bd91-3ad2e287f7b6"#,
                "identity": #"1be2da8c-5246-41de-81ef-bf00ef840420"#,
                "masked":
                    #"/On4Ywpl20MueqAw6X2ztyo/RKKUA8dAoRl7p4FvP2H9e+0li2+A1Xos6TFv6x3DdhkJIh2XxGE0KzRvbz2Z"#
                    + #"rQ=="#,
                "new_cookie": #"B8kDrzCKNxdWSDTcJzYdAaCKOqCZJePpUncSdXziYQ4="#,
                "other": #"f8bc4b91-6286-46ad-bd47-f8fd9f2f3077"#,
                "peer": #"51714"#,
                "session_cookie":
                    #"MTc5NTIxODUyNXxLQ0lGdUZRRTQ2RHQtTkIxck14c3FZUHQ5VmZNNlU4d3EyelpFV25zbDdmSVJuVHNseTd0"#
                    + #"QTRCbW5ha3RtZjhlNGVsWDN5UW5lUHcxMndMZHYtQS1jblZEX0JuSGFDSFBxZWxmVzZET29ZNXI0WlZKM2ph"#
                    + #"cEJtMmIyYy1PbmY0M09Bc3FuX1JxRllrNldhNEZFZTVVZVE0TmdZQ19PZm9MTUJiVG0xTm05NDI4UWRyWURl"#
                    + #"ZTdxMmZNOXh2dlNwVkRBOThLSVB4MkhfRnJnWU1lU2t2NXU2UE9wLVZiR1VaWmlXSlMxbU5nS05lRW0wNnd2"#
                    + #"ZTNIRDcxMHNaWldmN1ZQZmtiWmF4R1ZsUHcwMExTUXFwVHV8C7Qss6LG-ewQ4-vk0UCuLaU756QcGJmfqBXp"#
                    + #"tEftkw8="#,
                "time": #"2026-11-21T00:48:45.585506702Z"#,
            ],
            [
                RecordedStep(
                    "cw_04a0_get_flow",
                    .public,
                    #"GET /self-service/recovery/flows?id={flow}"#,
                    "200 OK",
                    [
                        #"Content-Type: application/json; charset=utf-8"#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"{"id":"{flow}","type":"browser","expires_at":"{time}","issued_at":"{time}","request_ur"#,
                    #"l":"{admin}/admin/recovery/code","active":"code","ui":{"action":"{public}/self-service"#,
                    #"/recovery?flow={flow}","method":"POST","nodes":[{"type":"input","group":"code","attrib"#,
                    #"utes":{"name":"code","type":"text","required":true,"pattern":"[0-9]+","disabled":false"#,
                    #","maxlength":6,"node_type":"input"},"messages":[],"meta":{"label":{"id":1070010,"text""#,
                    #":"Recovery code","type":"info"}}},{"type":"input","group":"code","attributes":{"name":"#,
                    #""method","type":"submit","value":"code","disabled":false,"node_type":"input"},"message"#,
                    #"s":[],"meta":{"label":{"id":1070009,"text":"Continue","type":"info"}}}]},"state":"sent"#,
                    #"_email"}\#n"#
                ),
                RecordedStep(
                    "cw_04a_browser_wrong",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "code", "code": "955858"}"#,
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
                    "cw_04b_browser_ok_json",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    sent: #"{"method": "code", "code": "{code}"}"#,
                    "200 OK",
                    [
                        #"Content-Type: application/json; charset=utf-8"#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={csrf_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Set-Cookie: ory_kratos_session={session_cookie}; Path=/; Expires={date}; Max-Age"#
                            + #"={age}; HttpOnly; Secure; SameSite=Lax"#,
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
                ),
                RecordedStep(
                    "cw_04b2_whoami_cookie",
                    .public,
                    #"GET /sessions/whoami"#,
                    headers: [
                        #"Accept: application/json"#,
                        #"Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10778f"#
                            + #"481={csrf_cookie}; ory_kratos_session={session_cookie}"#,
                    ],
                    "200 OK",
                    [
                        #"Content-Type: application/json; charset=utf-8"#,
                        #"Vary: Cookie"#,
                        #"X-Kratos-Authenticated-Identity-Id: {identity}"#,
                    ],
                    #"{"id":"{id}","active":true,"expires_at":"{time}","authenticated_at":"{time}","authenti"#,
                    #"cator_assurance_level":"aal1","authentication_methods":[{"method":"code_recovery","aal"#,
                    #"":"aal1","completed_at":"{time}"}],"issued_at":"{time}","identity":{"id":"{identity}","#,
                    #""schema_id":"default","schema_url":"{public}/schemas/ZGVmYXVsdA","state":"active","sta"#,
                    #"te_changed_at":"{time}","traits":{"email":"batch00561@example.test"},"verifiable_addre"#,
                    #"sses":[{"id":"{id}","value":"batch00561@example.test","verified":false,"via":"email",""#,
                    #"status":"pending","created_at":"{time}","updated_at":"{time}"}],"recovery_addresses":["#,
                    #"{"id":"{id}","value":"batch00561@example.test","via":"email","created_at":"{time}","up"#,
                    #"dated_at":"{time}"}],"metadata_public":null,"created_at":"{time}","updated_at":"{time}"#,
                    #"","organization_id":null},"devices":[{"id":"{id}","ip_address":"127.0.0.1:{peer}","use"#,
                    #"r_agent":null,"location":""}]}\#n"#
                ),
                RecordedStep(
                    "cw_04c_browser_reuse_nocookie",
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
                    #"{"error":{"code":400,"status":"Bad Request","reason":"The code was already used. Pleas"#,
                    #"e request another code.","details":{"continue_with":[{"action":"show_recovery_ui","flo"#,
                    #"w":{"id":"{id}"}}]},"message":"The request was malformed or contained invalid paramete"#,
                    #"rs"}}\#n"#
                ),
                RecordedStep(
                    "cw_04c2_browser_reuse_cookie",
                    .public,
                    #"POST /self-service/recovery?flow={flow}"#,
                    headers: [
                        #"Content-Type: application/json"#,
                        #"Accept: application/json"#,
                        #"Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10778f"#
                            + #"481={csrf_cookie}; ory_kratos_session={session_cookie}"#,
                    ],
                    sent: #"{"method": "code", "code": "{code}"}"#,
                    "400 Bad Request",
                    [
                        #"Content-Type: application/json"#,
                        #"Ory-Error-Id: "#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"{"error":{"code":400,"status":"Bad Request","reason":"The code was already used. Pleas"#,
                    #"e request another code.","details":{"continue_with":[{"action":"show_recovery_ui","flo"#,
                    #"w":{"id":"{id}"}}]},"message":"The request was malformed or contained invalid paramete"#,
                    #"rs"}}\#n"#
                ),
            ]
        ),
    ]
}
