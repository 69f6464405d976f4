// The tables that mailing systems import, and those for people.
//
// Columns and limits are those of the systems' own pages and sources; docs/formats.md names them.

extension ExportFormat {
    /// Whose contacts are imported first, and mailed by a campaign of the system's own.
    static let contacts: [ExportFormat] = [
        listmonk, keila, mailchimp, sendgridContacts, brevoContacts, hubspot, customerIO, mautic, phpList,
        activeCampaign, mailmerge,
    ]

    static let people: [ExportFormat] = [workbook, spreadsheet, jsonLines]

    private static let prefixed = [
        "code": "recovery_code", "link": "recovery_link", "expires_at": "recovery_expires_at",
    ]
    private static let labels = [
        "code": "Recovery Code", "link": "Recovery Link", "expires_at": "Expires",
        "identity_id": "Identity ID",
    ]

    private static func table(email: String, delimiter: Character = ",", _ more: Column...) -> Shape {
        .csv(
            CSVShape(
                delimiter: delimiter.asciiValue ?? UInt8(ascii: ","),
                columns: [.field("email", as: email)] + more
            )
        )
    }

    /// Exactly these three columns, in lower case (listmonk v6.2.0, internal/subimporter).
    private static let listmonk = ExportFormat(
        name: "listmonk",
        title: "listmonk",
        shape: table(email: "email", .field("name", as: "name"), .bag("attributes")),
        data: DataFields(hasNames: false)
    )

    /// No further columns: Keila takes values by their place (lib/keila/contacts/import.ex).
    private static let keila = ExportFormat(
        name: "keila",
        title: "Keila",
        shape: table(
            email: "Email",
            .field("first_name", as: "First name"),
            .field("last_name", as: "Last name"),
            .bag("Data"),
            .field("identity_id", as: "External ID")
        ),
        data: DataFields(always: ["code", "link", "expires_at"], hasNames: false),
        tags: ["{{", "{%"]
    )

    private static let mailchimp = ExportFormat(
        name: "mailchimp",
        title: "Mailchimp",
        shape: table(email: "Email Address", .data),
        naming: FieldNaming(names: labels, style: .words),
        limits: Limits(valueBytesMax: 255, asciiLocalPart: true),
        tags: ["*|"]
    )

    private static let sendgridContacts = ExportFormat(
        name: "sendgrid-contacts",
        title: "SendGrid Marketing",
        shape: table(email: "email", .data),
        naming: FieldNaming(
            names: prefixed,
            rule: FieldNaming.Rule(
                words: "at most 100 letters, digits and '_', the first of them no digit",
                holds: { $0.wholeMatch(of: #/[A-Za-z_][A-Za-z0-9_]{0,99}/#) != nil }
            )
        ),
        limits: Limits(rowsMax: 1_000_000, bytesMax: 5_000_000_000),
        tags: ["{{"]
    )

    /// Brevo ignores attributes that do not exist, and tells names in upper case apart from others.
    private static let brevoContacts = ExportFormat(
        name: "brevo-contacts",
        title: "Brevo",
        shape: table(email: "EMAIL", delimiter: ";", .data),
        naming: FieldNaming(
            names: [
                "first_name": "FIRSTNAME", "last_name": "LASTNAME", "code": "RECOVERY_CODE",
                "link": "RECOVERY_LINK", "expires_at": "RECOVERY_EXPIRES_AT",
            ],
            style: .upperCase,
            rule: FieldNaming.Rule(
                words: "upper-case letters, digits and '_'",
                holds: { $0.wholeMatch(of: #/[A-Z0-9_]+/#) != nil }
            )
        ),
        limits: Limits(bytesMax: 8_000_000),
        tags: ["{{"]
    )

    private static let hubspot = ExportFormat(
        name: "hubspot",
        title: "HubSpot",
        shape: table(email: "Email", .data),
        naming: FieldNaming(names: labels, style: .words),
        limits: Limits(columnsMax: 999, rowsMax: 1_048_575, bytesMax: 512_000_000),
        tags: ["{{", "{%"]
    )

    private static let customerIO = ExportFormat(
        name: "customerio",
        title: "Customer.io",
        shape: table(email: "email", .data),
        naming: FieldNaming(names: prefixed),
        limits: Limits(columnsMax: 100, bytesMax: 100_000_000),
        tags: ["{{", "{%"]
    )

    /// Mautic reads line by line: no field may have a line break.
    private static let mautic = ExportFormat(
        name: "mautic",
        title: "Mautic",
        shape: table(email: "email", .data),
        naming: FieldNaming(
            names: prefixed.merging(["first_name": "firstname", "last_name": "lastname"]) { $1 }
        ),
        tags: ["{contactfield"]
    )

    private static let phpList = ExportFormat(
        name: "phplist",
        title: "phpList",
        shape: table(email: "email", delimiter: "\t", .field("identity_id", as: "foreignkey"), .data),
        naming: FieldNaming(
            names: [
                "code": "recovery code", "link": "recovery link", "expires_at": "expires",
                "first_name": "first name", "last_name": "last name",
            ]
        ),
        data: DataFields(always: ["code", "link", "expires_at"]),
        tags: ["["],
        tagEnd: "]"
    )

    /// ActiveCampaign takes no line breaks.
    private static let activeCampaign = ExportFormat(
        name: "activecampaign",
        title: "ActiveCampaign",
        shape: table(email: "Email", .data),
        naming: FieldNaming(names: labels, style: .words),
        tags: ["%"],
        tagEnd: "%"
    )

    /// The program of PyPI's, which a row without an address stops.
    ///
    /// It guesses by the first 1,024 bytes how the table is written (2.3.0): a later `""`, or `'` around a
    /// name in them, would shift columns.
    private static let mailmerge = ExportFormat(
        name: "mailmerge",
        title: "mailmerge",
        shape: .csv(CSVShape(quotesAll: true))
    )

    /// A sheet has 1,048,576 rows, the header's among them, and a cell 32,767 units of UTF-16.
    private static let workbook = ExportFormat(
        name: "xlsx",
        title: "Excel",
        shape: .workbook,
        needsAddress: false,
        cleaning: .workbook,
        limits: Limits(valueUnitsMax: 32_767, columnsMax: 16_384, rowsMax: 1_048_575)
    )

    private static let spreadsheet = ExportFormat(
        name: "spreadsheet",
        title: "Excel, LibreOffice, Google Sheets",
        shape: .csv(CSVShape(lineEnd: "\r\n", hasMark: true, protectsCells: true)),
        needsAddress: false,
        cleaning: .nothing,
        // A sheet has 1,048,576 rows, the header's among them.
        limits: Limits(rowsMax: 1_048_575)
    )

    private static let jsonLines = ExportFormat(
        name: "jsonl",
        title: "JSON lines",
        shape: .lines,
        needsAddress: false,
        cleaning: .nothing
    )
}
