// Settings as they were given: on the command line, in the environment or in a file.

import ArgumentParser
import Foundation

/// The settings of one command: flag over environment over file over default.
///
/// In the environment a list is separated by commas.
struct Settings {
    /// The records of the command's own settings.
    private let records: [any SettingRecord]
    private let typed: [String: [String]]
    private let environment: [String: String]
    private let file: SettingsFile?

    init(
        records: [any SettingRecord] = SettingCatalogue.records,
        typed: [String: [String]] = [:],
        environment: [String: String] = [:],
        file: SettingsFile? = nil
    ) {
        self.records = records
        self.typed = typed
        self.environment = environment
        self.file = file
    }

    /// The value of a setting: `settings[\.issuing.rate]`.
    ///
    /// - Throws: `ValidationError`, which names the place where a wrong text stands.
    subscript<Value>(_ setting: KeyPath<SettingCatalogue, Setting<Value>>) -> Value {
        get throws {
            let setting = SettingCatalogue.all[keyPath: setting]
            let text = given(setting.facts)
            if let text, text.texts.count > 1, setting.facts.kind != .list {
                throw ValidationError("\(text.origin): give one value; a list of them stands there")
            }
            return try setting.value(of: text)
        }
    }

    /// The text of a setting from the highest level that has one; nil where none has.
    func given<Value>(_ setting: KeyPath<SettingCatalogue, Setting<Value>>) -> SettingText? {
        given(SettingCatalogue.all[keyPath: setting].facts)
    }

    func given(_ facts: SettingFacts) -> SettingText? {
        guard var text = asWritten(facts) else { return nil }
        if facts.isPath { text.home = environment["HOME"] ?? NSHomeDirectory() }
        text.isSecret = facts.isSecret
        return text
    }

    private func asWritten(_ facts: SettingFacts) -> SettingText? {
        let name = facts.name
        if facts.levels.contains(.flag), let texts = typed[name], !texts.isEmpty {
            return SettingText(texts: texts, origin: "--\(name)", level: .flag)
        }
        if facts.levels.contains(.environment), let text = environment[facts.variable], !text.isEmpty {
            return SettingText(texts: [text], origin: facts.variable, level: .environment)
        }
        if facts.levels.contains(.file), let file, let entry = file.entries[name], !entry.texts.isEmpty {
            return SettingText(texts: entry.texts, origin: entry.origin, level: .file)
        }
        return nil
    }
}

// MARK: - Of a command

extension Settings {
    /// The settings of a command that was parsed; warns of variables that are none.
    ///
    /// - Throws: `ValidationError`, or `CommandFailure` for a settings file that is none.
    init(of command: any ParsableCommand, _ context: CommandContext) throws {
        let environment = context.environment
        let groups = Mirror(reflecting: command).children.compactMap { $0.value as? any SettingsTyped }
        let typed = groups.reduce(into: [:]) { typed, group in
            typed.merge(group.typed) { first, _ in first }
        }
        let named = try Settings(typed: typed, environment: environment)[\.config.config]
        self.init(
            records: groups.flatMap { type(of: $0).group.records },
            typed: typed,
            environment: environment,
            file: try SettingsFile.load(named: named)
        )
        let console = context.quiet(try self[\.run.quiet]).console
        for name in Self.unknownVariables(in: environment) {
            console.note("warning: the variable \(name) is no setting")
        }
    }

    /// The variables that look like settings and are not.
    static func unknownVariables(in environment: [String: String]) -> [String] {
        let settings = SettingCatalogue.records.map(\.facts).filter { $0.levels.contains(.environment) }
        let known = Set(settings.map(\.variable))
        return environment.keys.filter { $0.hasPrefix("LATCHSTRING_") && !known.contains($0) }.sorted()
    }
}

// MARK: - For a log

extension Settings {
    /// One setting, for people and logs.
    struct Shown: Hashable, Sendable {
        let name: String
        /// As it was given, or the default; `[secret]` of a setting that is one, `[not shown]` of a wrong
        /// text.
        let value: String
        /// `--rate`, `LATCHSTRING_RATE`, `rate in line 3 of latchstring.yaml`, or `default`.
        let origin: String

        static let defaultOrigin = "default"
    }

    /// The command's settings that are given or have a default, in the order of `--help`, without secrets.
    ///
    /// A text that is not good for its setting may be a secret in the wrong place, and so may a URL's part
    /// before the `@`, and its query: none of them is shown.
    var shown: [Shown] {
        records.compactMap { record in
            let facts = record.facts
            guard let text = given(facts) else {
                return facts.standard.map {
                    Shown(name: facts.name, value: $0.text, origin: Shown.defaultOrigin)
                }
            }
            if facts.isSecret { return Shown(name: facts.name, value: "[secret]", origin: text.origin) }
            let isGood = (try? record.check(text)) != nil && !Self.mayOpen(text.text)
            return Shown(name: facts.name, value: isGood ? text.text : "[not shown]", origin: text.origin)
        }
    }

    /// Whether it may be a URL with a user name or a password, or with a token in its query.
    private static func mayOpen(_ text: String) -> Bool {
        text.contains("://") && (text.contains("@") || text.contains("?"))
    }
}
