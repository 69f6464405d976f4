// Text for people's eyes: what cannot be seen is written out.

extension Unicode.Scalar {
    /// Whether a character shows nothing, or looks like an ordinary blank without being one.
    ///
    /// Controls, format characters (bidirectional ones and those without width among them), every blank but
    /// the space, and what Unicode calls default ignorable.
    package var isInvisible: Bool {
        if isASCII { return value < 0x20 || value == 0x7f }
        switch properties.generalCategory {
        case .control, .format, .spaceSeparator, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned:
            return true
        default:
            // U+2800 is a pattern of Braille without a dot.
            return properties.isDefaultIgnorableCodePoint || value == 0x2800
        }
    }

    /// `\u00a0`; above U+FFFF `\u{e0001}`.
    package var escaped: String {
        UInt16(exactly: value)?.escaped ?? "\\u{\(String(value, radix: 16))}"
    }
}

extension UInt16 {
    /// A unit of UTF-16 as JSON has it: `\u00a0`.
    package var escaped: String {
        let digits = String(self, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}

extension StringProtocol {
    /// The text with its invisible characters written as `\u00a0`, cut at so many characters; no escape is
    /// cut.
    package func showingInvisible(max: Int = .max) -> String {
        var shown = ""
        var count = 0
        for scalar in unicodeScalars {
            let escape = scalar.isInvisible ? scalar.escaped : nil
            count += escape?.unicodeScalars.count ?? 1
            guard count <= max else { break }
            if let escape { shown += escape } else { shown.unicodeScalars.append(scalar) }
        }
        return shown
    }
}
