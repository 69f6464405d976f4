// What the tags of templates name.

import Model

/// The fields that every campaign has.
package enum MailField: String, Hashable, Sendable, CaseIterable {
    case code
    case codeGrouped = "code_grouped"
    case link
    case expiresAt = "expires_at"
    case expiresDate = "expires_date"
    case expiresTime = "expires_time"
    case timeZone = "time_zone"
    case remaining
    case firstName = "first_name"
    case lastName = "last_name"
    case name

    /// Whether it opens an account.
    var isSecret: Bool { self == .code || self == .codeGrouped || self == .link }
}

/// Where the values of a campaign's names are.
struct MailColumns: Sendable {
    /// Where a tag's value comes from.
    enum Source: Hashable, Sendable {
        case field(MailField)
        case column(String)
        /// These columns with a blank between them: a full name.
        case joined([String])
    }

    let header: [String]
    private let sources: [MailField: Source]
    private let columns: Set<String>

    /// - Parameter nameColumn: the column with the full name; nil to tell it by what it is called.
    init(_ header: [String], nameColumn: String?) {
        self.header = header
        columns = Set(header)
        let first = Self.column(.firstName, PersonColumns.firstNames, header)
        let last = Self.column(.lastName, PersonColumns.lastNames, header)
        let name =
            if let nameColumn {
                header.contains(nameColumn) ? nameColumn : nil
            } else {
                Self.column(.name, PersonColumns.names, header)
            }
        let parts = nameColumn == nil ? [first, last].compactMap(\.self) : []
        var sources: [MailField: Source] = [:]
        sources[.firstName] = first.map(Source.column)
        sources[.lastName] = last.map(Source.column)
        sources[.name] = name.map(Source.column) ?? (parts.isEmpty ? nil : .joined(parts))
        self.sources = sources
    }

    /// The column of that very name, else the one that is called alike with the shortest path.
    private static func column(_ field: MailField, _ names: Set<String>, _ header: [String]) -> String? {
        if header.contains(field.rawValue) { return field.rawValue }
        return header.filter { PersonColumns.isCalled($0, names) }
            .min { $0.split(separator: ".").count < $1.split(separator: ".").count }
    }

    /// Where a name's values are; nil for a name of nothing.
    ///
    /// Fields win over columns of the same name.
    func source(of name: String) -> Source? {
        if let field = MailField(rawValue: name) {
            switch field {
            case .firstName, .lastName, .name: return sources[field]
            default: return .field(field)
            }
        }
        return columns.contains(name) ? .column(name) : nil
    }

    /// What can be named: fields first.
    var names: [String] {
        MailField.allCases.map(\.rawValue).filter { source(of: $0) != nil }
            + header.filter { MailField(rawValue: $0) == nil }
    }
}
