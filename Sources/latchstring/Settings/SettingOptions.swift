// The command line's options, made of the settings' records.

import ArgumentParser

/// The options of a group of settings.
///
/// swift-argument-parser finds a type's options by reflection, and reads them back by `Decodable`. Both are
/// written out here: the mirror shows one property wrapper for each record, under the setting's name.
struct SettingOptions<Group: SettingGroup>: ParsableArguments, CustomReflectable, SettingsTyped {
    /// What was typed, by the settings' names.
    private(set) var typed: [String: [String]] = [:]

    static var group: any SettingGroup.Type { Group.self }

    init() {}

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        for facts in Self.facts {
            typed[facts.name] = try Self.texts(facts.kind, container, Key(stringValue: facts.name))
        }
    }

    var customMirror: Mirror {
        Mirror(self, children: Self.facts.map { (label: $0.name, value: Self.wrapper($0)) })
    }

    private static var facts: [SettingFacts] {
        Group.records.map(\.facts).filter { $0.levels.contains(.flag) }
    }

    private static func wrapper(_ facts: SettingFacts) -> Any {
        let (name, help) = (NameSpecification.customLong(facts.name), facts.argumentHelp)
        switch facts.kind {
        case .argument: return Argument<String?>(help: help)
        case .option: return Option<String?>(name: name, help: help)
        case .list: return Option<[String]>(wrappedValue: [], name: name, help: help)
        case .flag: return Flag<Bool>(wrappedValue: false, name: name, help: help)
        }
    }

    private static func texts(
        _ kind: SettingFacts.Kind,
        _ container: KeyedDecodingContainer<Key>,
        _ key: Key
    ) throws -> [String] {
        switch kind {
        case .argument:
            try container.decode(Argument<String?>.self, forKey: key).wrappedValue.map { [$0] } ?? []
        case .option: try container.decode(Option<String?>.self, forKey: key).wrappedValue.map { [$0] } ?? []
        case .list: try container.decode(Option<[String]>.self, forKey: key).wrappedValue
        case .flag: try container.decode(Flag<Bool>.self, forKey: key).wrappedValue ? ["true"] : []
        }
    }

    private struct Key: CodingKey {
        let stringValue: String

        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }

        init?(intValue: Int) { nil }
    }
}

/// Options of a command that are settings.
protocol SettingsTyped {
    static var group: any SettingGroup.Type { get }

    /// What was typed, by the settings' names.
    var typed: [String: [String]] { get }
}

extension OptionGroup: SettingsTyped where Value: SettingsTyped {
    static var group: any SettingGroup.Type { Value.group }

    var typed: [String: [String]] { wrappedValue.typed }
}

extension OptionGroup {
    /// The options of a group of settings: `@OptionGroup(RunGroup.self) var run`.
    init<Group: SettingGroup>(_ group: Group.Type) where Value == SettingOptions<Group> {
        self.init(title: "")
    }

    /// The same, which `--help` shows below a heading.
    init<Group: SettingGroup>(section group: Group.Type) where Value == SettingOptions<Group> {
        self.init(title: "\(Group.heading) options")
    }
}
