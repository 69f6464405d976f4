// The forms that settings' texts have: numbers, durations, choices and others.

import ArgumentParser
import Foundation
import Model

/// How a setting's text becomes a value.
struct SettingForm<Value: Sendable>: Sendable {
    /// What stands for the value in `--help`.
    var placeholder: String
    var isPath = false
    /// Whether no text is refused, but for an empty one.
    var takesAnyText = false
    /// - Throws: `ValidationError`, which names the text's origin.
    let read: @Sendable (SettingText) throws -> Value

    /// - Parameters:
    ///   - words: what the text has to look like, for the error.
    ///   - parse: nil for a text that does not.
    static func parsed(
        _ words: String,
        _ placeholder: String,
        _ parse: @escaping @Sendable (String) -> Value?
    ) -> SettingForm {
        SettingForm(placeholder: placeholder) { text in
            guard let value = parse(text.text) else { throw text.isNot(words) }
            return value
        }
    }

    /// The same form for a setting that need not be given.
    var optional: SettingForm<Value?> {
        SettingForm<Value?>(placeholder: placeholder) { [read] in try read($0) }
    }

    /// A list whose parts have a form.
    static func each<Part: Sendable>(_ form: SettingForm<Part>) -> SettingForm where Value == [Part] {
        SettingForm(placeholder: form.placeholder, isPath: form.isPath) { text in
            try text.list.map { try form.read(text.part($0)) }
        }
    }
}

extension SettingForm where Value == String {
    /// Any text.
    static func text(_ placeholder: String) -> SettingForm {
        SettingForm(placeholder: placeholder, takesAnyText: true) { $0.text }
    }

    /// A path of a file or a folder.
    static func path(_ placeholder: String = "file") -> SettingForm {
        SettingForm(placeholder: placeholder, isPath: true, takesAnyText: true) { $0.text }
    }
}

extension SettingForm where Value == Bool {
    static var onOrOff: SettingForm {
        SettingForm(placeholder: "") { text in
            switch text.text.lowercased() {
            case "true", "yes", "on", "1": return true
            case "false", "no", "off", "0": return false
            default: throw ValidationError("\(text.origin): \"\(text.text)\" is neither true nor false")
            }
        }
    }
}

extension SettingForm where Value == Int {
    /// A whole number within bounds.
    static func whole(_ range: ClosedRange<Int>) -> SettingForm {
        .parsed("a whole number from \(range.lowerBound) to \(range.upperBound)", "n") { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension SettingForm where Value == Duration {
    /// A duration above zero, unless another condition is given.
    static func duration(
        _ words: String,
        where holds: @escaping @Sendable (Duration) -> Bool = { $0 > .zero }
    ) -> SettingForm {
        .parsed(words, "duration") { text in Duration(argument: text).flatMap { holds($0) ? $0 : nil } }
    }
}

extension SettingForm where Value == Rate {
    static var rate: SettingForm {
        .parsed(
            "a rate such as 8/s, 175/m or 10000/h (at most \(Rate.countMax))",
            "n/s|m|h",
            Rate.init(argument:)
        )
    }
}

extension SettingForm where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the words of an enumeration.
    static func choice(of _: Value.Type) -> SettingForm {
        let words = Value.allCases.map(\.rawValue)
        return .parsed(words.joined(separator: " or "), words.joined(separator: "|"), Value.init(rawValue:))
    }
}
