// The tags of a template.

/// One tag of a template.
struct TemplateTag: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// `{{name}}`
        case variable
        /// `{{{name}}}` and `{{&name}}`: without escaping.
        case rawVariable
        /// `{{#name}}`
        case section
        /// `{{^name}}`
        case invertedSection
        /// `{{/name}}`
        case end
        /// `{{! … }}`
        case comment
    }

    var kind: Kind
    /// Empty for a comment.
    var name: String
    var position: TemplatePosition
    /// Behind its last brace.
    var end: TemplatePosition

    var isVariable: Bool { kind == .variable || kind == .rawVariable }
}

/// A place in a file, both numbers from 1; columns count characters as Unicode's scalars.
struct TemplatePosition: Hashable, Comparable, Sendable {
    var line: Int
    var column: Int

    static func < (left: Self, right: Self) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }

    var text: String { "\(line):\(column)" }
}
