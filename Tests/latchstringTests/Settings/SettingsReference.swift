// The reference of all settings, made from their records.

@testable import latchstring

enum SettingsReference {
    /// What writes the reference anew.
    static let command = "LATCHSTRING_WRITE_REFERENCE=1 scripts/test --filter SettingsReferenceTests"

    /// The text of `SETTINGS.md`.
    static var text: String {
        """
        # Settings

        <!-- Made from Sources/latchstring/Settings/Groups by: \(command) -->

        Every setting of every command but `keygen`, whose options are no settings.
        `latchstring help <command>` says the same of one command.

        A setting is an option on the command line, a variable in the environment, and a key in a YAML file
        (`latchstring.yaml` in the working folder, or the one of `--config`). An option outweighs the
        variable, which outweighs the key. An option that may be given several times is a list in YAML
        (`rate: [8/s, 175/m]`), and is separated by commas in the variable. A switch has no value as an
        option; as a variable and as a key it is `true` or `false`. `~/` at the beginning of a path is the
        home folder. An unknown key is an error, and an unknown variable gives a warning. The options of
        `keygen` are options only.

        \(SettingCatalogue.groups.compactMap { section(type(of: $0)) }.joined(separator: "\n\n"))

        """
    }

    /// The settings of a group that no group before has; nil where there are none.
    private static func section(_ group: any SettingGroup.Type) -> String? {
        let names = Set(group.records.map(\.facts.name))
        let others = SettingCatalogue.groups.map { type(of: $0) }.prefix { $0 != group }
        let earlier = Set(others.flatMap { $0.records.map(\.facts.name) })
        let entries = SettingCatalogue.records.map(\.facts).filter {
            names.contains($0.name) && !earlier.contains($0.name)
        }
        guard !entries.isEmpty else { return nil }
        return (["## \(group.heading)"] + entries.map(entry)).joined(separator: "\n\n")
    }

    private static func entry(_ facts: SettingFacts) -> String {
        (["### \(heading(facts))", words(facts)] + otherWords(facts) + [places(facts)]).joined(
            separator: "\n\n"
        )
    }

    private static func heading(_ facts: SettingFacts) -> String {
        guard facts.levels.contains(.flag) else { return "`\(facts.variable)`" }
        let value = facts.placeholder.map { " <\($0)>" } ?? ""
        switch facts.kind {
        case .argument: return "`<\(facts.name)>`"
        case .option: return "`--\(facts.name)\(value)`"
        case .list: return "`--\(facts.name)\(value) …`"
        case .flag: return "`--\(facts.name)`"
        }
    }

    private static func words(_ facts: SettingFacts) -> String {
        [facts.help, facts.more, facts.note ?? ""].filter { !$0.isEmpty }.map(escaped).joined(separator: " ")
            .wrapped(110)
    }

    /// What commands say of it that have it in other words.
    private static func otherWords(_ facts: SettingFacts) -> [String] {
        let uses = CommandSettings.all.compactMap { command in
            command.records.map(\.facts).first { $0.name == facts.name && $0.help != facts.help }
                .map { (command.name, $0) }
        }
        return uses.map { "With `\($0)`: \(words($1))".wrapped(110) }
    }

    /// Where it can be given, what holds where it is not, and whose it is.
    private static func places(_ facts: SettingFacts) -> String {
        var lines: [String] = []
        if let standard = facts.standard { lines.append("default: \(shown(standard))") }
        if let example = facts.example { lines.append("example: `\(example)`") }
        if facts.levels.contains(.environment), facts.levels.contains(.flag) {
            lines.append("variable: `\(facts.variable)`")
        }
        if facts.levels.contains(.file) { lines.append("key: `\(facts.name)`") }
        if facts.levels == [.flag] { lines.append("an option only") }
        if facts.levels == [.environment] { lines.append("a variable only") }
        if facts.isSecret { lines.append("secret: its value is never shown") }
        let commands = CommandSettings.all.filter { $0.records.contains { $0.facts.name == facts.name } }
        lines.append("commands: \(commands.map { "`\($0.name)`" }.joined(separator: ", "))")
        return lines.joined(separator: " · ")
    }

    private static func shown(_ standard: SettingFacts.Standard) -> String {
        switch standard {
        case .text(let text): "`\(text)`"
        case .words(let words): words
        }
    }

    /// Without Markdown's own signs in it.
    private static func escaped(_ text: String) -> String {
        text.replacing("<", with: "\\<").replacing("*", with: "\\*")
    }
}

extension String {
    /// The same words in lines of a bounded length.
    fileprivate func wrapped(_ width: Int) -> String {
        split(whereSeparator: \.isWhitespace).reduce(into: [String]()) { lines, word in
            if let last = lines.last, last.count + word.count < width {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }.joined(separator: "\n")
    }
}
