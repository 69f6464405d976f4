// Simple ways of reading simple rosters, which the real ones must agree with.

import Foundation
import Roster
import Model

/// CSV without quotes: nothing but lines, split at the delimiter.
enum CSVOracle {
    /// - Parameter text: without quotes.
    static func check(_ reading: RosterReading, of text: [UInt8]) throws(BrokenProperty) {
        guard reading.error == nil, reading.encoding == .utf8, let format = reading.format,
            !text.contains(UInt8(ascii: "N"))
        else { return }
        let lines = physicalLines(text.starts(with: [0xef, 0xbb, 0xbf]) ? text[3...] : text[...])
        let rows = lines.indices.filter { !isBlank(lines[$0], format) }.map { $0 + 1 }
        let items = reading.items
        let found = Set(items.map(\.line))
        // All lines become items but comments, `sep=`, and the header, which stands once more where files
        // were joined.
        let missing = rows.filter { !found.contains($0) && !isPassedOver(lines[$0 - 1]) }
        let headers = Set(missing.map { names(lines[$0 - 1], format, width: reading.columns.count + 1) })
        try require(
            headers.count <= 1 && found.isSubset(of: rows),
            "the lines \(rows) became items of \(items.map(\.line))"
        )

        guard case .delimited(let delimiter) = format, reading.leftBehind.isEmpty,
            !isPadded(lines, delimiter)
        else { return }
        for case .row(let row) in items {
            let fields = lines[row.line - 1].split(
                separator: delimiter.rawValue,
                omittingEmptySubsequences: false
            )
            .map { String(decoding: $0, as: UTF8.self) }
            let width = row.columns.count + 1
            try require(
                fields.count >= width && fields.dropFirst(width).allSatisfy(\.isEmpty),
                "line \(row.line) lost fields"
            )
            let agrees = (0..<width).contains { index in
                var others = fields.prefix(width)
                let id = IdentityID(others.remove(at: index))
                return id == row.identityID && Array(others) == row.columns
            }
            try require(agrees, "line \(row.line) has other values than its text")
        }
    }

    /// Nothing but delimiters, and blanks as Foundation and Unicode know them.
    private static func isBlank(_ line: ArraySlice<UInt8>, _ format: RosterFormat) -> Bool {
        guard let text = String(validating: line, as: UTF8.self) else { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            if isBlank(scalar) { return true }
            guard case .delimited(let delimiter) = format else {
                return ",;|".unicodeScalars.contains(scalar)
            }
            return scalar.value == UInt32(delimiter.rawValue)
        }
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace
            || "\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}".unicodeScalars.contains(scalar)
    }

    /// A line's fields without blanks and guards around them.
    private static func names(_ line: ArraySlice<UInt8>, _ format: RosterFormat, width: Int) -> [String] {
        var fields = [line]
        if case .delimited(let delimiter) = format {
            fields = line.split(separator: delimiter.rawValue, omittingEmptySubsequences: false)
        }
        return fields.prefix(width).map { field in
            var scalars = Array(String(decoding: field, as: UTF8.self).unicodeScalars)
            for _ in 0..<5 {
                while let first = scalars.first, isBlank(first) { scalars.removeFirst() }
                while let last = scalars.last, isBlank(last) { scalars.removeLast() }
                guard scalars.count > 1, scalars.first == "'" else { break }
                scalars.removeFirst()
                if scalars.last == "'" { scalars.removeLast() }
            }
            return String(String.UnicodeScalarView(scalars))
        }
    }

    private static func isPassedOver(_ line: ArraySlice<UInt8>) -> Bool {
        let text = String(decoding: line, as: UTF8.self).lowercased().trimmingCharacters(in: .whitespaces)
        return text.hasPrefix("#") || (text.hasPrefix("sep") && text.contains("="))
    }

    /// Whether the fields may be told by their places.
    private static func isPadded(_ lines: [ArraySlice<UInt8>], _ delimiter: Delimiter) -> Bool {
        switch delimiter {
        case .tab: lines.contains { String(decoding: $0, as: UTF8.self).contains("\t\t") }
        case .pipe: lines.contains { !$0.isEmpty && $0.allSatisfy { "-+|: ".utf8.contains($0) } }
        default: false
        }
    }

    private static func physicalLines(_ text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var rest = text
        while let end = rest.firstIndex(where: { $0 == 0x0a || $0 == 0x0d }) {
            lines.append(rest[..<end])
            let isPair = rest[end] == 0x0d && rest.dropFirst(end + 1 - rest.startIndex).first == 0x0a
            rest = rest[(end + (isPair ? 2 : 1))...]
        }
        return lines + [rest]
    }
}

/// JSON as Foundation reads it.
enum JSONOracle {
    static func check(_ reading: RosterReading, of text: [UInt8]) throws(BrokenProperty) {
        for (index, item) in reading.items.enumerated() {
            try require(item.line == index + 1, "item \(index + 1) is numbered \(item.line)")
        }
        guard reading.error == nil, reading.encoding == .utf8, !hasTrailingComma(text),
            let parsed = try? JSONSerialization.jsonObject(with: Data(text))
        else { return }
        // What else may be a page is for the reader's own tests.
        if let listed = parsed as? [Any], !listed.contains(where: mayBePage) {
            try require(
                reading.items.count == listed.count,
                "a list of \(listed.count) has \(reading.items.count) items"
            )
        } else if let object = parsed as? [String: Any], !mayBePage(object) {
            try require(reading.items.count == 1, "an object has \(reading.items.count) items")
        }
        let malformed = reading.items.contains { item in
            if case .rejected(let row) = item { row.reason == .malformedJSON } else { false }
        }
        try require(!malformed, "an item of valid JSON is malformed")
    }

    /// Whether an element of an array may be several items: an array, or an object with a list.
    private static func mayBePage(_ value: Any) -> Bool {
        value is [Any] || (value as? [String: Any])?.values.contains { $0 is [Any] } ?? false
    }

    /// Whether a comma stands before a closing bracket, which Foundation takes and RFC 8259 does not; in a
    /// text, too.
    private static func hasTrailingComma(_ text: [UInt8]) -> Bool {
        var isAfterComma = false
        for byte in text {
            switch byte {
            case UInt8(ascii: ","): isAfterComma = true
            case UInt8(ascii: "}"), UInt8(ascii: "]"): if isAfterComma { return true }
            case 0x20, 0x09, 0x0a, 0x0d: continue
            default: isAfterComma = false
            }
        }
        return false
    }
}
