// Every setting, by its record: it has a help, a flag, a variable, a key, a default that is good, and errors
// that say where a wrong text stands.

import ArgumentParser
import Campaign
import Foundation
import Testing
import Model

@testable import latchstring

@Suite struct SettingRecordTests {
    @Test(arguments: NamedRecord.all)
    func hasNamesAHelpAndACommand(_ named: NamedRecord) {
        let facts = named.facts
        #expect(facts.help.hasSuffix("."), "\(facts.help)")
        #expect(facts.name.allSatisfy { $0 == "-" || $0.isLowercase })
        #expect(facts.variable == "LATCHSTRING_" + facts.name.uppercased().replacing("-", with: "_"))
        #expect(CommandSettings.all.contains { $0.records.contains { $0.facts.name == facts.name } })
    }

    @Test(arguments: CommandSettings.all)
    func theHelpOfACommandSaysWhatItsSettingsSay(_ command: CommandSettings) {
        let help = Self.words(Latchstring.helpMessage(for: command.type, columns: 10_000))
        for facts in command.records.map(\.facts) where facts.levels.contains(.flag) {
            #expect(help.contains(facts.kind == .argument ? "<\(facts.name)>" : "--\(facts.name)"))
            let standard = facts.standard.map { " (default: \($0.text))" } ?? ""
            #expect(help.contains(Self.words(facts.help) + standard), "\(facts.name)")
            #expect(facts.more.isEmpty || help.contains(Self.words(facts.more)), "\(facts.name)")
        }
    }

    /// The libraries name settings by values of their own.
    @Test func everySettingThatALibraryNamesHasARecord() {
        let names = Set(SettingCatalogue.records.map(\.facts.name))
        #expect(SettingName.allCases.map(\.rawValue).filter { !names.contains($0) }.isEmpty)
    }

    private static func words(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    @Test(arguments: NamedRecord.all)
    func itsDefaultIsGood(_ named: NamedRecord) throws {
        try named.record.check(nil)
    }

    @Test(arguments: CommandSettings.all)
    func aCommandTakesTheFlagsOfItsSettings(_ command: CommandSettings) throws {
        let settings = command.records.map(NamedRecord.init).filter { $0.facts.levels.contains(.flag) }
        let arguments = try settings.flatMap { $0.arguments(try #require($0.good)) }
        let typed = try command.typed(arguments)
        for setting in settings {
            #expect(typed[setting.facts.name] == [try #require(setting.good)], "\(setting.facts.name)")
        }
        // The same is known by all of them together.
        let names = Set(SettingCatalogue.records.map(\.facts.name))
        #expect(names.isSuperset(of: command.records.map(\.facts.name)))
    }

    @Test(arguments: NamedRecord.all)
    func aGoodTextIsTakenFromEveryLevel(_ named: NamedRecord) throws {
        try Self.withFolder { folder in
            let good = try #require(named.good)
            for (level, settings) in try Self.levels(named.facts, good, folder) {
                let text = try #require(settings.given(named.facts), "\(level)")
                #expect(text.text == good && text.level == level)
                try named.record.check(text)
            }
        }
    }

    @Test(arguments: NamedRecord.all)
    func theErrorOfAWrongTextNamesItsPlace(_ named: NamedRecord) throws {
        try Self.withFolder { folder in
            let facts = named.facts
            for (level, settings) in try Self.levels(
                facts,
                ["without-columns", "fields"].contains(facts.name) ? "," : "///",
                folder
            ) {
                let text = settings.given(facts)
                guard !facts.takesAnyText else {
                    try named.record.check(text)
                    continue
                }
                let error = try #require(throws: ValidationError.self) { try named.record.check(text) }
                let place =
                    switch level {
                    case .flag: "--\(facts.name)"
                    case .environment: facts.variable
                    default: "\(facts.name) in line 2 of \(folder)/settings.yaml"
                    }
                #expect(error.message.hasPrefix("\(place): "), "\(error.message)")
                if facts.isSecret { #expect(!error.message.contains("///"), "\(error.message)") }
            }
        }
    }

    @Test(arguments: NamedRecord.all)
    func itsKeyIsKnownWhereTheFileMayHaveIt(_ named: NamedRecord) throws {
        try Self.withFolder { folder in
            let path = "\(folder)/settings.yaml"
            try "\(named.facts.name): x\n".write(toFile: path, atomically: true, encoding: .utf8)
            if named.facts.levels.contains(.file) {
                #expect(try SettingsFile.load(named: path)?.entries.count == 1)
            } else {
                let failure = #expect(throws: CommandFailure.self) { try SettingsFile.load(named: path) }
                #expect(failure?.sentence.contains("unknown setting \(named.facts.name) (line 1)") == true)
            }
        }
    }

    @Test(arguments: NamedRecord.all)
    func itsVariableIsKnownWhereTheEnvironmentMayHaveIt(_ named: NamedRecord) {
        let unknown = Settings.unknownVariables(in: [named.facts.variable: "x", "OTHER": "x"])
        #expect(unknown == (named.facts.levels.contains(.environment) ? [] : [named.facts.variable]))
    }

    @Test(arguments: NamedRecord.all.filter(\.facts.isSecret))
    func aSecretIsInNoErrorAndNotShown(_ named: NamedRecord) throws {
        try Self.withFolder { folder in
            #expect(named.facts.standard == nil)
            for text in ["CANARY", "://CANARY", "http://u:CANARY@", "http://u:CANARY@x", "CANARY///"] {
                for (level, settings) in try Self.levels(named.facts, text, folder) {
                    do {
                        try named.record.check(settings.given(named.facts))
                    } catch let error as ValidationError {
                        #expect(!error.message.contains("CANARY"), "\(error.message)")
                    }
                    let shown = settings.shown.first { $0.name == named.facts.name }
                    #expect(shown?.value == "[secret]", "\(level)")
                    #expect(!"\(settings.shown)".contains("CANARY"))
                }
            }
        }
    }

    // MARK: - Settings of one text

    /// The settings that have a text on one level, for each level where the setting can be given.
    private static func levels(_ facts: SettingFacts, _ text: String, _ folder: String) throws
        -> [(SettingLevel, Settings)]
    {
        let path = "\(folder)/settings.yaml"
        var levels: [(SettingLevel, Settings)] = []
        if facts.levels.contains(.flag) { levels.append((.flag, Settings(typed: [facts.name: [text]]))) }
        if facts.levels.contains(.environment) {
            levels.append((.environment, Settings(environment: [facts.variable: text])))
        }
        if facts.levels.contains(.file) {
            let quoted = "'\(text.replacing("'", with: "''"))'"
            try "# Settings\n\(facts.name): \(quoted)\n".write(
                toFile: path,
                atomically: true,
                encoding: .utf8
            )
            levels.append((.file, Settings(file: try SettingsFile.load(named: path))))
        }
        return levels
    }

    private static func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("latchstring-settings-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }
}
