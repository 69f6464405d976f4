// Which columns hold addresses, names and languages, told by what they are called.

import Model

/// The columns of one export's invitations.
struct FieldColumns {
    let header: [String]
    let address: Int?
    private let options: FormatOptions

    /// The keys of the campaign's own columns.
    private static let own = [
        "identity_id": 0, "id": 0, "code": 1, "link": 2, "expires_at": 3, "issued_at": 4, "generation": 5,
    ]

    init(_ options: FormatOptions, header: [String]) throws(FormatError) {
        self.options = options
        self.header = header
        address = try Self.address(options, header)
    }

    private static func address(
        _ options: FormatOptions,
        _ header: [String]
    ) throws(FormatError) -> Int? {
        if let name = options.addressColumn { return try column(name, .emailColumn, header) }
        let found = columns(PersonColumns.addresses, header)
        let format = options.format
        guard format.needsAddress || options.fields?.contains("email") == true else { return found.first }
        guard let first = found.first else {
            throw FormatError(
                .noAddressColumn,
                "\(format.title) needs an address for everybody, and no column is called email, e-mail or "
                    + "mail; \(listed(header))",
                advice: "name the column by \(.emailColumn)"
            )
        }
        guard found.count == 1 else { throw choose("an address", found, .emailColumn, header) }
        return first
    }

    /// Where a field has its value from; `.absent` where the campaign lacks it, nil where there is no such
    /// field.
    ///
    /// - Throws: `FormatError` where several columns may be meant.
    func source(of key: String) throws(FormatError) -> FieldPlan.Source? {
        if let index = Self.own[key] { return .column(index) }
        switch key {
        case "email": return address == nil ? .absent : .address
        case "name": return try name
        case "first_name": return Self.source(Self.columns(PersonColumns.firstNames, header).first)
        case "last_name": return Self.source(Self.columns(PersonColumns.lastNames, header).first)
        case "locale":
            let column = options.localeColumn
            return Self.source(try chosen(column, PersonColumns.locales, "a language", .localeColumn))
        default: return header.firstIndex(of: key).map { FieldPlan.Source.column($0) }
        }
    }

    private static func source(_ index: Int?) -> FieldPlan.Source {
        index.map { .column($0) } ?? .absent
    }

    func has(_ key: String) throws(FormatError) -> Bool {
        guard let source = try source(of: key) else { return false }
        return source != .absent
    }

    func nature(of source: FieldPlan.Source) -> FieldPlan.Nature {
        switch source {
        case .address, .absent: .own
        case .joined: .name
        case .column(let index):
            index < OwnColumns.invitations.count ? .own : isName(index) ? .name : .other
        }
    }

    private var name: FieldPlan.Source {
        get throws(FormatError) {
            if let index = try chosen(options.nameColumn, PersonColumns.names, "a name", .nameColumn) {
                return .column(index)
            }
            let parts = [PersonColumns.firstNames, PersonColumns.lastNames]
                .compactMap { Self.columns($0, header).first }
            return parts.isEmpty ? .absent : .joined(parts)
        }
    }

    private func isName(_ index: Int) -> Bool {
        header[index] == options.nameColumn
            || [PersonColumns.names, PersonColumns.firstNames, PersonColumns.lastNames].contains {
                Self.columns($0, header).contains(index)
            }
    }

    private func chosen(
        _ name: String?,
        _ names: Set<String>,
        _ what: String,
        _ setting: SettingName
    ) throws(FormatError) -> Int? {
        if let name { return try Self.column(name, setting, header) }
        let found = Self.columns(names, header)
        guard found.count <= 1 else { throw Self.choose(what, found, setting, header) }
        return found.first
    }

    /// The columns of the roster and the server that are called so, `traits.` and the like before it or not.
    private static func columns(_ names: Set<String>, _ header: [String]) -> [Int] {
        header.indices.dropFirst(OwnColumns.invitations.count).filter {
            PersonColumns.isCalled(header[$0], names)
        }
    }

    private static func column(
        _ name: String,
        _ setting: SettingName,
        _ header: [String]
    ) throws(FormatError) -> Int {
        if let index = header.firstIndex(of: name) { return index }
        let alike = header.indices.filter { OwnColumns.folded(header[$0]) == OwnColumns.folded(name) }
        if alike.count == 1 { return alike[0] }
        throw FormatError(.unknownColumn, "\(setting): no column is called \"\(name)\"; \(listed(header))")
    }

    private static func choose(
        _ what: String,
        _ found: [Int],
        _ setting: SettingName,
        _ header: [String]
    ) -> FormatError {
        FormatError(
            .severalColumns,
            "several columns may hold \(what): \(found.map { header[$0] }.joined(separator: ", "))",
            advice: "choose one by \(setting)"
        )
    }

    func unknownField(_ key: String) -> FormatError {
        FormatError(
            .unknownField,
            "there is no field \"\(key)\" in this campaign; fields are code, link, expires_at, issued_at, "
                + "generation, identity_id, email, name, first_name, last_name, locale as far as there are "
                + "columns for them, and all columns by their names; \(Self.listed(header))"
        )
    }

    private static func listed(_ header: [String]) -> String {
        let others = header.dropFirst(OwnColumns.invitations.count)
        return others.isEmpty
            ? "the campaign has no columns of a roster or of the server"
            : "columns are \(others.prefix(20).joined(separator: ", "))\(others.count > 20 ? ", …" : "")"
    }
}
