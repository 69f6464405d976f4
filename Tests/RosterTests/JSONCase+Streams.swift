// Streams of JSON documents, pages of any name, and answers that are no identities.

import Roster

extension JSONCase {
    static let streams = [
        JSONCase(
            name: "arrays, one a line",
            text: "[{\"id\":\"#1\"},{\"id\":\"#2\"}]\n[{\"id\":\"#3\"}]\n[]\n[{\"id\":\"#4\"}]\n",
            items: ["1 #1 []", "2 #2 []", "3 #3 []", "4 #4 []"]
        ),
        JSONCase(
            name: "arrays without line breaks between them",
            text: ##"[{"id":"#1"}][{"id":"#2"}]["#3"]"##,
            items: ["1 #1 []", "2 #2 []", "3 #3 []"]
        ),
        JSONCase(
            name: "pages of a listing, pretty-printed",
            text: """
                {
                  "identities": [
                    { "id": "#1", "traits": { "email": "a@x" } }
                  ],
                  "next_page_token": "a]}"
                }
                {
                  "identities": [
                    { "id": "#2", "traits": { "email": "b@x" } }
                  ],
                  "next_page_token": ""
                }
                {
                  "identities": []
                }
                """,
            columns: ["traits.email"],
            items: ["1 #1 [a@x]", "2 #2 [b@x]"]
        ),
        JSONCase(
            name: "answers of batch imports",
            text: """
                {"identities":[{"action":"create","identity":"#1","patch_id":"#8"}]}
                {"identities":[{"action":"error","patch_id":"#9","error":{"message":"exists"}},\
                {"action":"create","identity":"#2","patch_id":"#7"}]}{"identities":[{"action":"create",\
                "identity":"#3"}]}
                """,
            idColumn: "identity",
            columns: ["patch_id"],
            items: ["1 #1 [\(uuid(8))]", "2 error import_error <exists>", "3 #2 [\(uuid(7))]", "4 #3 []"]
        ),
        JSONCase(
            name: "identities, an array and a page after one another",
            text: ##"{"id":"#1"}[{"id":"#2"}]{"identities":[{"id":"#3"}],"total":1}{"id":"#4"}"##,
            items: ["1 #1 []", "2 #2 []", "3 #3 []", "4 #4 []"]
        ),
        JSONCase(
            name: "pages in one array, as jq -s makes it",
            text: ##"[{"identities":[{"id":"#1"},{"id":"#2"}]},{"identities":[{"id":"#3"}]}]"##,
            items: ["1 #1 []", "2 #2 []", "3 #3 []"]
        ),
        JSONCase(
            name: "arrays in one array",
            text: ##"[[{"id":"#1"},{"id":"#2"}], [ {"id":"#3"}]]"##,
            items: ["1 #1 []", "2 #2 []", "3 #3 []"]
        ),
        JSONCase(
            name: "files with byte order marks and record separators, joined",
            text: "[{\"id\":\"#1\"}]\n\u{feff}[{\"id\":\"#2\"}]\u{1e}{\"id\":\"#3\"}\n\u{feff}",
            items: ["1 #1 []", "2 #2 []", "3 #3 []"]
        ),
        JSONCase(
            name: "documents that are no objects",
            text: "{\"id\":\"#1\"}\nnull\n\"#2\"\n7 \"x\"\ntrue",
            items: [
                "1 #1 []", "2 id missing_id <>", "3 #2 []", "4 id missing_id <>", "5 - not_a_uuid <x>",
                "6 id missing_id <>",
            ]
        ),
        JSONCase(
            name: "documents whose IDs stand elsewhere",
            text: """
                [{"id":"#1","schema_id":"d"},{"id":"#2","schema_id":"d"}]
                [{"identity":{"id":"#3","schema_id":"e"}}]
                [{"identity_id":"#4"}]
                [{"action":"create","identity":"#5"}]
                """,
            columns: ["schema_id", "identity.schema_id"],
            items: ["1 #1 [d]", "2 #2 [d]", "3 #3 [|e]", "4 #4 []", "5 #5 []"]
        ),
        JSONCase(
            name: "an id counts in place of another column in identities only",
            text: ##"[{"identity_id":"#1"},{"identity_id":"#2"},{"id":"#3","traits":{}},{"id":"#4"}]"##,
            idColumn: "identity_id",
            items: ["1 #1 []", "2 #2 []", "3 #3 []", "4 identity_id missing_id <>"]
        ),
    ]

