// The bodies of vendors' calls: shapes and limits are those of their own pages and specifications.

import Model

extension ExportFormat {
    /// What a program of the user's own posts, line by line.
    static let calls: [ExportFormat] = [
        ses, sendgrid, postmark, mailgun, brevo, mailjet, mailchimpAPI, klaviyo,
    ]

    /// `aws sesv2 send-bulk-email`; a template's variable that is missing is a mail that is never sent.
    private static let ses = ExportFormat(
        name: "ses",
        title: "Amazon SES",
        shape: .calls(
            CallShape(
                rowsMax: 50,
                pieces: { context in
                    let from = JSONWriter.line(.text(context.sender?.text ?? ""))
                    let template = JSONWriter.line(
                        .object([("TemplateName", .text(context.template)), ("TemplateData", .text("{}"))])
                    )
                    return [
                        "{\"FromEmailAddress\":\(from),\"DefaultContent\":{\"Template\":\(template)},"
                            + "\"BulkEmailEntries\":[", "]}",
                    ]
                },
                entry: { entry, _ in
                    let data = JSONWriter.line(.object(entry.data))
                    return one([
                        ("Destination", .object([("ToAddresses", .texts([entry.address]))])),
                        (
                            "ReplacementTags",
                            .objects([[("Name", .text("identity_id")), ("Value", .text(entry.identityID))]])
                        ),
                        (
                            "ReplacementEmailContent",
                            .object([
                                ("ReplacementTemplate", .object([("ReplacementTemplateData", .text(data))]))
                            ])
                        ),
                    ])
                }
            )
        ),
        limits: Limits(entryBytesMax: 262_144),
        tags: ["{{"]
    )

    /// `POST /v3/mail/send`; an address that is there twice makes it refuse the call.
    private static let sendgrid = ExportFormat(
        name: "sendgrid",
        title: "SendGrid",
        shape: .calls(
            CallShape(
                rowsMax: 1000,
                bytesMax: 20_000_000,
                addressOncePerCall: true,
                pieces: { context in
                    let from = JSONWriter.line(context.sender("email", "name"))
                    let template = JSONWriter.line(.text(context.template))
                    return ["{\"from\":\(from),\"template_id\":\(template),\"personalizations\":[", "]}"]
                },
                entry: { entry, _ in
                    one([
                        ("to", .list([entry.recipient("email", "name")])),
                        ("dynamic_template_data", .object(entry.data)),
                        ("custom_args", .object([("identity_id", .text(entry.identityID))])),
                    ])
                }
            )
        ),
        tags: ["{{"]
    )

    /// `POST /email/batchWithTemplates`; answers 200 with an error for each message that it refuses.
    private static let postmark = ExportFormat(
        name: "postmark",
        title: "Postmark",
        shape: .calls(
            CallShape(
                rowsMax: 500,
                bytesMax: 50_000_000,
                pieces: { _ in ["{\"Messages\":[", "]}"] },
                entry: { entry, context in
                    let isNumber = Int(context.template) != nil
                    return one([
                        ("From", .text(context.sender?.text ?? "")),
                        ("To", .text(entry.address)),
                        (isNumber ? "TemplateId" : "TemplateAlias", context.templateNumber),
                        ("TemplateModel", .object(entry.data)),
                        ("MessageStream", .text("outbound")),
                        ("Metadata", .object([("identity_id", .text(entry.identityID))])),
                    ])
                }
            )
        ),
        tags: ["{{"]
    )

    /// The fields of the form of `POST /v3/{domain}/messages`; `to` is repeated for each of its elements.
    private static let mailgun = ExportFormat(
        name: "mailgun",
        title: "Mailgun",
        shape: .calls(
            CallShape(
                rowsMax: 1000,
                addressOncePerCall: true,
                pieces: { context in
                    let from = JSONWriter.line(.text(context.sender?.text ?? ""))
                    let template = JSONWriter.line(.text(context.template))
                    let variables = (context.fields + ["identity_id"]).uniqued.map { name in
                        JSONWriter.line(.text("v:\(name)")) + ":"
                            + JSONWriter.line(.text("%recipient.\(name)%"))
                    }
                    return [
                        "{\"from\":\(from),\"template\":\(template),\(variables.joined(separator: ",")),"
                            + "\"to\":[", "],\"recipient-variables\":\"{", "}\"}",
                    ]
                },
                entry: { entry, _ in
                    var data = entry.data
                    if !data.contains(where: { $0.name == "identity_id" }) {
                        data.append(("identity_id", .text(entry.identityID)))
                    }
                    let address = JSONWriter.line(.text(entry.address))
                    // The form's field is a text with JSON in it.
                    let quoted = JSONWriter.line(.text("\(address):\(JSONWriter.line(.object(data)))"))
                    return [address, String(quoted.dropFirst().dropLast())]
                }
            )
        ),
        tags: ["%recipient", "{{"]
    )

