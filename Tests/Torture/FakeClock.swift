// A wall clock for real processes that can be set while they run.

package import Foundation
import Programs
import Synchronization

/// The time of day that processes see, some seconds away from the true one.
///
/// The processes get it from the library `FakeClock`, which is preloaded into them.
package final class FakeClock: Sendable {
    private let sharedObject: String
    private let path: String
    private let file: FileHandle
    private let offset = Mutex<Int64>(0)

    /// The library beside this process' own program; nil where it was not built.
    package static var sharedObject: String? {
        let path = "\(Program.folder)/libFakeClock.so"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }

    /// - Parameters:
    ///   - sharedObject: `FakeClock.sharedObject`, or another one.
    ///   - folder: where the offset is kept, for the processes to read.
    package init(sharedObject: String, folder: String) throws {
        self.sharedObject = sharedObject
        path = "\(folder)/clock"
        try Data(count: 8).write(to: URL(filePath: path))
        file = try FileHandle(forUpdating: URL(filePath: path))
    }

    /// What makes a process go by this clock.
    package var environment: [String: String] {
        let others = ProcessInfo.processInfo.environment["LD_PRELOAD"]
        return [
            "LD_PRELOAD": [others, sharedObject].compactMap(\.self).joined(separator: ":"),
            "FAKE_CLOCK": path,
        ]
    }

    /// What the processes take for the time.
    package var now: Date { Date(timeIntervalSinceNow: Double(offset.withLock(\.self))) }

    /// Sets the clock so many seconds before the true time, or behind it where they are negative.
    package func set(_ seconds: Int) throws { try jump(seconds - Int(offset.withLock(\.self))) }

    /// Sets the clock forward, or backward where the seconds are negative; for running processes too.
    package func jump(_ seconds: Int) throws {
        try offset.withLock { offset in
            offset += Int64(seconds)
            try file.seek(toOffset: 0)
            // In place and at once: the processes have these eight bytes in their memory.
            try file.write(contentsOf: withUnsafeBytes(of: offset) { Data($0) })
        }
    }
}
