// The inputs that are kept in the project: corpora, and what once broke something.

import Foundation
import Fuzzing
import Testing

/// A file that a harness is fed with.
struct KeptInput: Sendable, CustomTestStringConvertible {
    let harness: Harness
    let path: String

    var testDescription: String { "\(harness.rawValue)/\(path.split(separator: "/").last ?? "")" }

    var bytes: [UInt8] {
        get throws { Array(try Data(contentsOf: URL(filePath: path))) }
    }

    static let corpora = inputs(in: "Corpora")
    static let crashes = inputs(in: "Crashes")

    private static func inputs(in folder: String) -> [KeptInput] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return Harness.allCases.flatMap { harness in
            let path = tests.appending(path: "Fuzzing/\(folder)/\(harness.rawValue)").path
            let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
            return names.sorted().map { KeptInput(harness: harness, path: "\(path)/\($0)") }
        }
    }
}
