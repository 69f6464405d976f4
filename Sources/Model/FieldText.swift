// Values that go into other systems: without line breaks and control characters, and without their tags.

/// Texts of users and rosters, made harmless.
package enum FieldText {
    /// Whether a text is as `cleaned` would leave it.
    package static func isClean(_ text: String) -> Bool {
        // Controls beyond ASCII, and two line breaks, begin with these bytes.
        guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f || $0 == 0xc2 || $0 == 0xe2 }) else {
            return true
        }
        return !text.unicodeScalars.contains { isBreak($0) || isControl($0) }
    }

    /// The text with a blank for line breaks and tabs, and without other control characters.
    package static func cleaned(_ text: String) -> String {
        if isClean(text) { return text }
        var scalars = String.UnicodeScalarView()
        var isBreakDue = false
        for scalar in text.unicodeScalars {
            if isBreak(scalar) {
                isBreakDue = !scalars.isEmpty
            } else if !isControl(scalar) {
                if isBreakDue {
                    if scalar == " " { continue }
                    if scalars.last != " " { scalars.append(" ") }
                    isBreakDue = false
                }
                scalars.append(scalar)
            }
        }
        return String(scalars)
    }

    /// Whether it has one of these beginnings of tags.
    ///
    /// - Parameter end: what has to follow later; nil where a beginning is enough.
    package static func hasTag(_ text: String, _ tags: [String], endingWith end: String? = nil) -> Bool {
        tags.contains { tag in
            guard let rest = text.utf8Rest(after: tag) else { return false }
            return end.map { String(Substring(rest)).utf8Rest(after: $0) != nil } ?? true
        }
    }

    /// The text with a blank within each beginning of a tag: `{{name}}` as `{ {name}}`.
    package static func withoutTags(_ text: String, _ tags: [String]) -> String {
        tags.reduce(text) { text, tag in
            guard text.utf8Rest(after: tag) != nil else { return text }
            let (bytes, marks) = (Array(text.utf8), Array(tag.utf8))
            var result: [UInt8] = []
            for index in bytes.indices {
                result.append(bytes[index])
                if bytes[index...].starts(with: marks) { result.append(0x20) }
            }
            return String(decoding: result, as: UTF8.self)
        }
    }

    private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\t", "\n", "\u{b}", "\u{c}", "\r", "\u{85}", "\u{2028}", "\u{2029}": true
        default: false
        }
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || 0x7f..<0xa0 ~= scalar.value
    }
}

extension String {
    /// What is behind these bytes, however characters are made of them; nil where they are not in it.
    fileprivate func utf8Rest(after other: String) -> Substring.UTF8View? {
        guard let first = other.utf8.first else { return nil }
        var rest = utf8[...]
        while let index = rest.firstIndex(of: first) {
            rest = rest[index...]
            if rest.starts(with: other.utf8) { return rest.dropFirst(other.utf8.count) }
            rest = rest.dropFirst()
        }
        return nil
    }
}
