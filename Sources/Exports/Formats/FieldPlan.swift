// Which columns of a campaign become which fields of a format.

import Model

/// The fields of one export, and where each has its value from.
struct FieldPlan {
    enum Source: Hashable {
        /// The address, as it was checked.
        case address
        case column(Int)
        /// Names, with blanks between them.
        case joined([Int])
        /// The campaign has no such column.
        case absent
    }

    /// Whose text it is.
    enum Nature: Hashable {
        /// The campaign's own: codes, links, times, IDs.
        case own
        case name
        case other
    }

    struct Output: Hashable {
        let name: String
        let source: Source
        let nature: Nature
    }

    /// A column of a table: one output, or several as one JSON object.
    enum Place {
        case value(String, Int)
        case bag(String, Range<Int>)
    }

    /// Nil where the format needs none, and none was found.
    let address: Int?
    private(set) var outputs: [Output] = []
    private(set) var places: [Place] = []
    /// The data fields among the outputs.
    private(set) var data: [Int] = []
    /// What calls say of a user besides the data: `name`, `first_name`, `last_name`, `locale`, `identity_id`.
    private(set) var person: [String: Int] = [:]
    /// The fields that have another name than the format's.
    private var renamed: Set<String> = []

    /// The names of a table's columns.
    var header: [String] {
        places.map { place in
            switch place {
            case .value(let name, _), .bag(let name, _): name
            }
        }
    }

    /// - Parameter header: the columns of `invitations.csv`.
    init(_ options: FormatOptions, header: [String]) throws(FormatError) {
        let columns = try FieldColumns(options, header: header)
        address = columns.address
        let format = options.format
        switch format.shape {
        case .csv(let shape):
            if let layout = shape.columns {
                try plan(layout, columns, options)
            } else {
                try planAll(columns, options)
            }
        case .lines, .workbook: try planAll(columns, options)
        case .calls:
            data = try append(dataFields(columns, options), columns, options)
            for key in Self.personal(options) {
                guard try columns.has(key), let source = try columns.source(of: key) else { continue }
                person[key] = outputs.count
                outputs.append(Output(name: key, source: source, nature: columns.nature(of: source)))
            }
        }
        try check(columns, options)
    }

    /// What calls say of a user besides the data, as far as fields of that kind are chosen.
    private static func personal(_ options: FormatOptions) -> [String] {
        guard let fields = options.fields else { return names + ["locale", "identity_id"] }
        return (fields.contains(where: names.contains) ? names : [])
            + (fields.contains("locale") ? ["locale"] : []) + ["identity_id"]
    }

    private static let names = ["name", "first_name", "last_name"]

    private mutating func plan(
        _ layout: [ExportFormat.Column],
        _ columns: FieldColumns,
        _ options: FormatOptions
    ) throws(FormatError) {
        for column in layout {
            switch column {
            case .field(let key, let name):
                let source = try columns.source(of: key) ?? Source.absent
                places.append(.value(name, outputs.count))
                outputs.append(Output(name: name, source: source, nature: columns.nature(of: source)))
            case .data:
                data = try append(dataFields(columns, options), columns, options)
                places += data.map { .value(outputs[$0].name, $0) }
            case .bag(let name):
                let start = outputs.count
                data = try append(dataFields(columns, options), columns, options)
                places.append(.bag(name, start..<outputs.count))
            }
        }
    }

    /// All columns of `invitations.csv` under their own names, unless fields are chosen.
    private mutating func planAll(
        _ columns: FieldColumns,
        _ options: FormatOptions
    ) throws(FormatError) {
        if var fields = options.fields {
            if options.format.needsAddress, !fields.contains("email") { fields.insert("email", at: 0) }
            data = try append(fields, columns, options)
        } else {
            var names: [Int: String] = [:]
            for (key, name) in options.names {
                switch try columns.source(of: key) {
                case .column(let index)?: names[index] = name
                case .address?: if let address { names[address] = name }
                default: continue
                }
                renamed.insert(key)
            }
            for (index, name) in columns.header.enumerated() {
                let source = index == address && options.format.needsAddress ? .address : Source.column(index)
                let output = Output(
                    name: names[index] ?? name,
                    source: source,
                    nature: columns.nature(of: .column(index))
                )
                outputs.append(output)
            }
            data = Array(outputs.indices)
        }
        places = data.map { .value(outputs[$0].name, $0) }
    }

    private mutating func append(
        _ keys: [String],
        _ columns: FieldColumns,
        _ options: FormatOptions
    ) throws(FormatError) -> [Int] {
        var added: [Int] = []
        for key in keys {
            guard let source = try columns.source(of: key), source != .absent else {
                throw columns.unknownField(key)
            }
            if options.names[key] != nil { renamed.insert(key) }
            let name = options.names[key] ?? options.format.naming.name(of: key)
            added.append(outputs.count)
            outputs.append(Output(name: name, source: source, nature: columns.nature(of: source)))
        }
        return added
    }

    /// The data fields that are chosen; otherwise the format's, as far as the campaign has them.
    private func dataFields(
        _ columns: FieldColumns,
        _ options: FormatOptions
    ) throws(FormatError) -> [String] {
        if let fields = options.fields {
            // A table has a column for it anyway.
            if case .csv = options.format.shape { return fields.filter { $0 != "email" } }
            return fields
        }
        let defaults = options.format.data
        var fields: [String] = []
        if defaults.hasNames {
            for key in ["first_name", "last_name"] {
                if try columns.has(key) { fields.append(key) }
            }
            if fields.isEmpty, try columns.has("name") { fields = ["name"] }
        }
        fields += defaults.always
        for key in defaults.optional {
            if try columns.has(key) { fields.append(key) }
        }
        return fields
    }

    /// Names must be what the system takes, and each one field's own.
    private func check(_ columns: FieldColumns, _ options: FormatOptions) throws(FormatError) {
        if let key = options.names.keys.sorted().first(where: { !renamed.contains($0) }) {
            guard try columns.has(key) else { throw columns.unknownField(key) }
            throw FormatError(
                .unknownField,
                "\(.map): \(key) is not among the fields, or has a name that \(options.format.title) needs"
            )
        }
        if let most = options.format.limits.columnsMax, places.count > most {
            throw FormatError(
                .tooManyColumns,
                "\(options.format.title) takes \(most) columns, and there are \(places.count)",
                advice: "choose some by \(.fields)"
            )
        }
        let named = data.map { outputs[$0].name }
        if let rule = options.format.naming.rule, let wrong = named.first(where: { !rule.holds($0) }) {
            throw FormatError(
                .wrongFieldName,
                "\(options.format.title) takes no field that is called \"\(wrong)\": a name has "
                    + "\(rule.words)",
                advice: "give it another name by \(.map, "FIELD=NAME")"
            )
        }
        // A roster may have a name twice; a table can show that.
        switch options.format.shape {
        case .csv(let shape) where shape.columns == nil: return
        case .workbook: return
        case .csv, .lines, .calls: break
        }
        for names in [header, named] {
            var seen: Set<String> = []
            guard let twice = names.first(where: { !seen.insert($0.lowercased()).inserted }) else { continue }
            throw FormatError(
                .wrongFieldName,
                "two fields are called \"\(twice)\"",
                advice: "give one of them another name by \(.map, "FIELD=NAME"), or choose by \(.fields)"
            )
        }
    }
}
