// The value of a header as bytes: numbers, names, and lists whose members may be quoted.

import Model

extension ArraySlice<UInt8> {
    /// Whether it is that name, in lower case, whatever its own case.
    func isNamed(_ name: String) -> Bool {
        count == name.utf8.count && zip(self, name.utf8).allSatisfy { Self.lowercased($0) == $1 }
    }

    /// What follows that beginning, in lower case, whatever its own case; nil where it begins otherwise.
    func after(_ beginning: String) -> ArraySlice<UInt8>? {
        prefix(beginning.utf8.count).isNamed(beginning) ? dropFirst(beginning.utf8.count) : nil
    }

    /// Cuts off what stands before the next `separator` outside of quotes, without the blanks around it.
    mutating func cut(at separator: UInt8) -> ArraySlice<UInt8> {
        var isQuoted = false
        var index = startIndex
        while index < endIndex, isQuoted || self[index] != separator {
            if self[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
            // A character after a backslash stands for itself (RFC 9651, 3.3.3).
            index += isQuoted && self[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        let end = Swift.min(index, endIndex)
        defer { self = self[Swift.min(end + 1, endIndex)...] }
        return self[..<end].trimmed
    }

    /// Without the blanks around it.
    var trimmed: ArraySlice<UInt8> {
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        let rest = drop(while: isBlank)
        guard let last = rest.lastIndex(where: { !isBlank($0) }) else { return rest }
        return rest[...last]
    }

    /// What is in the quotes; nil where it is not in quotes.
    var unquoted: ArraySlice<UInt8>? {
        let quote = UInt8(ascii: "\"")
        return count >= 2 && first == quote && last == quote ? dropFirst().dropLast() : nil
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}

extension Collection<UInt8> {
    /// The whole number that it is, in decimal digits; the one after `Rate.countMax` stands for all larger
    /// ones.
    var wholeNumber: Int? {
        guard !isEmpty else { return nil }
        var value = 0
        for byte in self {
            guard let digit = Self.digit(byte) else { return nil }
            value = Swift.min(value * 10 + digit, Rate.countMax + 1)
        }
        return value
    }

    /// The whole or decimal number that it is, not negative; 1e18 stands for all larger ones.
    var decimalNumber: Double? {
        var value = 0.0
        var hasDigits = false
        // Of the digit to come; nil before the point.
        var scale: Double?
        for byte in self {
            guard let digit = Self.digit(byte) else {
                guard byte == UInt8(ascii: "."), scale == nil else { return nil }
                scale = 0.1
                continue
            }
            hasDigits = true
            if let place = scale {
                value += Double(digit) * place
                scale = place / 10
            } else {
                value = Swift.min(value * 10 + Double(digit), 1e18)
            }
        }
        return hasDigits ? value : nil
    }

    private static func digit(_ byte: UInt8) -> Int? {
        (0x30...0x39).contains(byte) ? Int(byte - 0x30) : nil
    }
}
