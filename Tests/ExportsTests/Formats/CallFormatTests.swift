// The bodies of vendors' calls: shapes as their pages and another program (django-anymail) have them.

import Exports
import Foundation
import TestSupport
import Testing
import Model

@Suite struct CallFormatTests {
    private let fixture: FormatFixture
    private let link = "https://app.example/r?flow=1&x=2"
    private let expiry = "2027-01-15T09:00:00Z"

    init() throws {
        fixture = try FormatFixture()
        try fixture.issue(
            ["email", "name"],
            [["ann@example.org", "Ann \"A\""], ["bob@example.org", "Bob"]]
        )
    }

    private func data(_ number: Int) -> NSDictionary {
        [
            "name": number == 1 ? "Ann \"A\"" : "Bob", "code": "00000\(number)", "link": link,
            "expires_at": expiry, "identity_id": id(number).text,
        ]
    }

    private func only(_ format: String) throws -> NSDictionary {
        let all = try fixture.documents(format)
        try #require(all.count == 1)
        return all[0]
    }

    @Test func ses() throws {
        let call = try only("ses")
        #expect(call["FromEmailAddress"] as? String == "\"Team\" <it@example.com>")
        #expect(
            call["DefaultContent"] as? NSDictionary
                == ["Template": ["TemplateName": "7", "TemplateData": "{}"]]
        )
        let entries = try #require(call["BulkEmailEntries"] as? [NSDictionary])
        #expect(entries.count == 2)
        #expect(entries[0]["Destination"] as? NSDictionary == ["ToAddresses": ["ann@example.org"]])
        #expect(
            entries[1]["ReplacementTags"] as? [NSDictionary]
                == [["Name": "identity_id", "Value": id(2).text]]
        )
        let content = try #require(entries[0]["ReplacementEmailContent"] as? [String: [String: String]])
        let text = try #require(content["ReplacementTemplate"]?["ReplacementTemplateData"])
        let inner = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary
        #expect(inner == data(1), "a text with JSON in it")
    }

    @Test func sendgrid() throws {
        #expect(
            try only("sendgrid") == [
                "from": ["email": "it@example.com", "name": "Team"], "template_id": "7",
                "personalizations": (1...2).map { number in
                    [
                        "to": [recipient(number, "email", "name")],
                        "dynamic_template_data": data(number),
                        "custom_args": ["identity_id": id(number).text],
                    ] as NSDictionary
                },
            ]
        )
    }

    private func recipient(_ number: Int, _ email: String, _ name: String) -> NSDictionary {
        number == 1
            ? [email: "ann@example.org", name: "Ann \"A\""] : [email: "bob@example.org", name: "Bob"]
    }

    @Test func postmark() throws {
        let messages = try #require(try only("postmark")["Messages"] as? [NSDictionary])
        #expect(
            messages[1] == [
                "From": "\"Team\" <it@example.com>", "To": "bob@example.org", "TemplateId": 7,
                "TemplateModel": data(2), "MessageStream": "outbound",
                "Metadata": ["identity_id": id(2).text],
            ]
        )
        let named = try fixture.documents("postmark") { $0.template = "invite" }
        let first = (named[0]["Messages"] as? [NSDictionary])?.first
        #expect(first?["TemplateAlias"] as? String == "invite")
    }

    @Test func mailgun() throws {
        let form = try only("mailgun")
        #expect(form["to"] as? [String] == ["ann@example.org", "bob@example.org"])
        #expect(form["template"] as? String == "7")
        #expect(form["v:code"] as? String == "%recipient.code%")
        #expect(form["v:identity_id"] as? String == "%recipient.identity_id%")
        let text = try #require(form["recipient-variables"] as? String)
        let variables = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary
        #expect(variables == ["ann@example.org": data(1), "bob@example.org": data(2)])
    }

    @Test func brevo() throws {
        #expect(
            try only("brevo") == [
                "templateId": 7, "sender": ["email": "it@example.com", "name": "Team"],
                "messageVersions": (1...2).map { number in
                    ["to": [recipient(number, "email", "name")], "params": data(number)] as NSDictionary
                },
            ]
        )
    }

    @Test func mailjet() throws {
        #expect(
            try only("mailjet") == [
                "Globals": [
                    "From": ["Email": "it@example.com", "Name": "Team"], "TemplateID": 7,
                    "TemplateLanguage": true,
                ],
                "Messages": (1...2).map { number in
                    [
                        "To": [recipient(number, "Email", "Name")], "Variables": data(number),
                        "CustomID": id(number).text,
                    ] as NSDictionary
                },
            ]
        )
    }

    @Test func mailchimp() throws {
        let call = try only("mailchimp-api")
        #expect(call["update_existing"] as? Bool == true)
        #expect(
            (call["members"] as? [NSDictionary])?.first == [
                "email_address": "ann@example.org", "status": "subscribed",
                "merge_fields": [
                    "NAME": "Ann \"A\"", "CODE": "000001", "LINK": link, "EXPIRES": expiry,
                    "IDENTITY": id(1).text,
                ],
            ]
        )
    }

    @Test func klaviyo() throws {
        let fixture = try FormatFixture()
        try fixture.issue(
            ["email", "first_name", "last_name", "locale"],
            [["ann@example.org", "Ann", "", "de-DE"]]
        )
        #expect(
            try fixture.documents("klaviyo") == [
                [
                    "data": [
                        "type": "profile-bulk-import-job",
                        "attributes": [
                            "profiles": [
                                "data": [
                                    [
                                        "type": "profile",
                                        "attributes": [
                                            "email": "ann@example.org", "first_name": "Ann",
                                            "locale": "de-DE", "external_id": id(1).text,
                                            "properties": [
                                                "recovery_code": "000001", "recovery_link": link,
                                                "recovery_expires_at": expiry,
                                            ],
                                        ],
                                    ]
                                ]
                            ]
                        ],
                    ]
                ]
            ]
        )
    }

    /// The most users of a call, of each system.
    @Test(arguments: [
        ("ses", "BulkEmailEntries", [50, 50, 5]), ("mailjet", "Messages", [50, 50, 5]),
        ("sendgrid", "personalizations", [105]), ("brevo", "messageVersions", [105]),
    ])
    func callsHaveAsManyUsersAsTheSystemTakes(_ format: String, _ key: String, _ counts: [Int]) throws {
        let fixture = try FormatFixture()
        try fixture.issue(["email"], (1...105).map { ["u\($0)@example.org"] })
        let calls = try fixture.documents(format)
        #expect(calls.map { ($0[key] as? [Any])?.count } == counts)
        let manifest = try fixture.manifest(format)
        #expect(manifest["calls"] as? Int == counts.count)
        #expect(manifest["rows"] as? Int == 105)
        let parts = try fixture.export(format) { $0.rowsMax = 40 }
        #expect(parts.paths.count == 3)
    }

    /// SendGrid refuses a call in which an address is twice.
    @Test func anAddressIsOnceInACall() throws {
        let fixture = try FormatFixture()
        try fixture.issue(["email"], [["a@example.org"], ["b@example.org"], ["A@example.org"]])
        let calls = try fixture.documents("sendgrid") { $0.duplicates = .list }
        #expect(calls.map { ($0["personalizations"] as? [Any])?.count } == [2, 1])
    }

    /// Brevo refuses the whole call otherwise.
    @Test func aNameOfBrevosHas70CharactersAtMost() throws {
        let fixture = try FormatFixture()
        try fixture.issue(["email", "name"], [["a@example.org", String(repeating: "ü", count: 71)]])
        #expect(try fixture.problem("brevo").code == .unfitValue)
        #expect(try fixture.export("mailjet").tally.rows == 1)
        // Where no name is chosen, none is said beside the address.
        let chosen = try fixture.documents("brevo") { $0.fields = ["code"] }
        let versions = chosen[0]["messageVersions"] as? [NSDictionary]
        #expect(versions == [["to": [["email": "a@example.org"]], "params": ["code": "000001"]]])
    }
}
