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
    static let histogram = product(name: "Histogram", package: "hdrhistogram-swift")
    static let mustache = product(name: "Mustache", package: "swift-mustache")
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
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", exact: "0.2.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
    ],
    targets: [
        // What every module may use.
        module("Model", []),
        .target(name: "CLinux"),
        module("Files", ["CLinux", "Model"]),

        // In, out, and what lies between.
        module("Roster", ["Model", .crypto]),
        module("Pacing", ["Model", .deque]),
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
        module("HTTPTransport", ["CCurl"]),
        module("Providers", ["HTTPTransport", "Model"]),
        module("Drill", ["HTTPTransport", "Model", "Providers"]),
        module("Ledger", ["Model", .histogram]),
        module("SQLiteLedger", ["Files", "Ledger", "Model", .grdb, .sqlite]),
        module("Sealing", ["Model", .crypto]),
        module("Work", ["Ledger", "Model", "Pacing", .deque]),
        module("Doctor", ["Files", "HTTPTransport", "Model", "Providers", "Roster"]),
        .target(name: "CXlsxWriter", linkerSettings: [.linkedLibrary("xlsxwriter")]),
        module("Exports", ["CXlsxWriter", "Files", "Ledger", "Model", "Sealing"]),
        module("Delivery", ["CCurl", "Files", "HTTPTransport", "Model", .crypto, .mustache]),
        module(
            "Campaign",
            [
                "Delivery", "Exports", "Files", "Ledger", "Model", "Pacing", "Providers", "Roster", "Sealing",
                "SQLiteLedger", "Work",
            ]
        ),
        program(
            "latchstring",
            [
                "Campaign", "Delivery", "Doctor", "Drill", "Exports", "Files", "HTTPTransport", "Ledger",
                "Model", "Pacing", "Providers", "Roster", "Sealing", "Work", .argumentParser, .logging,
                .subprocess,
                .systemPackage, .unixSignals, .yams,
            ]
        ),

        // The server to try it on.
        module("IdentitySimulator", ["Model", .nio("NIOCore"), .nio("NIOHTTP1"), .nio("NIOPosix")]),
        program("kratos-simulator", ["IdentitySimulator", "Model", "Roster", .argumentParser]),

        .target(
            name: "TestSupport",
            dependencies: ["Delivery", "HTTPTransport", "Ledger", "Model", "SQLiteLedger"],
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
            dependencies: ["IdentitySimulator", "Model", "Programs", "Sealing", "TestSupport"],
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
            dependencies: ["Delivery", "HTTPTransport", "Model", "Pacing", "Providers", "Roster"],
            path: "Tests/Fuzzing/Harnesses",
            swiftSettings: settings
        ),
        tests(of: "Fuzzing", ["Fuzzing", "TestSupport"]),
        tests(of: "Model", ["Model", "TestSupport"]),
        tests(of: "Pacing", ["Model", "Pacing", "TestSupport"]),
        tests(of: "Files", ["CLinux", "Files", "Model", "TestSupport"]),
        // What holds of every ledger: whoever tests a back end links it.
        .target(
            name: "LedgerConformance",
            dependencies: ["Ledger", "Model", "TestSupport"],
            path: "Tests/LedgerConformance",
            swiftSettings: settings
        ),
        tests(
            of: "SQLiteLedger",
            ["Ledger", "LedgerConformance", "Model", "SQLiteLedger", "TestSupport", .grdb, .sqlite]
        ),
        tests(of: "Sealing", ["Model", "Sealing"]),
        tests(of: "Exports", ["Campaign", "Exports", "Files", "Ledger", "Model", "Sealing", "TestSupport"]),
        tests(of: "Delivery", ["Delivery", "Files", "Model", "TestSupport"]),
        tests(
            of: "Doctor",
            [
                "Doctor", "Files", "HTTPTransport", "IdentitySimulator", "Model", "Providers", "Roster",
                "TestSupport",
            ]
        ),
        tests(of: "Roster", ["Model", "Roster", "TestSupport"]),
        tests(
            of: "Providers",
            ["HTTPTransport", "IdentitySimulator", "Model", "Providers", "RecordedExchanges", "TestSupport"]
        ),
        tests(of: "Work", ["Ledger", "Model", "Pacing", "TestSupport", "Work"]),
        tests(
            of: "Campaign",
            [
                "Campaign", "Delivery", "Exports", "Files", "HTTPTransport", "IdentitySimulator", "Ledger",
                "Model", "Pacing", "Providers", "Roster", "Sealing", "SQLiteLedger", "TestSupport", "Work",
            ]
        ),
        tests(
            of: "Drill",
            [
                "Drill", "HTTPTransport", "IdentitySimulator", "Model", "Providers", "RecordedExchanges",
                "TestSupport",
            ]
        ),
        tests(of: "HTTPTransport", ["CCurl", "HTTPTransport", "TestSupport", .subprocess, .systemPackage]),
        tests(of: "Torture", ["IdentitySimulator", "Model", "Programs", "TestSupport", "Torture"]),
        tests(of: "RecordedExchanges", ["RecordedExchanges", "TestSupport"]),
        tests(of: "Documents", []),
        tests(of: "IdentitySimulator", ["IdentitySimulator", "Model", "RecordedExchanges"]),
        tests(
            of: "latchstring",
            [
                "Campaign", "Delivery", "Exports", "Files", "HTTPTransport", "latchstring", "Ledger", "Model",
                "Pacing",
                "Providers", "Roster", "TestSupport", "Work", .argumentParser, .logging,
            ]
        ),
        tests(
            of: "EndToEnd",
            [
                "IdentitySimulator", "kratos-simulator", "latchstring", "Ledger", "Model", "Programs",
                "SQLiteLedger", "TestSupport", "Torture", .subprocess, .systemPackage,
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
