// The one writer of JSON: members in the order given, and one place that escapes text.

/// Appends JSON to bytes.
///
/// A document that is too long for memory is written piece by piece: `takeBytes` hands over what there is so
/// far.
package struct JSONWriter: Sendable {
    /// How control characters are escaped; a quote and a backslash always get a backslash.
    package enum Controls: Sendable {
        /// A line break as `\n`, the others by their numbers.
        case readable
        /// All by their numbers: `\u000a`.
        case numbered
    }

    /// What was written since the last `takeBytes`, as UTF-8.
    package private(set) var bytes: [UInt8] = []
    private let controls: Controls

    package init(controls: Controls = .readable) {
        self.controls = controls
    }

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    package mutating func takeBytes() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    package mutating func reserve(_ count: Int) {
        bytes.reserveCapacity(count)
    }
}

// MARK: - Documents

extension JSONWriter {
    /// An object for people to read, with a line break at its end.
    ///
    /// Each of its members has a line of its own, and so has each object of a member that is a list of
    /// objects. Everything within these is in one line.
    package static func document(_ members: JSONMembers) -> String {
        var writer = JSONWriter()
        writer.document(members)
        return writer.text
    }

    /// A value in one line without blanks.
    package static func line(_ value: JSONValue) -> String {
        var writer = JSONWriter()
        writer.line(value)
        return writer.text
    }

    package mutating func document(_ members: JSONMembers) {
        list(members, "{\n  ", ",\n  ", "\n}\n", ifEmpty: "{}\n") { writer, member in
            writer.string(member.name)
            writer.append(": ")
            if case .list(let elements) = member.value, case .object = elements.first {
                writer.list(elements, "[\n    ", ",\n    ", "\n  ]") { $0.value($1, isSpaced: true) }
            } else {
                writer.value(member.value, isSpaced: true)
            }
        }
    }

    package mutating func line(_ value: JSONValue) {
        self.value(value, isSpaced: false)
    }

    private mutating func value(_ value: JSONValue, isSpaced: Bool) {
        switch value {
        case .null: append("null")
        case .text(let text): string(text)
        case .number(let number): append(String(number))
        case .decimal(let number):
            let rounded = (number * 1000).rounded() / 1000
            append(rounded.isFinite ? String(rounded) : "null")
        case .flag(let flag): append(flag ? "true" : "false")
        case .list(let elements):
            list(elements, "[", isSpaced ? ", " : ",", "]") { $0.value($1, isSpaced: isSpaced) }
        case .object(let members):
            list(members, "{", isSpaced ? ", " : ",", "}") { writer, member in
                writer.string(member.name)
                writer.append(isSpaced ? ": " : ":")
                writer.value(member.value, isSpaced: isSpaced)
            }
        }
    }

    private mutating func list<Element>(
        _ elements: [Element],
        _ start: String,
        _ separator: String,
        _ end: String,
        ifEmpty empty: String? = nil,
        write: (inout JSONWriter, Element) -> Void
    ) {
        if elements.isEmpty, let empty { return append(empty) }
        append(start)
        for (index, element) in elements.enumerated() {
            if index > 0 { append(separator) }
            write(&self, element)
        }
        append(end)
    }
}

// MARK: - Pieces

extension JSONWriter {
    /// Appends what is JSON already: brackets, commas.
    package mutating func append(_ json: String) {
        bytes.append(contentsOf: json.utf8)
    }

    /// Appends a string in its quotes.
    package mutating func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            var start = 0
            for index in utf8.indices where Self.needsEscape(utf8[index]) {
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start..<index]))
                escape(utf8[index])
                start = index + 1
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start...]))
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
        case UInt8(ascii: "\n") where controls == .readable: append("\\n")
        default:
            append("\\u00")
            for digit in [byte >> 4, byte & 15] {
                bytes.append(digit < 10 ? digit + 0x30 : digit - 10 + 0x61)
            }
        }
    }
}
