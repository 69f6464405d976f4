// Rows of CSV after RFC 4180, with LF unless said otherwise, in UTF-8.

/// What to do with a field that a spreadsheet would run as a formula.
package enum FormulaTreatment: String, Sendable, CaseIterable {
    /// Leave it as it is, and count it.
    case keep
    /// Put a `'` before it, and count it.
    case escape
}

/// Writes rows into bytes, and counts the fields that a spreadsheet would take for a formula.
package struct CSVFormat: Sendable {
    package let formulas: FormulaTreatment
    private let delimiter: UInt8
    private let lineEnd: String
    /// The fields so far whose first character is `=`, `+`, `-`, `@`, a tab or a CR (OWASP, "CSV Injection").
    package private(set) var formulaFields = 0

    package init(
        formulas: FormulaTreatment = .keep,
        delimiter: UInt8 = UInt8(ascii: ","),
        lineEnd: String = "\n"
    ) {
        self.formulas = formulas
        self.delimiter = delimiter
        self.lineEnd = lineEnd
    }

    /// Appends one row with its line break.
    package mutating func append(row fields: some Sequence<String>, to buffer: inout [UInt8]) {
        var isFirst = true
        for field in fields {
            if !isFirst { buffer.append(delimiter) }
            isFirst = false
            append(field: field, to: &buffer)
        }
        buffer.append(contentsOf: lineEnd.utf8)
    }

    private mutating func append(field: String, to buffer: inout [UInt8]) {
        var field = field
        field.withUTF8 { bytes in
            guard let first = bytes.first else { return }
            let isFormula = Self.startsFormula(first)
            if isFormula { formulaFields += 1 }
            let isEscaped = isFormula && formulas == .escape
            guard bytes.contains(where: needsQuotes) else {
                if isEscaped { buffer.append(UInt8(ascii: "'")) }
                buffer.append(contentsOf: bytes)
                return
            }
            buffer.append(UInt8(ascii: "\""))
            if isEscaped { buffer.append(UInt8(ascii: "'")) }
            for byte in bytes {
                if byte == UInt8(ascii: "\"") { buffer.append(byte) }
                buffer.append(byte)
            }
            buffer.append(UInt8(ascii: "\""))
        }
    }

    private static func startsFormula(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0d: true
        default: false
        }
    }

    private func needsQuotes(_ byte: UInt8) -> Bool {
        byte == delimiter || byte == UInt8(ascii: "\"") || byte == 0x0a || byte == 0x0d
    }
}
