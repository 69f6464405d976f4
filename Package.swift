// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

// A module of the program; what it may import is what it names here.
func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(of name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: dependencies, swiftSettings: settings)
}

extension Target.Dependency {
    static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let crypto = product(name: "Crypto", package: "swift-crypto")
    static let deque = product(name: "DequeModule", package: "swift-collections")
    static let grdb = product(name: "GRDB", package: "GRDB.swift")
    static let sqlite = product(name: "GRDBSQLite", package: "GRDB.swift")
    static let logging = product(name: "Logging", package: "swift-log")
    static let subprocess = product(name: "Subprocess", package: "swift-subprocess")
    static let systemPackage = product(name: "SystemPackage", package: "swift-system")
    static let unixSignals = product(name: "UnixSignals", package: "swift-service-lifecycle")
    static let yams = product(name: "Yams", package: "Yams")

    static func nio(_ name: String) -> Target.Dependency {
        product(name: name, package: "swift-nio")
    }
}

let package = Package(
    name: "latchstring",
    products: [
        .executable(name: "latchstring", targets: ["latchstring"]),
        .executable(name: "kratos-simulator", targets: ["kratos-simulator"]),
        .executable(name: "torture", targets: ["torture"]),
        // Not linked by anything: `Torture` preloads it into the programs whose clock is to jump.
        .library(name: "FakeClock", type: .dynamic, targets: ["FakeClock"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
    ],
    targets: [
        // What every module may use.
        module("Vocabulary", []),
        .target(name: "CLinux"),
        module("OutputFiles", ["CLinux"]),

        // In, out, and what lies between.
        module("Roster", ["Vocabulary", .crypto]),
        module("Pacing", ["Vocabulary", .deque]),
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
        module("HTTPTransport", ["CCurl"]),
        module("IdentityAPI", ["HTTPTransport", "Vocabulary"]),
        module("Drill", ["HTTPTransport", "IdentityAPI", "Vocabulary"]),
        module("Ledger", ["Vocabulary"]),
        module("SQLiteLedger", ["Ledger", "OutputFiles", "Vocabulary", .grdb, .sqlite]),
        module("Sealing", ["Vocabulary", .crypto]),
        module("Work", ["Ledger", "Pacing", "Vocabulary", .deque]),
        module("Invitations", ["Ledger", "OutputFiles", "Sealing", "Vocabulary"]),
        module("Reports", ["Ledger", "OutputFiles", "Sealing", "Vocabulary"]),
        module("Doctor", ["HTTPTransport", "IdentityAPI", "OutputFiles", "Roster", "Vocabulary"]),
        module(
            "Outputs",
            ["Invitations", "Ledger", "OutputFiles", "Reports", "Sealing", "Vocabulary"]
        ),
        module(
            "Campaign",
            [
                "IdentityAPI", "Invitations", "Ledger", "OutputFiles", "Outputs", "Pacing", "Reports",
                "Roster", "SQLiteLedger", "Sealing", "Vocabulary", "Work",
            ]
        ),
        program(
            "latchstring",
            [
                "Campaign", "Doctor", "Drill", "HTTPTransport", "IdentityAPI", "Invitations", "Ledger",
                "OutputFiles", "Outputs", "Pacing", "Reports", "Roster", "Sealing", "Vocabulary", "Work",
                .argumentParser, .logging, .subprocess, .systemPackage, .unixSignals, .yams,
            ]
        ),

        // The server to try it on.
        module("IdentitySimulator", ["Vocabulary", .nio("NIOCore"), .nio("NIOHTTP1"), .nio("NIOPosix")]),
        program("kratos-simulator", ["IdentitySimulator", "Roster", "Vocabulary", .argumentParser]),

        .target(
            name: "TestSupport",
            dependencies: ["HTTPTransport", "Ledger", "SQLiteLedger", "Vocabulary"],
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),
        .target(
            name: "Programs",
            dependencies: [.subprocess, .systemPackage],
            path: "Tests/Programs",
            swiftSettings: settings
        ),
        .target(name: "FakeClock", path: "Tests/FakeClock"),
        // The crash campaign: the real program, killed again and again.
        .target(
            name: "Torture",
            dependencies: ["IdentitySimulator", "Programs", "TestSupport", "Vocabulary"],
            path: "Tests/Torture",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "torture",
            dependencies: ["Programs", "Torture", .argumentParser],
            path: "Tests/TortureProgram",
            swiftSettings: settings
        ),
        // The recordings themselves are the JSON files beside the loader.
        .target(
            name: "RecordedExchanges",
            path: "Tests/RecordedExchanges/Loader",
            swiftSettings: settings
        ),
        .target(
            name: "Fuzzing",
            dependencies: ["HTTPTransport", "IdentityAPI", "Pacing", "Roster", "Vocabulary"],
            path: "Tests/Fuzzing/Harnesses",
            swiftSettings: settings
        ),
        tests(of: "Fuzzing", ["Fuzzing", "TestSupport"]),
        tests(of: "Vocabulary", ["TestSupport", "Vocabulary"]),
        tests(of: "Pacing", ["Pacing", "TestSupport", "Vocabulary"]),
        tests(of: "OutputFiles", ["CLinux", "OutputFiles", "TestSupport"]),
        // What holds of every ledger: whoever tests a back end links it.
        .target(
            name: "LedgerConformance",
            dependencies: ["Ledger", "TestSupport", "Vocabulary"],
            path: "Tests/LedgerConformance",
            swiftSettings: settings
        ),
        tests(
            of: "SQLiteLedger",
            ["Ledger", "LedgerConformance", "SQLiteLedger", "TestSupport", "Vocabulary", .grdb, .sqlite]
        ),
        tests(of: "Sealing", ["Sealing", "Vocabulary"]),
        tests(
            of: "Invitations",
            ["Invitations", "Ledger", "OutputFiles", "Sealing", "TestSupport", "Vocabulary"]
        ),
        tests(of: "Reports", ["Ledger", "OutputFiles", "Reports", "TestSupport", "Vocabulary"]),
        tests(
            of: "Outputs",
            [
                "Campaign", "Invitations", "Ledger", "OutputFiles", "Outputs", "Reports", "Sealing",
                "TestSupport", "Vocabulary",
            ]
        ),
        tests(
            of: "Doctor",
            [
                "Doctor", "HTTPTransport", "IdentityAPI", "IdentitySimulator", "OutputFiles", "Roster",
                "TestSupport", "Vocabulary",
            ]
        ),
        tests(of: "Roster", ["Roster", "Vocabulary"]),
        tests(
            of: "IdentityAPI",
            [
                "HTTPTransport", "IdentityAPI", "IdentitySimulator", "RecordedExchanges", "TestSupport",
                "Vocabulary",
            ]
        ),
        tests(of: "Work", ["Ledger", "Pacing", "TestSupport", "Vocabulary", "Work"]),
        tests(
            of: "Campaign",
            [
                "Campaign", "HTTPTransport", "IdentityAPI", "IdentitySimulator", "Invitations",
                "Ledger", "OutputFiles", "Outputs", "Pacing", "Reports", "Roster", "SQLiteLedger", "Sealing",
                "TestSupport", "Vocabulary", "Work",
            ]
        ),
        tests(
            of: "Drill",
            ["Drill", "HTTPTransport", "IdentityAPI", "IdentitySimulator", "RecordedExchanges", "Vocabulary"]
        ),
        tests(of: "HTTPTransport", ["CCurl", "HTTPTransport", "TestSupport", .subprocess, .systemPackage]),
        tests(of: "Torture", ["IdentitySimulator", "Programs", "TestSupport", "Torture", "Vocabulary"]),
        tests(of: "RecordedExchanges", ["RecordedExchanges", "TestSupport"]),
        tests(of: "Documents", []),
        tests(of: "IdentitySimulator", ["IdentitySimulator", "RecordedExchanges", "Vocabulary"]),
        tests(
            of: "latchstring",
            [
                "Campaign", "HTTPTransport", "IdentityAPI", "Ledger", "OutputFiles", "Pacing", "TestSupport",
                "Vocabulary", "Work", "latchstring", .argumentParser, .logging,
            ]
        ),
        tests(
            of: "EndToEnd",
            [
                "IdentitySimulator", "Ledger", "Programs", "SQLiteLedger", "TestSupport", "Torture",
                "Vocabulary", "kratos-simulator", "latchstring", .subprocess, .systemPackage,
            ]
        ),
    ]
)

// libFuzzer has a main of its own, so this is only there for `scripts/fuzz`.
if Context.environment["LATCHSTRING_FUZZING"] != nil {
    package.targets.append(
        .executableTarget(
            name: "latchstring-fuzz",
            dependencies: ["Fuzzing"],
            path: "Tests/Fuzzing/Driver",
            swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])]
        )
    )
}
