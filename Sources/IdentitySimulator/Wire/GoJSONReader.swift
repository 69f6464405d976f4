// Reads a request body as Go's `encoding/json` does, down to the words it has for what it cannot read.

/// What stands at a place in a JSON text.
enum JSONValue: Hashable, Sendable {
    case string(String)
    /// The digits as they were written.
    case number(String)
    case bool, object, array, null

    /// The name of the kind in Go's complaints.
    var goName: String {
        switch self {
        case .string: "string"
        case .number: "number"
        case .bool: "bool"
        case .object: "object"
        case .array: "array"
        case .null: "null"
        }
    }
}

/// A complaint in the words of Go's `encoding/json`.
struct GoJSONError: Error, Hashable, Sendable {
    let text: String
}

/// Checks the first JSON value of a text and gives the members of that value, if it is an object.
///
/// What comes after the first value is not looked at, since Go's `json.Decoder` doesn't either.
struct GoJSONReader {
    let bytes: UnsafeRawBufferPointer
    private(set) var position = 0
    /// The objects and arrays that have begun and not ended, the innermost last.
    private(set) var open: [JSONValue] = []

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// Reads the value; members come in the order of the text, repeated ones too.
    ///
    /// Nesting is followed with a list and not by recursion: a thread's stack is no match for 10,000
    /// brackets.
    mutating func read() throws(GoJSONError) -> (
        value: JSONValue, members: [(name: String, value: JSONValue)]
    ) {
        skipBlanks()
        guard position < bytes.count else { throw GoJSONError(text: "EOF") }
        var first: JSONValue?
        var name = ""
        var members: [(name: String, value: JSONValue)] = []
        // Each round reads one value, or opens one, and then closes what ends after it.
        repeat {
            skipBlanks()
            let isMember = open.count == 1 && open[0] == .object
            let value = try self.value()
            first = first ?? value
            if isMember { members.append((name, value)) }
            if value == .object || value == .array, try !closes(value) {
                if value == .object { name = try self.name() }
                continue
            }
            while let container = open.last, try !goesOn(container) {}
            if open.last == .object { name = try self.name() }
        } while !open.isEmpty
        return (first ?? .null, members)
    }

    /// Reads a whole value, or no more than the bracket that opens one.
    mutating func value() throws(GoJSONError) -> JSONValue {
        switch try peek() {
        case UInt8(ascii: "{"): return try opened(.object)
        case UInt8(ascii: "["): return try opened(.array)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool)
        case UInt8(ascii: "f"): return try literal("false", .bool)
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            let start = position
            try number()
            let digits = UnsafeRawBufferPointer(rebasing: bytes[start..<position])
            return .number(String(decoding: digits, as: UTF8.self))
        default: throw invalid("looking for beginning of value")
        }
    }

    private mutating func opened(_ container: JSONValue) throws(GoJSONError) -> JSONValue {
        position += 1
        open.append(container)
        guard open.count <= 10_000 else { throw GoJSONError(text: "exceeded max depth") }
        return container
    }

    /// Whether the container ends here, right after its bracket or a value.
    mutating func closes(_ container: JSONValue) throws(GoJSONError) -> Bool {
        skipBlanks()
        guard try peek() == (container == .object ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
            return false
        }
        position += 1
        open.removeLast()
        return true
    }

    /// Whether another value follows in the container; closes it where it ends here.
    mutating func goesOn(_ container: JSONValue) throws(GoJSONError) -> Bool {
        if try closes(container) { return false }
        guard try peek() == UInt8(ascii: ",") else {
            throw invalid(container == .object ? "after object key:value pair" : "after array element")
        }
        position += 1
        return true
    }

    /// Reads the name of a member up to its value.
    mutating func name() throws(GoJSONError) -> String {
        skipBlanks()
        guard try peek() == UInt8(ascii: "\"") else {
            throw invalid("looking for beginning of object key string")
        }
        let name = try string()
        skipBlanks()
        guard try peek() == UInt8(ascii: ":") else { throw invalid("after object key") }
        position += 1
        return name
    }

    private mutating func literal(_ text: StaticString, _ value: JSONValue) throws(GoJSONError) -> JSONValue {
        let word = String(describing: text)
        position += 1
        for letter in word.utf8.dropFirst() {
            guard try peek() == letter else {
                throw invalid("in literal \(word) (expecting \(JSONText.quotedCharacter(letter)))")
            }
            position += 1
        }
        return value
    }

    private mutating func number() throws(GoJSONError) {
        if bytes[position] == UInt8(ascii: "-") {
            position += 1
            guard Self.isDigit(try peek()) else { throw invalid("in numeric literal") }
        }
        if bytes[position] == UInt8(ascii: "0") { position += 1 } else { skipDigits() }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            guard Self.isDigit(try peek()) else { throw invalid("after decimal point in numeric literal") }
            skipDigits()
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(try peek()) { position += 1 }
            guard Self.isDigit(try peek()) else { throw invalid("in exponent of numeric literal") }
            skipDigits()
        }
    }
}

