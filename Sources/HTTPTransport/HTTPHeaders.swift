// The header of an answer: kept as the bytes that came, and read when someone asks.

import Glibc

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
        forEachField { name, value in
            fields.append(
                HTTPHeader(
                    name: String(decoding: name, as: UTF8.self),
                    value: String(decoding: value, as: UTF8.self)
                )
            )
        }
        return fields
    }

    /// Hands over the name and the value of each field, in the order they came.
    ///
    /// As the bytes that came, and without making anything of them: for what is looked for in every answer.
    package func forEachField(_ body: (_ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) -> Void) {
        forEachLine { line in
            if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
                body(line[..<colon], Self.trimmed(line[(colon + 1)...]))
            }
            return true
        }
    }

    /// Hands over line after line, until the body returns false.
    private func forEachLine(_ body: (ArraySlice<UInt8>) -> Bool) {
        var start = 0
        while let end = indexOfLineFeed(from: start), body(lines[start..<end]) { start = end + 1 }
    }

    private func indexOfLineFeed(from start: Int) -> Int? {
        lines.withUnsafeBytes { bytes in
            // What is behind the last line feed is no line.
            guard start < bytes.count, let base = bytes.baseAddress,
                let found = memchr(base + start, 0x0a, bytes.count - start)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }

    private static func value(of line: ArraySlice<UInt8>, ifNamed name: String) -> String? {
        let name = name.utf8
        let colon = line.startIndex + name.count
        guard colon < line.endIndex, line[colon] == UInt8(ascii: ":"),
            zip(line, name).allSatisfy({ lowercased($0) == lowercased($1) })
        else { return nil }
        return String(decoding: trimmed(line[(colon + 1)...]), as: UTF8.self)
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    private static func trimmed(_ value: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var (start, end) = (value.startIndex, value.endIndex)
        while start < end, value[start] == 0x20 || value[start] == 0x09 { start += 1 }
        while start < end, value[end - 1] == 0x20 || value[end - 1] == 0x09 || value[end - 1] == 0x0d {
            end -= 1
        }
        return value[start..<end]
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
