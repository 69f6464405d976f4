// One record per setting. Everything that is said of a setting, or read from it, follows from its record.

import ArgumentParser

/// One setting: its name, its help, its default, and how its text becomes a value.
///
/// The option, the variable, the key in the settings file, the text of `--help`, the errors and `SETTINGS.md`
/// follow from it. The setting `max-identities` is `--max-identities` on the command line,
/// `LATCHSTRING_MAX_IDENTITIES` in the environment, and `max-identities` in the settings file.
struct Setting<Value: Sendable>: SettingRecord {
    private(set) var facts: SettingFacts
    private let form: SettingForm<Value>
    /// The value where nobody gives one and the record has no default as text.
    private let absent: Value?

    private init(_ facts: SettingFacts, _ form: SettingForm<Value>, absent: Value?) {
        self.facts = facts
        self.form = form
        self.absent = absent
    }

    /// A setting with a default, which is read like any other text.
    init(_ name: String, _ form: SettingForm<Value>, default text: String) {
        self.init(SettingFacts(name, .option, form, .text(text)), form, absent: nil)
    }

    /// A setting that is nil where nobody gives it.
    ///
    /// - Parameter words: what holds then, in words.
    init<Wrapped: Sendable>(_ name: String, _ form: SettingForm<Wrapped>, otherwise words: String? = nil)
    where Value == Wrapped? {
        let facts = SettingFacts(name, .option, form, words.map(SettingFacts.Standard.words))
        self.init(facts, form.optional, absent: .some(nil))
    }

    /// A setting that may be given several times; empty where nobody gives it.
    init<Element: Sendable>(list name: String, _ form: SettingForm<[Element]>, otherwise words: String? = nil)
    where Value == [Element] {
        let facts = SettingFacts(name, .list, form, words.map(SettingFacts.Standard.words))
        self.init(facts, form, absent: [])
    }

    /// A setting that is on or off; off where nobody gives it.
    init(switch name: String) where Value == Bool {
        self.init(SettingFacts(name, .flag, SettingForm.onOrOff, nil), .onOrOff, absent: false)
    }

    /// The value of a text; the default's for nil.
    ///
    /// - Throws: `ValidationError`, which names the text's origin.
    func value(of text: SettingText?) throws -> Value {
        if let text { return try form.read(text) }
        if let absent { return absent }
        let origin = "the default of --\(facts.name)"
        let standard = SettingText(texts: [facts.standard?.text ?? ""], origin: origin, level: .standard)
        return try form.read(standard)
    }

    func check(_ text: SettingText?) throws { _ = try value(of: text) }
}

extension Setting {
    /// The same setting with other facts.
    func with(_ change: (inout SettingFacts) -> Void) -> Setting {
        var setting = self
        change(&setting.facts)
        return setting
    }

    /// The same setting with what `--help` says of it, and what it says below.
    func help(_ text: String, more: String = "") -> Setting {
        with {
            $0.help = text
            $0.more = more
        }
    }

    /// The same setting with a good value, for the reference and the tests.
    func example(_ text: String) -> Setting { with { $0.example = text } }

    /// The same setting with more to say in the reference.
    func note(_ text: String) -> Setting { with { $0.note = text } }

    /// The same setting as one whose value is never shown.
    var secret: Setting { with { $0.isSecret = true } }

    /// The same setting, but given on these levels only.
    func only(on levels: Set<SettingLevel>) -> Setting { with { $0.levels = levels } }
}

/// A setting of any value.
protocol SettingRecord: Sendable {
    var facts: SettingFacts { get }

    /// Looks whether the text is good for the setting; nil stands for the default.
    ///
    /// - Throws: `ValidationError`, which names the text's origin.
    func check(_ text: SettingText?) throws
}
