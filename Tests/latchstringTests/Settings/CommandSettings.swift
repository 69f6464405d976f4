// Which settings the commands take, from the commands themselves.

import ArgumentParser
import Testing

@testable import latchstring

/// A command with the settings of its option groups.
struct CommandSettings: Sendable, CustomTestStringConvertible {
    let name: String
    let type: any ParsableCommand.Type
    let records: [any SettingRecord]

    var testDescription: String { name }

    /// The commands that take settings; `keygen` takes none.
    static let all: [CommandSettings] = Latchstring.configuration.subcommands
        .flatMap { [$0] + $0.configuration.subcommands }
        .compactMap { type in
            let groups = Mirror(reflecting: type.init()).children
                .compactMap { $0.value as? any SettingsTyped }
            guard !groups.isEmpty else { return nil }
            let records = groups.flatMap { Swift.type(of: $0).group.records }
            return CommandSettings(name: Latchstring.name(of: type), type: type, records: records)
        }

    /// Parses a command line, and returns what was typed, by the settings' names.
    func typed(_ arguments: [String]) throws -> [String: [String]] {
        let command = try Latchstring.parseAsRoot(name.split(separator: " ").map(String.init) + arguments)
        let groups = Mirror(reflecting: command).children.compactMap { $0.value as? any SettingsTyped }
        return groups.reduce(into: [:]) { $0.merge($1.typed) { first, _ in first } }
    }
}

/// A setting as a test's argument.
struct NamedRecord: Sendable, CustomTestStringConvertible {
    let record: any SettingRecord

    var facts: SettingFacts { record.facts }
    var testDescription: String { facts.name }

    static let all = SettingCatalogue.records.map(NamedRecord.init)

    /// A text that is good for the setting.
    var good: String? {
        if let example = facts.example { return example }
        if case .text(let text) = facts.standard { return text }
        return facts.kind == .flag ? "true" : facts.placeholder?.split(separator: "|").first.map(String.init)
    }

    /// What stands on the command line for it.
    func arguments(_ text: String) -> [String] {
        switch facts.kind {
        case .argument: [text]
        case .option, .list: ["--\(facts.name)", text]
        case .flag: ["--\(facts.name)"]
        }
    }
}
