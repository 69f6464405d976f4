// What waits in a spill file.

import Foundation
import Glibc
package import Ledger
import Model

/// A spill file as it was found.
package struct SpillReading: Sendable {
    /// What is whole of it; nil where nothing says whose it is.
    package private(set) var answers: SpilledAnswers?
    /// Whether something in it cannot be read.
    package private(set) var isDamaged = false

    /// How many answers wait in it.
    package var count: Int { answers?.results.count ?? 0 }

    /// Reads the file; nil where there is none.
    ///
    /// - Throws: `LedgerError` where it is there and cannot be read.
    package init?(fileAt path: String) throws {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            guard errno == ENOENT || errno == ENOTDIR else { throw Self.unreadable(path, errno) }
            return nil
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw Self.unreadable(path, EINVAL) }
        let bytes: [UInt8]
        do {
            bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw LedgerError(.unreadable, "cannot read \(path): \(error.localizedDescription)")
        }
        self.init(bytes)
    }

    init(_ bytes: [UInt8]) {
        // A run may have been killed while it reserved the room.
        guard bytes.contains(where: { $0 != 0 }) else { return }
        guard bytes.starts(with: SpillFormat.magic) else {
            isDamaged = true
            return
        }
        var offset = SpillFormat.magic.count
        reading: while true {
            switch SpillFormat.frame(in: bytes, at: &offset) {
            case .record(let record): take(record)
            case .damaged: isDamaged = true
            case .end: break reading
            }
        }
        if answers == nil { isDamaged = true }
    }

    private mutating func take(_ record: SpillRecord) {
        switch record {
        case .origin(let origin): answers = SpilledAnswers(origin: origin)
        case .seal(let seal): answers?.seals.append(seal)
        case .answer(let result): answers?.results.append(result)
        case .unsent(let claim): answers?.unsent.append(claim)
        case .progress(let progress):
            answers?.progress = progress.progress
            answers?.at = progress.at
        }
    }

    private static func unreadable(_ path: String, _ code: Int32) -> LedgerError {
        LedgerError(.unreadable, "cannot read \(path): \(String(cString: strerror(code)))")
    }
}
