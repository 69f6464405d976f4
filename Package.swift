// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "latchstring",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
    ],
    targets: [
        .target(name: "Vocabulary", swiftSettings: settings),
        .target(name: "Pacing", dependencies: ["Vocabulary", .product(name: "DequeModule", package: "swift-collections")], swiftSettings: settings),
        .target(name: "CLinux"),
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
        .target(name: "HTTPTransport", dependencies: ["CCurl"], swiftSettings: settings),
        .target(name: "IdentityAPI", dependencies: ["HTTPTransport", "Vocabulary"], swiftSettings: settings),
        .target(name: "OutputFiles", dependencies: ["CLinux"], swiftSettings: settings),
        .target(
            name: "Ledger",
            dependencies: ["Vocabulary", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: settings
        ),
        .target(name: "Invitations", dependencies: ["Ledger", "OutputFiles", "Vocabulary"], swiftSettings: settings),
        .target(name: "Reports", dependencies: ["Ledger", "OutputFiles", "Vocabulary"], swiftSettings: settings),
        .target(
            name: "Roster",
            dependencies: ["Vocabulary", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: settings
        ),
        .target(
            name: "Campaign",
            dependencies: [
                "IdentityAPI", "Ledger", "OutputFiles", "Pacing", "Roster", "Vocabulary",
                .product(name: "DequeModule", package: "swift-collections"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Outputs",
            dependencies: ["Campaign", "Invitations", "Ledger", "OutputFiles", "Reports"],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "latchstring",
            dependencies: [
                "Campaign", "HTTPTransport", "IdentityAPI", "Invitations", "Ledger", "OutputFiles", "Outputs",
                "Pacing", "Reports", "Roster", "Vocabulary",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings
        ),
        .testTarget(name: "VocabularyTests", dependencies: ["Vocabulary"], swiftSettings: settings),
    ]
)
