// Reads a template's text into its tags and what lies between them.
//
// swift-mustache keeps its tokens to itself, takes ASCII names alone, and compares whole characters: a tag
// with a combining mark after it is none for it. So tags are read here, byte by byte, and it gets them as
// numbers (`MailTemplate`).

import Model

/// A template's text, in pieces.
struct TemplateSource: Sendable {
    enum Piece: Hashable, Sendable {
        case text(String)
        case tag(TemplateTag)
    }

    /// As messages name it: `de/html.mustache`.
    let file: String
    let pieces: [Piece]

    static let tagsMax = 1000
    static let depthMax = 20

    /// - Throws: `MailTemplateError` with the line and the column of what is no tag, or none that works here.
    init(_ text: String, file: String) throws(MailTemplateError) {
        var reader = Reader(text, file: file)
        pieces = try reader.pieces()
        self.file = file
    }

    var tags: [TemplateTag] {
        pieces.compactMap { if case .tag(let tag) = $0 { tag } else { nil } }
    }

    /// The variables that are rendered whether or not they have a value: no section of their name is around.
    var unguardedVariables: [TemplateTag] {
        var conditions: [String?] = []
        return tags.filter { tag in
            switch tag.kind {
            case .section: conditions.append(tag.name)
            case .invertedSection: conditions.append(nil)
            case .end: conditions.removeLast()
            case .comment: break
            case .variable, .rawVariable: return !conditions.contains(tag.name)
            }
            return false
        }
    }
}

/// Goes through a text once.
private struct Reader {
    private let bytes: [UInt8]
    private let file: String
    private var index = 0
    private var position = TemplatePosition(line: 1, column: 1)
    private var open: [TemplateTag] = []

    private static let opening = Array("{{".utf8)
    private static let closing = Array("}}".utf8)

    init(_ text: String, file: String) {
        bytes = Array(text.utf8)
        self.file = file
    }

    mutating func pieces() throws(MailTemplateError) -> [TemplateSource.Piece] {
        var pieces: [TemplateSource.Piece] = []
        var count = 0
        while index < bytes.count {
            let start = index
            while index < bytes.count, !isAt(Self.opening) { advance(to: index + 1) }
            if index > start { pieces.append(.text(String(decoding: bytes[start..<index], as: UTF8.self))) }
            guard index < bytes.count else { break }
            let tag = try tag()
            count += 1
            guard count <= TemplateSource.tagsMax else {
                throw error(tag.position, "there are more than \(TemplateSource.tagsMax) tags", "use fewer")
            }
            try nest(tag)
            pieces.append(.tag(tag))
        }
        if let section = open.last {
            throw error(
                section.position,
                "the section \"\(section.name)\" has no end",
                "close it by {{/\(section.name)}}"
            )
        }
        return pieces
    }

    private mutating func nest(_ tag: TemplateTag) throws(MailTemplateError) {
        switch tag.kind {
        case .section, .invertedSection:
            open.append(tag)
            guard open.count <= TemplateSource.depthMax else {
                throw error(
                    tag.position,
                    "more than \(TemplateSource.depthMax) sections are in one another",
                    "use fewer"
                )
            }
        case .end:
            guard let section = open.popLast(), section.name == tag.name else {
                let message: Wording = "{{/\(tag.name)}} closes a section that is not open here"
                throw error(
                    tag.position,
                    message,
                    "open it by {{#\(tag.name)}}, or close the inner one first"
                )
            }
        case .variable, .rawVariable, .comment: break
        }
    }

    /// Reads the tag that begins here.
    private mutating func tag() throws(MailTemplateError) -> TemplateTag {
        let start = position
        advance(to: index + Self.opening.count)
        let sign = index < bytes.count ? bytes[index] : 0
        let kind: TemplateTag.Kind
        switch sign {
        case UInt8(ascii: "{"), UInt8(ascii: "&"): kind = .rawVariable
        case UInt8(ascii: "#"): kind = .section
        case UInt8(ascii: "^"): kind = .invertedSection
        case UInt8(ascii: "/"): kind = .end
        case UInt8(ascii: "!"): kind = .comment
        case UInt8(ascii: ">"), UInt8(ascii: "<"), UInt8(ascii: "$"):
            throw error(start, "templates cannot include one another", "put the text into this file")
        case UInt8(ascii: "="):
            throw error(start, "the braces of tags cannot be changed", "write tags as {{name}}")
        case UInt8(ascii: "%"):
            throw error(start, "there are no settings in templates", "remove the tag")
        default: kind = .variable
        }
        if kind != .variable { advance(to: index + 1) }
        let end = sign == UInt8(ascii: "{") ? Self.closing + [UInt8(ascii: "}")] : Self.closing
        let content = try content(until: end, from: start, mayHaveLines: kind == .comment)
        let name = kind == .comment ? "" : content.withoutBlanksAround
        if kind != .comment {
            guard !name.isEmpty, name != ".", !name.contains(where: { $0 == "{" || $0 == "}" }) else {
                throw error(
                    start,
                    "this tag names no field: {{\(content.showingInvisible(max: 40))}}",
                    "write the name of a field or of a column between the braces"
                )
            }
        }
        return TemplateTag(kind: kind, name: name, position: start, end: position)
    }

    private mutating func content(
        until end: [UInt8],
        from start: TemplatePosition,
        mayHaveLines: Bool
    ) throws(MailTemplateError) -> String {
        let first = index
        while index < bytes.count, !isAt(end) {
            guard mayHaveLines || bytes[index] != UInt8(ascii: "\n") else { break }
            advance(to: index + 1)
        }
        guard isAt(end) else {
            let braces = String(decoding: end, as: UTF8.self)
            throw error(start, "the tag has no end", "close it by \(braces) on the same line")
        }
        let content = String(decoding: bytes[first..<index], as: UTF8.self)
        advance(to: index + end.count)
        return content
    }

    private func isAt(_ mark: [UInt8]) -> Bool {
        index + mark.count <= bytes.count && bytes[index..<index + mark.count].elementsEqual(mark)
    }

    private mutating func advance(to end: Int) {
        while index < min(end, bytes.count) {
            if bytes[index] == UInt8(ascii: "\n") {
                position = TemplatePosition(line: position.line + 1, column: 0)
            }
            index += 1
            // Continuation bytes are of the character before.
            if index == bytes.count || bytes[index] & 0xc0 != 0x80 { position.column += 1 }
        }
    }

    private func error(
        _ position: TemplatePosition,
        _ message: Wording,
        _ advice: Wording
    ) -> MailTemplateError {
        MailTemplateError(.syntax, at: "\(file):\(position.text)", message, advice: advice)
    }
}

extension StringProtocol {
    /// The text without spaces, tabs and line breaks around it.
    var withoutBlanksAround: String {
        let scalars = unicodeScalars
        let isBlank = { (scalar: Unicode.Scalar) in " \t\r\n".unicodeScalars.contains(scalar) }
        guard let first = scalars.firstIndex(where: { !isBlank($0) }),
            let last = scalars.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(String.UnicodeScalarView(scalars[first...last]))
    }
}