    /// `POST /v3/smtp/email`; a name of more than 70 characters makes it refuse the call.
    private static let brevo = ExportFormat(
        name: "brevo",
        title: "Brevo",
        shape: .calls(
            CallShape(
                rowsMax: 1000,
                numbersTemplates: true,
                pieces: { context in
                    let template = JSONWriter.line(context.templateNumber)
                    let sender = JSONWriter.line(context.sender("email", "name"))
                    return ["{\"templateId\":\(template),\"sender\":\(sender),\"messageVersions\":[", "]}"]
                },
                entry: { entry, _ in
                    one([
                        ("to", .list([entry.recipient("email", "name")])), ("params", .object(entry.data)),
                    ])
                }
            )
        ),
        limits: Limits(nameCharactersMax: 70),
        tags: ["{{"]
    )

    /// `POST /v3.1/send`; users of one message see each other, so each has one.
    private static let mailjet = ExportFormat(
        name: "mailjet",
        title: "Mailjet",
        shape: .calls(
            CallShape(
                rowsMax: 50,
                numbersTemplates: true,
                pieces: { context in
                    let globals = JSONWriter.line(
                        .object([
                            ("From", context.sender("Email", "Name")),
                            ("TemplateID", context.templateNumber), ("TemplateLanguage", .flag(true)),
                        ])
                    )
                    return ["{\"Globals\":\(globals),\"Messages\":[", "]}"]
                },
                entry: { entry, _ in
                    one([
                        ("To", .list([entry.recipient("Email", "Name")])),
                        ("Variables", .object(entry.data)), ("CustomID", .text(entry.identityID)),
                    ])
                }
            )
        ),
        tags: ["{{", "{%", "[["]
    )

    /// `POST /lists/{id}`; answers 200 also where it refuses members.
    private static let mailchimpAPI = ExportFormat(
        name: "mailchimp-api",
        title: "Mailchimp",
        shape: .calls(
            CallShape(
                rowsMax: 500,
                needsSender: false,
                pieces: { _ in ["{\"members\":[", "],\"update_existing\":true}"] },
                entry: { entry, _ in
                    one([
                        ("email_address", .text(entry.address)), ("status", .text("subscribed")),
                        ("merge_fields", .object(entry.data)),
                    ])
                }
            )
        ),
        naming: FieldNaming(
            names: [
                "first_name": "FNAME", "last_name": "LNAME", "expires_at": "EXPIRES",
                "identity_id": "IDENTITY",
            ],
            style: .upperCase,
            rule: FieldNaming.Rule(
                words: "at most 10 upper-case letters, digits and '_'",
                holds: { $0.wholeMatch(of: #/[A-Z0-9_]{1,10}/#) != nil }
            )
        ),
        limits: Limits(valueBytesMax: 255, asciiLocalPart: true),
        tags: ["*|"]
    )

    /// `POST /api/profile-bulk-import-jobs`.
    private static let klaviyo = ExportFormat(
        name: "klaviyo",
        title: "Klaviyo",
        shape: .calls(
            CallShape(
                rowsMax: 10_000,
                bytesMax: 5_000_000,
                needsSender: false,
                pieces: { _ in
                    [
                        "{\"data\":{\"type\":\"profile-bulk-import-job\",\"attributes\":{\"profiles\":"
                            + "{\"data\":[", "]}}}}",
                    ]
                },
                entry: { entry, _ in
                    var attributes: JSONMembers = [("email", .text(entry.address))]
                    attributes += entry.person
                    attributes.append(("external_id", .text(entry.identityID)))
                    attributes.append(("properties", .object(entry.data)))
                    return one([("type", .text("profile")), ("attributes", .object(attributes))])
                }
            )
        ),
        naming: FieldNaming(names: [
            "code": "recovery_code", "link": "recovery_link", "expires_at": "recovery_expires_at",
        ]),
        data: DataFields(always: ["code", "link", "expires_at"], hasNames: false, optional: []),
        limits: Limits(entryBytesMax: 100_000),
        tags: ["{{", "{%"]
    )

    private static func one(_ members: JSONMembers) -> [String] { [JSONWriter.line(.object(members))] }
}

extension [String] {
    fileprivate var uniqued: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
