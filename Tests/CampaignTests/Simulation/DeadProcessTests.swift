// Whether the simulations' copies are what a killed process can leave.

import Foundation
import TestSupport
import Testing

@Suite struct DeadProcessTests {
    /// A thread writes each number to one file and then to another.
    @Test func aCopyIsOfOneMoment() async throws {
        let folder = try TemporaryFolder()
        let from = folder("from")
        try FileManager.default.createDirectory(atPath: from, withIntermediateDirectories: false)
        // The copy takes the second one first.
        try put(String(repeating: " ", count: 1 << 22), intoFile: "\(from)/between")
        let files = try ["z", "a"].map { name in
            try put("00000000", intoFile: "\(from)/\(name)")
            return open("\(from)/\(name)", O_WRONLY | O_CLOEXEC)
        }
        defer { for file in files { close(file) } }
        // Is cancelled at the end.
        async let _: Void = {
            var number = 10_000_000
            while !Task.isCancelled {
                number += 1
                for file in files { _ = "\(number)".withCString { pwrite(file, $0, 8, 0) } }
            }
        }()
        for _ in 0..<5 {
            try DeadProcess.copy(from, to: folder("to"))
            let numbers = ["z", "a"].compactMap { text(ofFile: folder("to/\($0)")).flatMap(Int.init) }
            #expect(numbers.count == 2 && (0...1).contains(numbers[0] - numbers[1]), "\(numbers)")
        }
    }
}
