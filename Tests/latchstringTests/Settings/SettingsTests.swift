// Levels, lists, paths, what depends on other settings, and what a log is told.

import ArgumentParser
import Foundation
import Testing
import Model

@testable import latchstring

@Suite struct SettingsTests {
    private static func file(_ texts: [String: [String]]) -> SettingsFile {
        SettingsFile(entries: texts.mapValues { SettingsFile.Entry(texts: $0, origin: "in a file") })
    }

    @Test func flagOverEnvironmentOverFileOverDefault() throws {
        let file = Self.file(["burst": ["2"]])
        let environment = ["LATCHSTRING_BURST": "3"]
        #expect(try Settings()[\.issuing.burst] == 1)
        #expect(try Settings(file: file)[\.issuing.burst] == 2)
        #expect(try Settings(environment: environment, file: file)[\.issuing.burst] == 3)
        let all = Settings(typed: ["burst": ["4"]], environment: environment, file: file)
        #expect(try all[\.issuing.burst] == 4)
        // An empty variable is none; an empty text on the command line is a wrong one.
        #expect(try Settings(environment: ["LATCHSTRING_BURST": ""], file: file)[\.issuing.burst] == 2)
        #expect(throws: ValidationError.self) { try Settings(typed: ["burst": [""]])[\.issuing.burst] }
    }

    @Test func listsAreSeparatedByCommasInTheEnvironmentAlone() throws {
        let rates = ["8/s", "175/m"].compactMap(Rate.init(argument:))
        #expect(try Settings(typed: ["rate": ["8/s", "175/m"]])[\.issuing.rate] == rates)
        #expect(try Settings(environment: ["LATCHSTRING_RATE": "8/s, 175/m"])[\.issuing.rate] == rates)
        #expect(try Settings(file: Self.file(["rate": ["8/s", "175/m"]]))[\.issuing.rate] == rates)
        let error = #expect(throws: ValidationError.self) {
            try Settings(typed: ["rate": ["8/s,9"]])[\.issuing.rate]
        }
        #expect(error?.message.hasPrefix("--rate: \"8/s,9\" is not a rate such as 8/s") == true)
        let second = #expect(throws: ValidationError.self) {
            try Settings(environment: ["LATCHSTRING_RATE": "8/s,9"])[\.issuing.rate]
        }
        #expect(second?.message.hasPrefix("LATCHSTRING_RATE: \"9\" is not a rate") == true)
    }

    @Test func aListInPlaceOfOneValueIsRefused() throws {
        let error = #expect(throws: ValidationError.self) {
            try Settings(file: Self.file(["id-column": ["a", "b"]]))[\.roster.idColumn]
        }
        #expect(error?.message == "in a file: give one value; a list of them stands there")
    }

    @Test func pathsBeginInTheHomeFolder() throws {
        let settings = Settings(environment: [
            "HOME": "/home/ann", "LATCHSTRING_CA_FILE": "~/ca.pem", "LATCHSTRING_CAMPAIGN": "~x",
            "LATCHSTRING_OUTPUT_DIR": "~", "LATCHSTRING_ID_COLUMN": "~/id",
        ])
        #expect(try settings[\.server.caFile] == "/home/ann/ca.pem")
        #expect(try settings[\.campaign.outputDir] == "/home/ann")
        #expect(try settings[\.roster.idColumn] == "~/id", "no path")
    }

    @Test func whatDependsOnOtherSettingsNamesItsPlaceToo() throws {
        let typed = ["roster": ["-"], "campaign": ["c"], "server": ["http://127.0.0.1:1"]]
        let wrong: [(String, String, String)] = [
            ("server", "ftp://x", "--server: "), ("server", "http://x.example.com", "--server: "),
            ("plan", "growth", "--plan: "), ("client-key", "x", "--client-key "),
            ("header", "Authorization: Bearer CANARY", "--header: "),
        ]
        _ = try RunSettings(Settings(typed: typed))
        for (name, text, start) in wrong {
            let error = #expect(throws: ValidationError.self) {
                try RunSettings(Settings(typed: typed.merging([name: [text]]) { $1 }))
            }
            #expect(error?.message.hasPrefix(start) == true, "\(name): \(error?.message ?? "")")
            #expect(error?.message.contains("CANARY") != true)
        }
        let plan = #expect(throws: ValidationError.self) {
            try ProviderSettings(Settings(typed: ["provider": ["ory-network"], "plan": ["x"]]))
        }
        #expect(plan?.message.hasPrefix("--plan: \"x\" is not a plan of Ory Network: there are ") == true)
    }

    @Test func aLogIsToldEverySettingOfTheCommandWithoutSecrets() throws {
        let command = try Latchstring.parseAsRoot([
            "run", "people.csv", "--server", "http://127.0.0.1:1", "--rate", "8/s", "--rate", "175/m",
            "--verify",
            "--burst", "CANARY",
        ])
        var context = CommandContext.process
        context.environment = [
            "LATCHSTRING_API_KEY": "CANARY", "LATCHSTRING_PROXY": "http://u:CANARY@x",
            "LATCHSTRING_API_KEY_COMMAND": "echo CANARY", "LATCHSTRING_CODE_COMMAND": "not for run",
            "LATCHSTRING_RETURN_TO": "https://example.com/?token=CANARY", "LATCHSTRING_HEADER": "X-A: CANARY",
            "LATCHSTRING_QUIET": "true",
        ]
        let settings = try Settings(of: command, context)
        let shown = settings.shown
        #expect(!"\(shown)".contains("CANARY"))
        let byName = Dictionary(uniqueKeysWithValues: shown.map { ($0.name, $0) })
        #expect(byName["server"]?.value == "http://127.0.0.1:1" && byName["server"]?.origin == "--server")
        #expect(byName["rate"]?.value == "8/s,175/m")
        #expect(byName["verify"]?.value == "true")
        #expect(byName["burst"]?.value == "[not shown]")
        #expect(byName["timeout"] == Settings.Shown(name: "timeout", value: "30s", origin: "default"))
        #expect(byName["proxy"]?.value == "[secret]" && byName["proxy"]?.origin == "LATCHSTRING_PROXY")
        #expect(byName["api-key"]?.value == "[secret]")
        #expect(byName["code-command"] == nil, "no setting of a run")
        #expect(byName["max-duration"] == nil, "neither given, nor a default")
    }

    @Test func aServersURLWithAPasswordIsNotShown() throws {
        let settings = Settings(typed: [
            "server": ["http://u:CANARY@x"], "public-server": ["http://u:CANARY@x"],
        ])
        #expect(!"\(settings.shown)".contains("CANARY"), "\(settings.shown)")
    }
}
