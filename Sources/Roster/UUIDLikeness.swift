// How a text falls short of being a UUID.

import Model

/// Tells, of text that `IdentityID` does not read, why not.
enum UUIDLikeness {
    /// The text as IDs are read: without blanks and guards around it.
    static func bare(_ value: String) -> String {
        var value = value
        return value.withUTF8 { String(decoding: $0.withoutGuards(quotes: true), as: UTF8.self) }
    }

    /// Links carry codes and tokens; they are not to be shown.
    static func mayBeLink(_ text: String) -> Bool {
        let folded = text.lowercased()
        return ["://", "token=", "flow=", "code="].contains { folded.contains($0) }
    }

    static func isAddress(_ text: String) -> Bool {
        guard let at = text.firstIndex(of: "@") else { return false }
        return at != text.startIndex && text[at...].count > 1
    }

    /// A sentence for text that looks like a UUID with something wrong; nil for any other text.
    static func whyNone(_ text: String) -> String? {
        let scalars = Array(text.unicodeScalars)
        guard scalars.count <= 200 else { return nil }
        if isScientific(text), scalars.count >= 5, exponent(text) >= 10 { return scientific }
        if let index = scalars.firstIndex(where: \.isInvisible),
            IdentityID(String(String.UnicodeScalarView(scalars.filter { !$0.isInvisible }))) != nil
        {
            return "its character \(index + 1) is invisible, \(scalars[index].escaped)"
        }
        if hasUUIDInside(scalars) { return "it has other text beside a UUID" }
        let start = text.lowercased().hasPrefix("urn:uuid:") ? 9 : scalars.first == "{" ? 1 : 0
        let end = start == 1 && scalars.last == "}" ? scalars.count - 1 : scalars.count
        let core = scalars[start..<max(start, end)]
        let digits = core.count(where: \.isHexDigit)
        let dashes = core.count { $0 == "-" || $0.properties.generalCategory == .dashPunctuation }
        guard digits >= 16, core.count <= 64, (digits + dashes) * 5 >= core.count * 4 else { return nil }
        return whyNone(core, digits: digits, isBraced: scalars.first == "{")
    }

    private static func whyNone(
        _ core: ArraySlice<Unicode.Scalar>,
        digits: Int,
        isBraced: Bool
    ) -> String {
        if let index = core.firstIndex(where: { !$0.isHexDigit && $0 != "-" }) {
            let scalar = core[index]
            let shown = scalar.isInvisible ? scalar.escaped : "\"\(scalar)\""
            if scalar.properties.generalCategory == .dashPunctuation {
                return "its character \(index + 1), \(shown), is another dash than the hyphen of UUIDs"
            }
            if isBraced, scalar == "}" || scalar == "{" { return "its braces do not match" }
            return "its character \(index + 1), \(shown), is no hexadecimal digit"
        }
        guard digits == 32 else { return "it has \(digits) hexadecimal digits, and a UUID has 32" }
        return isBraced
            ? "its braces do not match, or its hyphens are not after 8, 12, 16 and 20 digits"
            : "its hyphens are not after 8, 12, 16 and 20 digits"
    }

    /// A sentence for any text that an ID column holds.
    static func kind(_ text: String) -> String {
        if isAddress(text) { return "it is an e-mail address" }
        if isScientific(text) { return scientific }
        if text.allSatisfy({ $0.isNumber }) { return "it is a number; a UUID has 32 hexadecimal digits" }
        return "a UUID has 32 hexadecimal digits"
    }

    private static let scientific =
        "it is a number in scientific notation, as a spreadsheet leaves it; export the IDs as text"

    /// `1.23457E+31`, also with a comma.
    private static func isScientific(_ text: String) -> Bool {
        let parts = text.lowercased().split(separator: "e", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return false }
        let mantissa = parts[0].drop { $0 == "+" || $0 == "-" }
        let digits = parts[1].drop { $0 == "+" || $0 == "-" }
        let isNumber = mantissa.allSatisfy { "0123456789.,".contains($0) }
        return isNumber && mantissa.first?.isNumber == true && 1...3 ~= digits.count
            && digits.allSatisfy { "0123456789".contains($0) }
    }

    private static func exponent(_ text: String) -> Int {
        let digits = text.lowercased().split(separator: "e").last?.drop { $0 == "+" || $0 == "-" }
        return digits.flatMap { Int($0) } ?? 0
    }

    /// Whether a whole UUID stands in longer text: with dashes anywhere, or as 32 digits in a row.
    private static func hasUUIDInside(_ scalars: [Unicode.Scalar]) -> Bool {
        guard scalars.count > 32 else { return false }
        for start in scalars.indices where start == 0 || !scalars[start - 1].isHexDigit {
            let run = scalars[start...].prefix(36)
            guard run.count >= 32, run.first?.isHexDigit == true else { continue }
            let after = start + 36 < scalars.count ? scalars[start + 36] : " "
            if run.count == 36, run[start + 8] == "-", !after.isHexDigit, isUUID(run) { return true }
            let next = run.count > 32 ? run[start + 32] : " "
            if !next.isHexDigit, next != "-", run.prefix(32).allSatisfy(\.isHexDigit) { return true }
        }
        return false
    }

    private static func isUUID(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
        IdentityID(String(String.UnicodeScalarView(scalars))) != nil
    }
}

extension Unicode.Scalar {
    fileprivate var isHexDigit: Bool {
        isASCII && Character(self).isHexDigit
    }
}
