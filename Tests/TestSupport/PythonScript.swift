// Python as a second reader of what this program writes.

import Foundation

/// Runs a script with the machine's Python, where it has one.
package enum PythonScript {
    /// The interpreter's path; nil where there is none.
    package static let interpreter: String? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
        return (["/usr/bin"] + folders).map { "\($0)/python3" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    /// What the script prints, given a file as its argument; nil where it fails.
    ///
    /// By popen(3), since Foundation's `Process` reads past its buffer in programs with many descriptors.
    package static func run(_ script: String, on file: String, in folder: TemporaryFolder) throws -> String? {
        guard let interpreter else { return nil }
        let path = try folder.write(script, to: "script.py")
        guard let output = popen("'\(interpreter)' -I '\(path)' '\(file)' 2>&1", "r") else { return nil }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&buffer, 1, buffer.count, output), count > 0 {
            bytes += buffer[..<count]
        }
        let isWell = pclose(output) == 0
        let text = String(decoding: bytes, as: UTF8.self)
        guard isWell else { throw PythonFailure(output: text) }
        return text
    }
}

package struct PythonFailure: Error {
    package let output: String
}
