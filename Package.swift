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
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    ],
    targets: [
        .target(name: "Vocabulary", swiftSettings: settings),
        .target(name: "Pacing", dependencies: ["Vocabulary"], swiftSettings: settings),
        .target(name: "CSystem"),
        .target(name: "OutputFiles", dependencies: ["CSystem"], swiftSettings: settings),
        .target(
            name: "Ledger",
            dependencies: ["Vocabulary", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: settings
        ),
        .testTarget(name: "VocabularyTests", dependencies: ["Vocabulary"], swiftSettings: settings),
    ]
)
