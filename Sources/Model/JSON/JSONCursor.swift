// The reader of JSON: a cursor over bytes, which keeps every value as it is spelled.

/// Text at an offset is no JSON (RFC 8259).
package struct MalformedJSON: Error, Hashable {
    package let offset: Int

    @inlinable package init(offset: Int) { self.offset = offset }
}

/// Moves over one JSON text.
///
/// It reads the text in the order in which it stands, one token a call. What is passed is checked, except the
/// insides of strings that nobody looks at. A caller that has to bound the depth of nesting does so before:
/// `pass` recurses. The bytes have to outlive the cursor, so it is used within `withUnsafeBufferPointer`
/// only.
@frozen package struct JSONCursor {
    package let bytes: UnsafeBufferPointer<UInt8>
    package var position = 0

    @inlinable package init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// An error at the cursor.
    @inlinable package var malformed: MalformedJSON { MalformedJSON(offset: position) }

    /// The next byte that is no blank, which is not passed; nil at the end.
    @inlinable package mutating func peek() -> UInt8? {
        while position < bytes.count {
            let byte = bytes[position]
            guard byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else { return byte }
            position += 1
        }
        return nil
    }

    /// Passes blanks and this byte; false where another byte comes.
    @inlinable package mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        position += 1
        return true
    }
}

// MARK: - Objects and lists

extension JSONCursor {
    @frozen package enum Container: UInt8 {
        // The byte that ends it.
        case object = 0x7d, list = 0x5d
    }

    /// Passes the bracket that opens an object or a list; false where it is empty, whose end is passed too.
    @inlinable package mutating func enter(_ container: Container) -> Bool {
        position += 1
        return !take(container.rawValue)
    }

    /// Passes what comes after a member or an element; false at the container's end, which is passed too.
    @inlinable package mutating func goesOn(in container: Container) throws(MalformedJSON) -> Bool {
        let byte = peek()
        position += 1
        if byte == UInt8(ascii: ",") { return true }
        guard byte == container.rawValue else { throw malformed }
        return false
    }

    /// Passes a member's name and its colon.
    @inlinable package mutating func key() throws(MalformedJSON) -> JSONString {
        guard peek() == UInt8(ascii: "\"") else { throw malformed }
        let key = try string()
        guard take(UInt8(ascii: ":")) else { throw malformed }
        return key
    }

    /// Passes any value.
    package mutating func pass() throws(MalformedJSON) {
        switch peek() {
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "{"):
            guard enter(.object) else { return }
            repeat {
                _ = try key()
                try pass()
            } while try goesOn(in: .object)
        case UInt8(ascii: "["):
            guard enter(.list) else { return }
            repeat { try pass() } while try goesOn(in: .list)
        default: _ = try word()
        }
    }

    /// Passes a value by its brackets and quotes alone, for a text that a decoder has accepted; returns its
    /// bytes.
    package mutating func passUnchecked() -> UnsafeBufferPointer<UInt8> {
        _ = peek()
        let start = position
        var depth = 0
        passing: while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                guard (try? string()) != nil else {
                    position = bytes.count
                    break passing
                }
                if depth == 0 { break passing }
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { break passing }
                depth -= 1
                position += 1
                if depth == 0 { break passing }
            case UInt8(ascii: ","), 0x20, 0x0a, 0x0d, 0x09:
                if depth == 0 { break passing }
                position += 1
            default: position += 1
            }
        }
        return UnsafeBufferPointer(rebasing: bytes[start..<position])
    }
}

// MARK: - Scalars

extension JSONCursor {
    /// The longest number that is read.
    package static let wordBytesMax = 1024

    /// Passes the string at the cursor, whose quote is not looked at again.
    @inlinable package mutating func string() throws(MalformedJSON) -> JSONString {
        position += 1
        let start = position
        var hasEscapes = false
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                position += 1
                return JSONString(
                    UnsafeBufferPointer(rebasing: bytes[start..<position - 1]),
                    hasEscapes: hasEscapes
                )
            }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                position += 1
            }
            position += 1
        }
        throw malformed
    }

    /// Passes a string of printable ASCII without escapes; nil where something else comes.
    @inlinable package mutating func plainString() -> UnsafeBufferPointer<UInt8>? {
        guard peek() == UInt8(ascii: "\"") else { return nil }
        let start = position + 1
        var end = start
        while end < bytes.count {
            let byte = bytes[end]
            if byte == UInt8(ascii: "\"") {
                position = end + 1
                return UnsafeBufferPointer(rebasing: bytes[start..<end])
            }
            guard byte >= 0x20, byte <= 0x7e, byte != UInt8(ascii: "\\") else { return nil }
            end += 1
        }
        return nil
    }

    /// Passes `true`, `false`, `null` or a number, as it is spelled.
    package mutating func word() throws(MalformedJSON) -> String {
        let start = position
        passing: while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), 0x20, 0x0a, 0x0d, 0x09:
                break passing
            default: position += 1
            }
        }
        let raw = UnsafeBufferPointer(rebasing: bytes[start..<position])
        guard raw.count <= Self.wordBytesMax else { throw malformed }
        let word = String(decoding: raw, as: UTF8.self)
        guard word == "true" || word == "false" || word == "null" || raw.isJSONNumber else {
            position = start
            throw malformed
        }
        return word
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// RFC 8259: `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`.
    fileprivate var isJSONNumber: Bool {
        var position = 0
        func digits() -> Int {
            let start = position
            while position < count, 0x30...0x39 ~= self[position] { position += 1 }
            return position - start
        }
        func accept(_ bytes: StaticString) -> Bool {
            guard position < count else { return false }
            let isAccepted = bytes.withUTF8Buffer { $0.contains(self[position]) }
            if isAccepted { position += 1 }
            return isAccepted
        }
        _ = accept("-")
        if !accept("0"), digits() == 0 { return false }
        if accept("."), digits() == 0 { return false }
        if accept("eE") {
            _ = accept("+-")
            if digits() == 0 { return false }
        }
        return position == count
    }
}
