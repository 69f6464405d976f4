// The formats of other systems that invitations can be written in: one value for each, registered once.

import Files
import Model

/// A format, and what the system that reads it can take.
package struct ExportFormat: Sendable {
    /// As `--format` has it, and the files' names.
    package let name: String
    /// The system's name, for people.
    package let title: String
    let shape: Shape
    /// Whether every row needs an address of its own.
    var needsAddress = true
    /// What is taken out of values that are not the campaign's own.
    var cleaning = Cleaning.line
    var naming = FieldNaming()
    /// What is written where no fields are chosen.
    var data = DataFields()
    var limits = Limits()
    /// Beginnings of the system's own template tags, which no value of somebody else may have.
    var tags: [String] = []
    /// What a tag ends with, where its beginning alone is nothing.
    var tagEnd: String?

    /// How rows become bytes.
    enum Shape: Sendable {
        case csv(CSVShape)
        /// One JSON object a line, all values texts.
        case lines
        /// The sheet of a workbook.
        case workbook
        /// One JSON document a line, each the body of a call of the system's interface.
        case calls(CallShape)
    }

    /// What is taken out of values, and counted.
    enum Cleaning: Sendable {
        case nothing
        /// Line breaks and control characters, and the beginnings of template tags.
        case line
        /// What a workbook cannot hold.
        case workbook
    }

    /// What a table looks like.
    struct CSVShape: Sendable {
        var delimiter = UInt8(ascii: ",")
        var lineEnd = "\n"
        /// Whether the file begins with a byte order mark.
        var hasMark = false
        /// Whether cells are written so that a spreadsheet leaves them alone.
        var protectsCells = false
        /// Whether all cells are quoted, and `"` in values is `”`: for systems that guess what quotes are.
        var quotesAll = false
        /// Nil for all columns that `invitations.csv` has.
        var columns: [Column]?
    }

    /// A column, or several, of a table.
    enum Column: Sendable {
        /// A field that is always there, though it may be empty.
        case field(String, as: String)
        /// The data fields, one column each.
        case data
        /// The data fields as one JSON object.
        case bag(String)
    }

    /// What the system takes; nil where no limit is known.
    struct Limits: Sendable {
        /// Of each value, in UTF-8.
        var valueBytesMax: Int?
        /// Of each value, in UTF-16.
        var valueUnitsMax: Int?
        /// Of a user's name, in characters.
        var nameCharactersMax: Int?
        /// Of all that is said of one user.
        var entryBytesMax: Int?
        var columnsMax: Int?
        /// Of one file.
        var rowsMax: Int?
        var bytesMax: Int?
        /// Whether the part of an address before its `@` must be ASCII.
        var asciiLocalPart = false
    }

    package var fileEnding: String {
        switch shape {
        case .csv: "csv"
        case .workbook: "xlsx"
        case .lines, .calls: "jsonl"
        }
    }

    /// Whether the size of a file is known only when it is whole.
    package var isPacked: Bool { if case .workbook = shape { true } else { false } }

    /// Whether the template has to be a number.
    package var numbersTemplates: Bool {
        if case .calls(let shape) = shape { shape.numbersTemplates } else { false }
    }

    /// Whether the bodies of calls name who sends, and the template.
    package var needsSender: Bool {
        if case .calls(let shape) = shape { shape.needsSender } else { false }
    }
}

/// The data fields where none are chosen.
struct DataFields: Sendable {
    /// Fields that every campaign has.
    var always = ["code", "link", "expires_at", "identity_id"]
    /// Whether the user's names are among them where the campaign has them.
    var hasNames = true
    /// Fields that are left out where the campaign lacks them.
    var optional: [String] = ["locale"]
}

/// What fields are called in a format.
struct FieldNaming: Sendable {
    /// Of some fields, by their own names.
    var names: [String: String] = [:]
    var style = Style.asIs
    /// What a name may consist of; nil where anything goes.
    var rule: Rule?

    enum Style: Sendable {
        case asIs
        /// `recovery_code` as `Recovery Code`.
        case words
        /// `phone number` as `PHONE_NUMBER`.
        case upperCase
    }

    struct Rule: Sendable {
        let words: String
        let holds: @Sendable (String) -> Bool
    }

    func name(of field: String) -> String {
        if let name = names[field] { return name }
        switch style {
        case .asIs: return field
        case .words:
            return field.split(whereSeparator: { $0 == "_" || $0 == "." })
                .map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: " ")
        case .upperCase:
            return String(field.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
        }
    }
}

// MARK: - All

extension ExportFormat {
    /// All of them, in the order in which they are told.
    package static let all: [ExportFormat] = contacts + calls + people

    /// The names of all of them.
    package static let names = all.map(\.name)

    package static func named(_ name: String) -> ExportFormat? { all.first { $0.name == name } }
}

extension ExportFormat: Hashable {
    package static func == (left: ExportFormat, right: ExportFormat) -> Bool { left.name == right.name }

    package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
