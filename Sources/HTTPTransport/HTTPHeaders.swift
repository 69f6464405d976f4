// The header of an answer: kept as the bytes that came, and read when someone asks.

/// The fields of an answer's header, looked up by name whatever its case.
///
/// Of most answers at most one or two fields are ever read, so no field is made a `String` before that.
package struct HTTPHeaders: Sendable {
    /// The lines `Name: value`, each ended by a line feed, without the status line.
    private let lines: [UInt8]

    init(lines: [UInt8]) {
        self.lines = lines
    }

    package init(_ fields: [HTTPHeader]) {
        lines = fields.flatMap { Array("\($0.name): \($0.value)\r\n".utf8) }
    }

    /// The value of the first field of that name; nil where there is none.
    package subscript(name: String) -> String? {
        var found: String?
        forEachLine { line in
            found = Self.value(of: line, ifNamed: name)
            return found == nil
        }
        return found
    }

    /// The values of all fields of that name, in the order they came.
    package func values(_ name: String) -> [String] {
        var values: [String] = []
        forEachLine { line in
            if let value = Self.value(of: line, ifNamed: name) { values.append(value) }
            return true
        }
        return values
    }

    /// All fields, in the order they came.
    package var fields: [HTTPHeader] {
        var fields: [HTTPHeader] = []
        forEachLine { line in
            if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
                let name = String(decoding: line[..<colon], as: UTF8.self)
                fields.append(HTTPHeader(name: name, value: Self.trimmed(line[(colon + 1)...])))
            }
            return true
        }
        return fields
    }

    /// Hands over line after line, until the body returns false.
    private func forEachLine(_ body: (ArraySlice<UInt8>) -> Bool) {
        var rest = lines[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            guard body(rest[..<end]) else { return }
            rest = rest[(end + 1)...]
        }
    }

    private static func value(of line: ArraySlice<UInt8>, ifNamed name: String) -> String? {
        let name = name.utf8
        let colon = line.startIndex + name.count
        guard colon < line.endIndex, line[colon] == UInt8(ascii: ":"),
            zip(line, name).allSatisfy({ lowercased($0) == lowercased($1) })
        else { return nil }
        return trimmed(line[(colon + 1)...])
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    private static func trimmed(_ value: ArraySlice<UInt8>) -> String {
        var value = value
        while let first = value.first, first == 0x20 || first == 0x09 { value.removeFirst() }
        while let last = value.last, last == 0x20 || last == 0x09 || last == 0x0d { value.removeLast() }
        return String(decoding: value, as: UTF8.self)
    }
}

extension HTTPHeaders: ExpressibleByArrayLiteral {
    package init(arrayLiteral fields: HTTPHeader...) {
        self.init(fields)
    }
}

extension HTTPHeaders: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The names of the fields, without their values: a `Location` may hold a code, a `Set-Cookie` a session.
    package var description: String { fields.map(\.name).joined(separator: ", ") }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["names": description]) }
}
