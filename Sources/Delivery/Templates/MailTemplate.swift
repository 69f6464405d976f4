// One template, as swift-mustache renders it.
//
// It gets every name as a number, a slot: `{{&12}}`. So columns may be called anything. And it gets no
// values, but whether there are any, and answers with a plan: which texts and which slots follow one another.
// Most mails of a campaign have the same plan, so it is asked seldom. No value can be taken for a template.

import Model
import Mustache

/// One file of templates.
struct MailTemplate: Sendable {
    /// What a tag stands for.
    enum Slot: Hashable, Sendable {
        /// A variable.
        case value(String, isRaw: Bool)
        /// Of a section: whether there is a value.
        case condition(String)
        /// Text of the template: swift-mustache takes long for much of it, and for it a brace with a mark
        /// after it is no brace.
        case literal(String)
    }

    let source: TemplateSource
    let slots: [Slot]
    private let mustache: MustacheTemplate

    init(_ source: TemplateSource) throws(MailTemplateError) {
        var builder = Builder()
        for (index, piece) in source.pieces.enumerated() {
            switch piece {
            case .text(let text): builder.add(text, isLast: index == source.pieces.count - 1)
            case .tag(let tag): builder.add(tag)
            }
        }
        self.source = source
        slots = builder.slots
        do {
            mustache = try MustacheTemplate(string: builder.text)
        } catch {
            // `TemplateSource` refuses what the parser does.
            throw MailTemplateError(.syntax, at: source.file, "it is no Mustache template: \(error)")
        }
    }

    /// What a mail is made of, one after the other.
    enum Part: Hashable, Sendable {
        case text(String)
        /// The value of a slot.
        case value(Int)
    }

    /// The parts of a mail whose conditions hold as said.
    ///
    /// - Parameter holds: by slots; those of no condition do not matter.
    func plan(_ holds: [Bool]) -> [Part] {
        let text = mustache.render(PlanRow(slots: slots, holds: holds))
        // A template has no NUL: whatever is between two of them is a slot's number.
        return text.utf8.split(separator: 0, omittingEmptySubsequences: false).enumerated().compactMap {
            index,
            bytes in
            let text = String(Substring(bytes))
            if !index.isMultiple(of: 2), let slot = Int(text) { return .value(slot) }
            return text.isEmpty ? nil : .text(text)
        }
    }

    /// Stands for a mail while its plan is made.
    private struct PlanRow: MustacheParent {
        let slots: [Slot]
        let holds: [Bool]

        func child(named name: String) -> Any? {
            guard let number = Int(name), slots.indices.contains(number) else { return nil }
            return switch slots[number] {
            case .literal(let text): text
            case .condition: holds[number]
            case .value: "\0\(number)\0"
            }
        }
    }

    /// Writes the text for the parser.
    private struct Builder {
        var text = ""
        var slots: [Slot] = []
        private var numbers: [Slot: Int] = [:]

        mutating func add(_ tag: TemplateTag) {
            let number = tag.kind == .comment ? 0 : number(of: tag)
            switch tag.kind {
            case .comment: text += "{{!}}"
            case .variable, .rawVariable: text += "{{&\(number)}}"
            case .section: text += "{{#\(number)}}"
            case .invertedSection: text += "{{^\(number)}}"
            case .end: text += "{{/\(number)}}"
            }
        }

        /// Blanks and line breaks stay around tags: whether a section's tag is alone on its line depends on
        /// them.
        mutating func add(_ chunk: String, isLast: Bool) {
            let bytes = chunk.utf8
            let newline = UInt8(ascii: "\n")
            guard let first = bytes.firstIndex(of: newline), let last = bytes.lastIndex(of: newline) else {
                return put(Substring(chunk), mayStay: !isLast)
            }
            put(chunk[..<first], mayStay: true)
            text += "\n"
            if first < last {
                put(chunk[bytes.index(after: first)..<last], mayStay: false)
                text += "\n"
            }
            put(chunk[bytes.index(after: last)...], mayStay: !isLast)
        }

        private mutating func put(_ part: Substring, mayStay: Bool) {
            let isBlank = part.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }
            if part.isEmpty || isBlank && mayStay {
                text += part
            } else {
                text += "{{&\(number(of: .literal(String(part))))}}"
            }
        }

        private mutating func number(of tag: TemplateTag) -> Int {
            number(
                of: tag.isVariable ? .value(tag.name, isRaw: tag.kind == .rawVariable) : .condition(tag.name)
            )
        }

        private mutating func number(of slot: Slot) -> Int {
            if let number = numbers[slot] { return number }
            numbers[slot] = slots.count
            slots.append(slot)
            return slots.count - 1
        }
    }
}
