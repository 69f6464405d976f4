// Tags of other mailing systems: they would be in the mail as they are written.

import Model

/// Recognises how other systems write a field.
enum ForeignTags {
    /// The first of them in a text outside of Mustache's tags; nil without any.
    ///
    /// - Returns: as it is written, and how many scalars are before it.
    static func first(in text: String) -> (tag: String, offset: Int)? {
        let scalars = Array(text.unicodeScalars)
        for index in scalars.indices where starts.contains(scalars[index]) {
            let rest = scalars[index...]
            if let tag = tag(in: rest) { return (tag, index) }
        }
        return nil
    }

    /// Whether what stands between two braces is no name, but another system's way to say one.
    static func isForeign(name: String) -> Bool {
        name.hasPrefix(".") || name.contains { "|()$\"'".contains($0) }
            || ["end", "else"].contains(name)
            || prefixes.contains { name.lowercased().hasPrefix($0) }
    }

    /// Go's templates and Liquid, Brevo, Keila, HubSpot, Customer.io, Mailjet, Mailgun.
    private static let prefixes = [
        "if ", "range ", "with ", "params.", "contact.", "customer.", "person.", "var:", "recipient.",
        "subscriber.",
    ]

    private static let starts = Set("*%[$<{".unicodeScalars)
    private static let lengthMax = 60

    /// Openings that are enough, with what ends them.
    private static let pairs: [(opening: String, closing: String)] = [
        ("*|", "|*"), ("%recipient", "%"), ("[[", "]]"), ("${", "}"), ("<%", "%>"), ("{%", "%}"),
        ("{contactfield=", "}"),
    ]

    private static func tag(in rest: ArraySlice<Unicode.Scalar>) -> String? {
        for pair in pairs where rest.starts(with: pair.opening.unicodeScalars) {
            let body = rest.dropFirst(pair.opening.unicodeScalars.count).prefix(lengthMax)
            if let end = end(of: pair.closing, in: body) { return text(rest[rest.startIndex..<end]) }
        }
        return capitals(rest) ?? singleBraces(rest)
    }

    /// `%RECOVERY_CODE%` and `[RECOVERY CODE]`.
    private static func capitals(_ rest: ArraySlice<Unicode.Scalar>) -> String? {
        let closing: Unicode.Scalar = rest.first == "%" ? "%" : "]"
        guard rest.first == "%" || rest.first == "[" else { return nil }
        let body = rest.dropFirst().prefix(lengthMax)
        guard let end = body.firstIndex(of: closing) else { return nil }
        let name = body[..<end]
        let isName = name.allSatisfy { "A"..."Z" ~= $0 || "0"..."9" ~= $0 || $0 == "_" || $0 == " " }
        let isOurs = words.contains { text(name).contains($0) }
        return isName && isOurs ? text(rest[rest.startIndex...end]) : nil
    }

    /// What such names speak of: capitals between percent signs or brackets may be text as well.
    private static let words = ["CODE", "LINK", "NAME", "MAIL", "URL", "EXPIRES", "TOKEN"]

    /// `{code}`: one brace where two are needed.
    private static func singleBraces(_ rest: ArraySlice<Unicode.Scalar>) -> String? {
        guard rest.first == "{" else { return nil }
        let body = rest.dropFirst().prefix(lengthMax)
        guard let end = body.firstIndex(of: "}") else { return nil }
        let name = text(body[..<end]).withoutBlanksAround.lowercased()
        return MailField(rawValue: name) == nil ? nil : text(rest[rest.startIndex...end])
    }

    private static func end(of mark: String, in body: ArraySlice<Unicode.Scalar>) -> Int? {
        let mark = Array(mark.unicodeScalars)
        let index = body.indices.first { body[$0...].starts(with: mark) }
        return index.map { $0 + mark.count }
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        String(String.UnicodeScalarView(scalars))
    }
}
