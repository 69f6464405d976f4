// Everything that a run leaves to be read, and who was found in it.

import Foundation
import Programs
import Synchronization
import Testing

/// Collects what programs said, what processes showed of themselves, and what is in folders.
final class RedactionWitness: Sendable {
    private let secrets = RedactionSecrets()
    private let texts = Mutex<[(source: String, text: Data)]>([])
    /// The number of texts looked at, so that a test can see that there were any.
    var count: Int { texts.withLock(\.count) }

    func note(_ run: Run, _ source: String) {
        note(Data(run.words.utf8), "the words of \(source)")
    }

    func note(_ bytes: Data, _ source: String) {
        texts.withLock { $0.append((source, bytes)) }
    }

    /// What anybody can see of a process: its arguments, and those of the processes that it has started.
    func noteProcess(_ id: Int32, _ source: String) {
        for shown in ["cmdline", "comm", "stat"] {
            if let bytes = FileManager.default.contents(atPath: "/proc/\(id)/\(shown)") {
                note(bytes, "\(shown) of \(source)")
            }
        }
    }

    /// No secret of any kind in what was collected.
    func expectNothing(sourceLocation: SourceLocation = #_sourceLocation) {
        for (source, text) in texts.withLock({ $0 }) {
            let found = RedactionSecrets.found(secrets.all, in: text)
            #expect(found.isEmpty, "\(found) in \(source)", sourceLocation: sourceLocation)
        }
    }

    /// The secrets in a folder's files, hidden ones too, are only where they belong.
    ///
    /// - Parameter allowed: the secrets that may be in a file, by its path in the folder.
    func survey(
        _ folder: String,
        allowed: (String) -> [String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let names = try #require(
            FileManager.default.enumerator(atPath: folder),
            sourceLocation: sourceLocation
        )
        for case let name as String in names {
            guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)") else { continue }
            let found = RedactionSecrets.found(secrets.all, in: bytes).filter { !allowed(name).contains($0) }
            #expect(found.isEmpty, "\(found) in \(name)", sourceLocation: sourceLocation)
        }
    }
}