    static let pages =
        ["data", "users", "items", "Resources", "resources", "Data", "identities"].map { name in
            JSONCase(
                name: "a page named \(name)",
                text: """
                    {"schemas":["urn:x"],"total":3,"\(name)":[{"id":"#1","n":"1"},{"id":"x"},\
                    {"id":"#2"}],"next_page_token":"#9","links":{"items":[{"id":"#8"}]}}
                    """,
                columns: ["n"],
                items: ["1 #1 [1]", "2 id not_a_uuid <x>", "3 #2 []"]
            )
        } + [
            JSONCase(
                name: "pages named data, the last one empty",
                text: ##"{"data":[{"identity_id":"#1"}],"has_more":true}{"has_more":false,"data":[]}"##,
                idColumn: "identity_id",
                items: ["1 #1 []"]
            ),
            JSONCase(
                name: "identities within objects",
                text: """
                    [{"identity":{"id":"#1","traits":{"email":"a@x"},"credentials":{"password":{"id":"#9"}}}},
                    {"identity":{"id":"#2","credentials":"secret","traits":{"email":"b@x"}}},\
                    {"identity":null},
                    {"identity":{"id":"?"}}]
                    """,
                idColumn: "identity.id",
                columns: ["identity.traits.email", "identity"],
                items: [
                    "1 #1 [a@x]", "2 #2 [b@x]", "3 identity.id missing_id <>", "4 identity.id not_a_uuid <?>",
                ]
            ),
            JSONCase(
                name: "a page of identities within objects",
                text: ##"{"items":[{"identity":{"id":"#1"},"role":"a"}],"next":null}"##,
                idColumn: "identity.id",
                columns: ["role"],
                items: ["1 #1 [a]"]
            ),
            JSONCase(
                name: "the first of a page is none",
                text: ##"{"users":[{"name":"n"},7,{"id":"#1"}]}"##,
                columns: ["name"],
                items: ["1 id missing_id <>", "2 id missing_id <>", "3 #1 []"]
            ),
            JSONCase(
                name: "two lists in a page",
                text: ##"{"users":[{"id":"#1"}],"data":[{"id":"#2"}],"n":[{"id":"#3"}]}"##,
                items: ["1 #1 []", "2 #2 []"]
            ),
            JSONCase(
                name: "items that have lists are items",
                text: """
                    {"id":"#1","items":[{"id":"#7"}]}
                    {"items":[{"id":"#8"}],"id":"#2"}
                    {"data":["a","b"],"id":"#3","users":[]}
                    {"name":"n","items":[{"sku":"1"}]}
                    {"name":"m","items":[]}
                    """,
                columns: ["name"],
                items: [
                    "1 #1 []", "2 #2 []", "3 #3 []", "4 id missing_id <>", "5 id missing_id <>",
                ]
            ),
            JSONCase(
                name: "an item with a list, and its ID in a column that is chosen",
                text: ##"{"items":[{"id":"#7"}],"Ref":"#1"}{"ref":"#2","data":[{"id":"#8"}]}"##,
                idColumn: "Ref",
                columns: ["ref"],
                options: RosterOptions(idColumn: "Ref"),
                items: ["1 #1 []", "2 #2 []"]
            ),
            JSONCase(
                name: "a page of IDs",
                text: ##"{"data":["#1","#2","x"]}"##,
                items: ["1 #1 []", "2 #2 []", "3 - not_a_uuid <x>"]
            ),
        ]

    static let answers = [
        JSONCase(
            name: "an error answer between pages",
            text: """
                {"identities":[{"id":"#1"}]}
                {"error":{"code":429,"status":"Too Many Requests","message":"slow\\u001b[2J down"}}
                {"identities":[{"id":"#2"}]}
                """,
            items: ["1 #1 []", "2 error error_answer <slow [2J down>", "3 #2 []"]
        ),
        JSONCase(
            name: "error answers of gateways",
            text: """
                [{"id":"#1"}]
                {"errors":[{"message":"upstream is down"}],"data":null}
                {"errors":["first","second"]}
                {"error":"invalid_token","error_description":"The token has expired"}
                {"message":"Unauthorized"}
                {"type":"about:blank","title":"Forbidden","status":403,"detail":"no key"}
                {"fault":{"faultstring":"quota"}}
                {"error":{}}
                {"errors":[{"message":"x"}],"data":[]}
                {"id":"#9","error":{"reason":"r"}}
                """,
            items: [
                "1 #1 []", "2 error error_answer <upstream is down>", "3 error error_answer <first>",
                "4 error error_answer <The token has expired>", "5 error error_answer <Unauthorized>",
                "6 error error_answer <Forbidden>", "7 error error_answer <quota>",
                "8 error error_answer <it does not say which>", "9 error error_answer <x>",
                "10 error error_answer <r>",
            ]
        ),
        JSONCase(
            name: "an error beside a page's list, before it and after it",
            text: """
                {"data":[{"id":"#1"}],"errors":[{"message":"partial"}]}
                {"error":{"message":"half"},"data":[{"id":"#2"}]}
                {"errors":[],"error":null,"data":[{"id":"#3"}]}
                """,
            items: [
                "1 #1 []", "2 error error_answer <partial>", "3 #2 []", "4 error error_answer <half>",
                "5 #3 []",
            ]
        ),
        JSONCase(
            name: "rows with an error of their own",
            text: ##"[{"id":"#1","error":"bounced"},{"id":"#2","error":{"message":"m"},"email":"a@x"}]"##,
            columns: ["error", "email"],
            items: ["1 #1 [bounced]", "2 #2 [|a@x]"]
        ),
        JSONCase(
            name: "sessions among identities",
            text: """
                [{"id":"#1"}]
                [{"id":"#2","active":true,"authenticated_at":"t","identity":{"id":"#3"}},
                {"id":"#4","authentication_methods":[]},{"id":"#5","authenticator_assurance_level":"aal1"}]
                """,
            items: ["1 #1 []", "2 id session <#2>", "3 id session <#4>", "4 id session <#5>"]
        ),
        JSONCase(
            name: "sessions whose identity is chosen",
            text: ##"[{"id":"#2","authenticated_at":"t","identity":{"id":"#3"}}]"##,
            idColumn: "identity.id",
            columns: ["id", "authenticated_at"],
            options: RosterOptions(idColumn: "identity.id"),
            items: ["1 #3 [\(uuid(2))|t]"]
        ),
        JSONCase(
            name: "rows of a table of sessions, with the identity's ID",
            text: ##"[{"identity_id":"#1","authenticated_at":"t"}]"##,
            idColumn: "identity_id",
            columns: ["authenticated_at"],
            items: ["1 #1 [t]"]
        ),
    ]
}