extension GoJSONReader {
    private mutating func string() throws(GoJSONError) -> String {
        position += 1
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            if bytes[position] == UInt8(ascii: "\\") { return try escapedString(from: start) }
            guard bytes[position] >= 0x20 else { throw invalid("in string literal") }
            position += 1
        }
        _ = try peek()
        defer { position += 1 }
        return String(decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
    }

    /// Reads on from the first backslash of the string that began at `start`.
    private mutating func escapedString(from start: Int) throws(GoJSONError) -> String {
        var text = Array(bytes[start..<position])
        var surrogate: UInt32?
        while true {
            let byte = try peek()
            guard byte == UInt8(ascii: "\\") else {
                if byte == UInt8(ascii: "\"") { break }
                guard byte >= 0x20 else { throw invalid("in string literal") }
                text.append(byte)
                surrogate = nil
                position += 1
                continue
            }
            position += 1
            let escape = try peek()
            if escape == UInt8(ascii: "u") {
                let unit = try hexUnit()
                if let high = surrogate, (0xdc00...0xdfff).contains(unit) {
                    // The replacement character written for the first half gives way to the pair.
                    text.removeLast(3)
                    append(0x10000 + (high - 0xd800) << 10 + unit - 0xdc00, to: &text)
                    surrogate = nil
                } else {
                    append(unit, to: &text)
                    surrogate = (0xd800...0xdbff).contains(unit) ? unit : nil
                }
                continue
            }
            guard let plain = Self.escapes[escape] else { throw invalid("in string escape code") }
            text.append(plain)
            surrogate = nil
            position += 1
        }
        position += 1
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func hexUnit() throws(GoJSONError) -> UInt32 {
        position += 1
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(try peek())).hexDigitValue else {
                throw invalid("in \\u hexadecimal character escape")
            }
            unit = unit << 4 | UInt32(digit)
            position += 1
        }
        return unit
    }

    private func append(_ code: UInt32, to text: inout [UInt8]) {
        text.append(contentsOf: String(Unicode.Scalar(code) ?? "\u{fffd}").utf8)
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "\\"): UInt8(ascii: "\\"),
        UInt8(ascii: "/"): UInt8(ascii: "/"), UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0c,
        UInt8(ascii: "n"): 0x0a, UInt8(ascii: "r"): 0x0d, UInt8(ascii: "t"): 0x09,
    ]

    private func peek() throws(GoJSONError) -> UInt8 {
        guard position < bytes.count else { throw GoJSONError(text: "unexpected EOF") }
        return bytes[position]
    }

    private func invalid(_ place: String) -> GoJSONError {
        GoJSONError(text: "invalid character \(JSONText.quotedCharacter(bytes[position])) \(place)")
    }

    mutating func skipBlanks() {
        while position < bytes.count, Self.isBlank(bytes[position]) { position += 1 }
    }

    private mutating func skipDigits() {
        while position < bytes.count, Self.isDigit(bytes[position]) { position += 1 }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
