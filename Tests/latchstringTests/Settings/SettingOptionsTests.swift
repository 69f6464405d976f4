// A record is all that a setting needs.

import ArgumentParser
import Testing

@testable import latchstring

@Suite struct SettingOptionsTests {
    private struct TideGroup: SettingGroup {
        static let heading = "Tide"

        let stations = Setting(list: "stations", .each(.text("name"))).help("Where it is measured.")
        let highWater = Setting("high-water", .whole(1...9), default: "4")
            .help("Metres at most.", more: "Above sea.")
        let harbour = Setting("harbour", .text("name"), otherwise: "the nearest").help("Which harbour.")
        let isSpring = Setting(switch: "spring").help("Of a spring tide.")
        let key = Setting("tide-key", .text("key")).help("A key.").only(on: [.environment]).secret
        let port = Setting("port", .text("name")).help("A port.")
            .with {
                $0.kind = .argument
                $0.placeholder = nil
            }
    }

    private struct Tide: ParsableCommand {
        @OptionGroup(section: TideGroup.self) var tide
        @Flag var plain = false
    }

    @Test func anOptionIsMadeOfEveryRecord() throws {
        let tide = try #require(
            try Tide.parseAsRoot([
                "--stations", "a", "Hull", "--high-water", "7", "--stations", "b,c", "--spring",
            ]) as? Tide
        )
        #expect(
            tide.tide.typed == [
                "stations": ["a", "b,c"], "high-water": ["7"], "harbour": [], "spring": ["true"],
                "port": ["Hull"],
            ]
        )
        #expect(!tide.plain)
        let bare = try #require(try Tide.parseAsRoot([]) as? Tide)
        #expect(bare.tide.typed.values.allSatisfy { $0.isEmpty })
        #expect(throws: (any Error).self) { try Tide.parseAsRoot(["--tide-key", "x"]) }
        #expect(throws: (any Error).self) { try Tide.parseAsRoot(["--high-water"]) }
    }

    @Test func theHelpHasItsHeadingItsDefaultsAndItsPlaceholders() {
        let help = Tide.helpMessage(columns: 200)
        let lines = help.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(lines.contains("TIDE OPTIONS:"))
        #expect(lines.contains("--stations <name> Where it is measured."))
        #expect(lines.contains("--high-water <n> Metres at most. (default: 4)"))
        #expect(lines.contains("Above sea."))
        #expect(lines.contains("--harbour <name> Which harbour. (default: the nearest)"))
        #expect(lines.contains("--spring Of a spring tide."))
        #expect(lines.contains("<port> A port."))
        #expect(!help.contains("tide-key"))
    }

    @Test func whatIsReadIsTypedTextOverTheDefault() throws {
        let group = TideGroup()
        #expect(try group.highWater.value(of: nil) == 4)
        #expect(try group.harbour.value(of: nil) == nil)
        #expect(try group.stations.value(of: nil) == [])
        #expect(try group.isSpring.value(of: nil) == false)
        let typed = Settings(typed: ["high-water": ["7"], "tide-key": ["x"]])
        #expect(try group.highWater.value(of: typed.given(group.highWater.facts)) == 7)
        #expect(typed.given(group.key.facts) == nil, "not on this level")
        let wrong = SettingText(texts: ["CANARY"], origin: "--high-water", level: .flag)
        let error = #expect(throws: ValidationError.self) { try group.highWater.value(of: wrong) }
        #expect(error?.message == "--high-water: \"CANARY\" is not a whole number from 1 to 9")
    }
}
