// How invitations are written in a format.

import Files
package import Model

/// What is done about invitations that share an address.
package enum DuplicateTreatment: String, CaseIterable, Sendable {
    /// Nothing is written.
    case fail
    /// The first of them alone is written, and the others are listed.
    case first
    /// All are written, and all but the first are listed.
    case list
}

/// The options of an export in a format.
package struct FormatOptions: Sendable {
    package var format: ExportFormat
    /// Columns of the roster or of the server; nil where they are told by their names.
    package var addressColumn: String?
    package var nameColumn: String?
    package var localeColumn: String?
    /// The fields that are chosen; nil for the format's own.
    package var fields: [String]?
    /// What fields are called instead.
    package var names: [String: String]
    package var duplicates: DuplicateTreatment
    /// The most rows and bytes of a file; nil for the system's own limits.
    package var rowsMax: Int?
    package var bytesMax: Int?
    /// Who sends, and by which template, where a call says so.
    package var sender: MailSender?
    package var template: String?

    package init(_ format: ExportFormat) {
        self.format = format
        names = [:]
        duplicates = .fail
    }

    /// What the files depend on, as a JSON object.
    var mark: JSONMembers {
        [
            ("format", .text(format.name)),
            ("email_column", .optional(addressColumn)),
            ("name_column", .optional(nameColumn)),
            ("locale_column", .optional(localeColumn)),
            ("fields", fields.map(JSONValue.texts) ?? .null),
            ("map", .object(names.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) })),
            ("on_duplicate_address", .text(duplicates.rawValue)),
            ("split_rows", .optional(rowsMax ?? format.limits.rowsMax)),
            ("split_bytes", .optional(bytesMax ?? format.limits.bytesMax)),
            ("from", .optional(sender?.text)),
            ("template", .optional(template)),
        ]
    }
}
