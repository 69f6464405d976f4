// Links, which work once.

extension RecordedStory {
    static let links: [RecordedStory] = [
        RecordedStory(
            "a link in a browser",
            email: "batch00780@example.test",
            .link,
            values: [
                "age": #"86399"#,
                "date": #"Sat, 21 Nov 2026 23:48:05 GMT"#,
                "flow": #"e095684b-5347-4e60-bd88-3717ec157636"#,
                "link_token": #"YzaMqMDwA9OLjcykXwmbXUwzfkaCdNRl"#,
                "new_cookie": #"dsC5rLXJPrKPLP0l3UmuGQvDtiJsZcgjhhFS1CDk5Lo="#,
                "new_session":
                    #"MTc5NTIxODQ4NnwtT2VaaDJjTzlNU0J2ejZkYUM5dzBYNGliajlBSml6NzYyTFI4bUVGdXBQVENDay1lcm9N"#
                    + #"bEhnRkxDdFpBZk1KamVBUWtMVUE1dkU0U0ZrZmFvMFRmZHNOamtkRlBEU1FmSHFDbER4SDNIQzlGOFM1T2g3"#
                    + #"SDdfT2E1TWRwY1Q4WklrcDYteGV4Y1NLb2Q5a2RHQkFJWl9kdGplLTRGRUllOUgyRXB4YThXN3VURlBXZ1dE"#
                    + #"b05HMDhjc0RGSllXZFZfX1lULUNTeXNXS1JtNVJNcDdOMFhlLWN4TVRZUFpLWGh2ekE0TmJQUU84eHFfb3Ra"#
                    + #"Ulo2ZlVfRFh1YjR6TG9XcFFlMHJPWFRoV0VwRkJDNFdpQXd8scIQ3PFyQzFbExEKBVOYlCm14zgsK4iT3l9V"#
                    + #"i37GxBA="#,
                "other": #"874fa41b-18cd-4a87-8edb-49a15870da55"#,
                "other2": #"d84c5681-849a-414f-93cf-f9148993315b"#,
            ],
            [
                RecordedStep(
                    "03l_link_redeem_html",
                    .public,
                    #"GET /self-service/recovery?flow={flow}&token={link_token}"#,
                    headers: [
                        #"Accept: text/html"#
                    ],
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
                ),
                RecordedStep(
                    "03l2_link_reuse_html",
                    .public,
                    #"GET /self-service/recovery?flow={flow}&token={link_token}"#,
                    headers: [
                        #"Accept: text/html"#
                    ],
                    "303 See Other",
                    [
                        #"Content-Type: text/html; charset=utf-8"#,
                        #"Location: http://127.0.0.1:4455/recovery?flow={other2}"#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"<a href="http://127.0.0.1:4455/recovery?flow={other2}">See Other</a>.\#n\#n"#
                ),
            ]
        ),
        RecordedStory(
            "a link for JSON",
            email: "batch00780@example.test",
            .link,
            values: [
                "age": #"86399"#,
                "date": #"Sat, 21 Nov 2026 23:48:05 GMT"#,
                "flow": #"afe3ac54-d252-4a54-8001-044497b9be42"#,
                "link_token": #"Q4wI2HloM4q5Skqv99Z1l04kULHS6XSU"#,
                "new_cookie": #"8F8oMYZAA7uzlmYKnoAoHhXqFaeI48neUAHz1vAZ+s4="#,
                "new_session":
                    #"MTc5NTIxODQ4NnxZYk5oOEJyWU53RFREclIyM1N4VzUySy1NSDVKMlVtaWFqRFA5TGxDNkV5dm1VSGhTUUNQ"#
                    + #"RXBRaEFVTUdhd3poUGdkTERBTDRqMlAxcjN1WnNCS0JON2ptYWdVdGpQVlJBOHZsS1JwU1gwQUVYYjZsQmZm"#
                    + #"elhkbjM2RHh5WWhicnBwWHR1M2pSQlNWUHctOExXT3lEUC1QZXBlUXN5OWFLdnVMU0JLdlNGbkZRWW1tTy1u"#
                    + #"MGh1bnJ1SEQ3bVNsM2dKSnZFbWZXV2o0N0djb2hiSWNGRzZ4SkVKdFhMek5ZNXFfVEh3Z3AwRWxkYzhYbVV3"#
                    + #"NGZwcDRTQmlPdzFlYTM3VHhXb1k0aFpEMGgtdkFmWDZlaHh8bDFxEc815uV4E6EeeyFQWLxi6pUGN1q43XvL"#
                    + #"hsvC8b0="#,
                "other": #"63f7dbde-c496-4ac3-99df-b91e16b21494"#,
                "other2": #"e56cc462-15d4-43c1-afc7-2661e8bc7649"#,
            ],
            [
                RecordedStep(
                    "03l3_link_redeem_json",
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
                ),
                RecordedStep(
                    "03l4_link_reuse_json",
                    .public,
                    #"GET /self-service/recovery?flow={flow}&token={link_token}"#,
                    "303 See Other",
                    [
                        #"Content-Type: text/html; charset=utf-8"#,
                        #"Location: http://127.0.0.1:4455/recovery?flow={other2}"#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"<a href="http://127.0.0.1:4455/recovery?flow={other2}">See Other</a>.\#n\#n"#
                ),
            ]
        ),
        RecordedStory(
            "an expired link",
            email: "batch00780@example.test",
            .expiredLink,
            values: [
                "flow": #"8daa7846-6f17-4418-b303-165cf8fbc458"#,
                "link_token": #"nSAh3gC8teQz2IuxRUcShmRKNfvheve9"#,
                "other": #"64acad83-8b73-4558-937f-492632ed51a3"#,
                "other2": #"87df01f3-138c-4a74-aabd-f592c40614da"#,
            ],
            [
                RecordedStep(
                    "03l5_link_expired_json",
                    .public,
                    #"GET /self-service/recovery?flow={flow}&token={link_token}"#,
                    "303 See Other",
                    [
                        #"Content-Type: text/html; charset=utf-8"#,
                        #"Location: {public}/self-service/recovery/flows?id={other}"#,
                        #"Vary: Cookie"#,
                    ],
                    #"<a href="{public}/self-service/recovery/flows?id={other}">See Other</a>.\#n\#n"#
                ),
                RecordedStep(
                    "03l6_link_expired_html",
                    .public,
                    #"GET /self-service/recovery?flow={flow}&token={link_token}"#,
                    headers: [
                        #"Accept: text/html"#
                    ],
                    "303 See Other",
                    [
                        #"Content-Type: text/html; charset=utf-8"#,
                        #"Location: http://127.0.0.1:4455/recovery?flow={other2}"#,
                        #"Vary: Cookie"#,
                    ],
                    #"<a href="http://127.0.0.1:4455/recovery?flow={other2}">See Other</a>.\#n\#n"#
                ),
            ]
        ),
        RecordedStory(
            "a link with return_to",
            email: "batch00780@example.test",
            .link,
            values: [
                "age": #"86399"#,
                "date": #"Sat, 21 Nov 2026 23:48:07 GMT"#,
                "flow": #"ba4833c0-ec98-49ef-abac-a67354628b2c"#,
                "link_token": #"7hVI1OSx3okqT4uyBNx699u0heABbO70"#,
                "new_cookie": #"yFspKV0v3ORw4XAyQQ3OABKhL2kE1TZClL9+3i+EAaQ="#,
                "new_session":
                    #"MTc5NTIxODQ4OHxJdF9jOTZMZGhnRTVKS3prOVpQVzV5akRPdXJiUnFGRWxXa3Jud1A5bkE5dHRHeW9JeTc2"#
                    + #"RlR2SGRKOXJXMTlNZDR5Mm9OWWVlWFJqb1FQblZTZGhYenl5bklYbTZKRGYwUDhuaHJKZF8tRW9ydl9NM3B5"#
                    + #"WDA3TWxlbUh0VzFBUFl6alBXX0hiYjFOTENOM2tlX0MxR29pUWpvejItN1lGcGF1VFktRWs3cFFmc1lRRzZ6"#
                    + #"bDQ5UlFkX0tPeGpLQVpRNThmb1lmY2Z2NjFlM25pcUdpT3d5Njh3M3FpMkE0QnZnRlBPRjcycVJZamp3UFlB"#
                    + #"Um5NYjNCal80aVhJZ0kyOWVUUG8yVjBRX2NDRmxoTTBPakl8V1Z9WcAQ8xlBD5xjmeNd2tBg8YZ_rOj80vds"#
                    + #"o0XqsR8="#,
                "other": #"a796eab1-b34c-4813-a4a9-728dfd6b6cd9"#,
            ],
            [
                RecordedStep(
                    "03l7_link_return_to_redeem",
                    .public,
                    #"GET /self-service/recovery?flow={flow}&token={link_token}"#,
                    headers: [
                        #"Accept: text/html"#
                    ],
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
            "a link in a browser with transitions",
            usesTransitions: true,
            email: "batch00780@example.test",
            .link,
            values: [
                "age": #"86399"#,
                "date": #"Sat, 21 Nov 2026 23:48:50 GMT"#,
                "flow": #"b8186fba-3cb5-4cb7-b7cc-c052cfe82902"#,
                "link_token": #"KAS26May0D0ymhvBkQV0Wv6FtUhj8XOA"#,
                "new_cookie": #"TLWFhiKjnsbRLJAN8Eb7JwQOPPBnXGqFN1MaybsmsVk="#,
                "new_session":
                    #"MTc5NTIxODUzMXw1Wm9KVlFZM2RlYlFDSFhqcG5BY0JnRE1faWZXU243a0hGaWIxVkJHYUwyS25lemxwM2t1"#
                    + #"a1lyLWUxYmk0QVd4TFloXzkyUWh1YkpWdXFLNU1HVU9Vb1BfbWhHaVVZVUxRYlJMUWtiVS15V0FiMUtwUXJv"#
                    + #"MlZFZEdENndyUWpfM2xHT0gyVmRiYjB3MWFhMDlKdjkycXlUdjBKQmFMY2RBbElhR3owNDd3ZXI5MVlrWmE5"#
                    + #"MmVGZ3ZpR1kwNm0zUkVHcVVtdURETFp2emVFWl9WZlpOVnREMklEYWRBdndyMUhrbkdSY2J2dHdUNFVoem9W"#
                    + #"N2Q5NzFnU08wRUczX3lfS1RjaGdKdkd1NWVoU2tSdWE1dFd8UZ6Osve9DbuWo3MTNMFS-8sFOERUgTl2DQPV"#
                    + #"cLjy7VE="#,
                "other": #"09a02a06-d200-42df-b5ae-a0e60c80907a"#,
                "other2": #"6f3e5610-d9c8-4a23-b348-081d469c94cf"#,
            ],
            [
                RecordedStep(
                    "cw_03l_link_redeem_html",
                    .public,
                    #"GET /self-service/recovery?flow={flow}&token={link_token}"#,
                    headers: [
                        #"Accept: text/html"#
                    ],
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
                ),
                RecordedStep(
                    "cw_03l2_link_reuse_html",
                    .public,
                    #"GET /self-service/recovery?flow={flow}&token={link_token}"#,
                    headers: [
                        #"Accept: text/html"#
                    ],
                    "303 See Other",
                    [
                        #"Content-Type: text/html; charset=utf-8"#,
                        #"Location: http://127.0.0.1:4455/recovery?flow={other2}"#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"<a href="http://127.0.0.1:4455/recovery?flow={other2}">See Other</a>.\#n\#n"#
                ),
            ]
        ),
        RecordedStory(
            "a link for JSON with transitions",
            usesTransitions: true,
            email: "batch00780@example.test",
            .link,
            values: [
                "age": #"86399"#,
                "date": #"Sat, 21 Nov 2026 23:48:50 GMT"#,
                "flow": #"c2956a14-d0d7-4905-a578-d20665ae5c07"#,
                "link_token": #"SIawhPSdiQlEsDzQURmK3aCFBu2f7ddq"#,
                "new_cookie": #"WbdtJJajfdHK8/XNZkJGqq7yMwWeqSKbULYHUYu0LIk="#,
                "new_session":
                    #"MTc5NTIxODUzMXx5aGtGX1FMWUlwdUY1T0R2VDZsbUR4ZmZtMnpiMXVnVklDa01LYkd2MGdWUGhzZ01SNml5"#
                    + #"WXZTRmV2UXpGcE11eElkOHVsTW5MMmRBTi1BRFRyWmJ0TWRBMlJoSHpTQ05iZk5OeG9pUUZtWXhVY1FzS2R0"#
                    + #"VFZhRlh0d05TdzJRZnhBdFJaTURQa3lFR1BzSFhHeUdoaDVJWDUxMm53dHVvMHlLMU9TSXZTeXhWYVBiYkJw"#
                    + #"NVZmVzh1dU50T2RMdTlGcjlPYS12VVNZWW1FRXRZOVV1cVlFcVFtZ0N5ZzRxcFRpY0hXQzQ2SUtCX1FUVmkz"#
                    + #"ZWU4Qm04TFJwTEo0WXExR3lqbjBfdlRzcmZhVnVRaldDNzZ8Ttpn7igN_M8d5he3L9FIVq4Kx__rWSKi__0a"#
                    + #"rXwB-d0="#,
                "other": #"a4b44c2a-5a6b-43ee-bda8-bca818b2d872"#,
                "other2": #"a0e7edcf-3bfe-492c-a863-cd6a28a41e4f"#,
            ],
            [
                RecordedStep(
                    "cw_03l3_link_redeem_json",
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
                ),
                RecordedStep(
                    "cw_03l4_link_reuse_json",
                    .public,
                    #"GET /self-service/recovery?flow={flow}&token={link_token}"#,
                    "303 See Other",
                    [
                        #"Content-Type: text/html; charset=utf-8"#,
                        #"Location: http://127.0.0.1:4455/recovery?flow={other2}"#,
                        #"Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10"#
                            + #"778f481={new_cookie}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"#,
                        #"Vary: Cookie"#,
                    ],
                    #"<a href="http://127.0.0.1:4455/recovery?flow={other2}">See Other</a>.\#n\#n"#
                ),
            ]
        ),
        RecordedStory(
            "an expired link with transitions",
            usesTransitions: true,
            email: "batch00780@example.test",
            .expiredLink,
            values: [
                "flow": #"3de00c4b-3e35-48a6-820c-825451f45e52"#,
                "link_token": #"2U2htkVr4a4MMNMDfImK2Lrs56fUMKd4"#,
                "other": #"118feae5-e5a8-40a3-93bf-7b7d3fea3643"#,
                "other2": #"85879391-3e8b-427a-ad2e-d049fa5ad23c"#,
            ],
            [
                RecordedStep(
                    "cw_03l5_link_expired_json",
                    .public,
                    #"GET /self-service/recovery?flow={flow}&token={link_token}"#,
                    "303 See Other",
                    [
                        #"Content-Type: text/html; charset=utf-8"#,
                        #"Location: {public}/self-service/recovery/flows?id={other}"#,
                        #"Vary: Cookie"#,
                    ],
                    #"<a href="{public}/self-service/recovery/flows?id={other}">See Other</a>.\#n\#n"#
                ),
                RecordedStep(
                    "cw_03l6_link_expired_html",
                    .public,
                    #"GET /self-service/recovery?flow={flow}&token={link_token}"#,
                    headers: [
                        #"Accept: text/html"#
                    ],
                    "303 See Other",
                    [
                        #"Content-Type: text/html; charset=utf-8"#,
                        #"Location: http://127.0.0.1:4455/recovery?flow={other2}"#,
                        #"Vary: Cookie"#,
                    ],
                    #"<a href="http://127.0.0.1:4455/recovery?flow={other2}">See Other</a>.\#n\#n"#
                ),
            ]
        ),
        RecordedStory(
            "a link with return_to with transitions",
            usesTransitions: true,
            email: "batch00780@example.test",
            .link,
            values: [
                "age": #"86399"#,
                "date": #"Sat, 21 Nov 2026 23:48:51 GMT"#,
                "flow": #"c6fb2b7c-398c-493a-a778-835d10ec1ea6"#,
                "link_token": #"sqcqP5bTTXVxAXyS0bEtLhTh2gj91Adu"#,
                "new_cookie": #"DF9ONqDKXW70ncsoC9Cl905Z7Vr9YRlM/oiq0xNu654="#,
                "new_session":
                    #"MTc5NTIxODUzMnxsWlAzdXlQa045U3BHbENvZGM1R2VuNnhZYU12Q3pTTm1BVjZPc25ienJaQThuTy00MXpk"#
                    + #"eFBWT1BlOW5BdVpmanpfTW5WMXJ1dkdpaVFIUW4tMGt6QjBydjRwNlprRjhPWkl2N0VZRnV3eS1oblZHaGpD"#
                    + #"SU5ETnM0QmxDVzhPenNUT0VFS0NLNHJPbWpFRXZnaU9RLW9VVHA4UlhuVEFSaC1LMVBNWXJaUzB4Qm4wUXRh"#
                    + #"TmtPRkt6SHQwbUthekNKRzZlc0g0VlROQ0JDYy1MVzF6ZGI1M2RXQm1SMDdCTVE1WVdqOGs1cXhsTEdNZzJL"#
                    + #"OW00N3EydjBIajIzZkdXVktfWVlHMXpBQkFNUHl6VWRnZmh8-BvVFALZCilnVQR2Zakn2GM_A5oeBXkeAPm9"#
                    + #"f305xJE="#,
                "other": #"8f77b5b1-36a5-4858-a7c4-2f7cf00af573"#,
            ],
            [
                RecordedStep(
                    "cw_03l7_link_return_to_redeem",
                    .public,
                    #"GET /self-service/recovery?flow={flow}&token={link_token}"#,
                    headers: [
                        #"Accept: text/html"#
                    ],
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
    ]
}
