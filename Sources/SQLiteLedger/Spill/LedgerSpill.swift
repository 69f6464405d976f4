// Room beside the ledger for answers that it cannot take.

import Glibc
package import Ledger
import Files
import Synchronization
package import Model

/// A file of a run's own, made before its first request, into which answers go that the ledger refuses.
///
/// All the room that it may need is reserved when it is made, so that a disk that has become full since is no
/// obstacle. Writing appends, and what was written before stays as it is; `SpillReading` reads it,
/// `Ledger.recover` takes it in. Codes and links stand in it as the ledger would hold them: sealed where that
/// is sealed. Mode 0600.
package final class LedgerSpill: AnswerSpill {
    package let path: String
    private let descriptor: Int32
    private let state: Mutex<State>

    private struct State {
        /// Where the next record goes.
        var offset: Int
        /// Of the results, as many are in the file.
        var resultsWritten = 0
        var sealsWritten: Set<SealID> = []
        var unsentWritten = false
    }

    /// Room for one claim: a code of 1 KiB and a link of 8 KiB, every byte escaped, and the failures before
    /// them.
    package static let bytesPerClaim = 24 * 1024
    /// Room for what a file has once.
    private static let bytesForOnce = 16 * 1024

    private init(path: String, descriptor: Int32, offset: Int) {
        self.path = path
        self.descriptor = descriptor
        state = Mutex(State(offset: offset))
    }

    deinit { close(descriptor) }

    /// Makes the file with room for the answers of so many claims.
    ///
    /// - Throws: `LedgerError` where the room cannot be had; then there is no file. `inUse` where there is a
    ///   file already: it holds what another run could not commit, and stays as it is.
    package static func reserve(at path: String, origin: SpillOrigin, claimsMax: Int) throws -> LedgerSpill {
        let size = max(claimsMax, 1) * bytesPerClaim + bytesForOnce
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            guard errno == EEXIST else { throw LedgerError(describing: .current("make", path)) }
            throw LedgerError(
                .inUse,
                "\(path) is there already: another run keeps its answers in it",
                advice: "wait until that run has ended, then run again"
            )
        }
        do {
            guard fchmod(descriptor, 0o600) == 0 else {
                throw LedgerError(describing: .current("make", path))
            }
            // Returns the error, and leaves errno alone.
            let code = posix_fallocate(descriptor, 0, off_t(size))
            guard code == 0 else {
                throw LedgerError(
                    .notWritable,
                    "there is no room for \(path): \(inWords(size)) are reserved before anything is sent, so "
                        + "that no answer is lost should the disk become full "
                        + "(\(String(cString: strerror(code))))",
                    advice: "make room there, or ask for a lower \(.concurrency)"
                )
            }
            let start = try SpillFormat.magic + SpillFormat.encode(.origin(origin))
            try write(start, to: descriptor, at: 0, path)
            do throws(FileError) {
                try AtomicFile.syncFolder(PrivateFolder.parent(of: path) ?? ".")
            } catch {
                throw LedgerError(describing: error)
            }
            return LedgerSpill(path: path, descriptor: descriptor, offset: start.count)
        } catch {
            unlink(path)
            close(descriptor)
            throw error
        }
    }

    /// Writes what is not in the file yet, durably.
    ///
    /// - Parameters:
    ///   - results: all that could not be committed so far, always in the same order.
    ///   - unsent: claims for which nothing was sent, once they are known.
    ///   - seals: those that the results' secrets may be sealed under.
    /// - Throws: `LedgerError`; what was in the file before still is.
    package func write(
        _ results: [AttemptResult],
        unsent: [Claim] = [],
        seals: [SealRecord],
        progress: RunProgress,
        at time: Timestamp
    ) throws {
        try state.withLock { state in
            let new = results.dropFirst(state.resultsWritten)
            let used = Set(new.compactMap(\.seal)).subtracting(state.sealsWritten)
            var records = seals.filter { used.contains($0.id) }.map(SpillRecord.seal)
            guard records.count == used.count else {
                throw LedgerError(.failed, "the seal of codes that were to be kept in \(path) is not known")
            }
            records += new.map { .answer($0.shortened) }
            if !state.unsentWritten { records += unsent.map(SpillRecord.unsent) }
            records.append(.progress(.init(progress, at: time)))
            let bytes = try records.flatMap(SpillFormat.encode)
            try Self.write(bytes, to: descriptor, at: state.offset, path)
            state.offset += bytes.count
            state.resultsWritten = results.count
            state.sealsWritten.formUnion(used)
            state.unsentWritten = state.unsentWritten || !unsent.isEmpty
        }
    }

    /// How many of the results are in the file.
    package var resultsWritten: Int { state.withLock { $0.resultsWritten } }

    /// Gives the room back that was not needed; what was written stays.
    package func keepWritten() {
        // Where that fails it is larger than it need be.
        state.withLock { _ = ftruncate(descriptor, off_t($0.offset)) }
    }

    /// Gives the room back: everything is in the ledger.
    package func remove() { unlink(path) }

    private static func write(_ bytes: [UInt8], to descriptor: Int32, at start: Int, _ path: String) throws {
        // Over what a failed write may have left.
        guard lseek(descriptor, off_t(start), SEEK_SET) >= 0 else {
            throw LedgerError(describing: .current("write", path))
        }
        if let code = Descriptor.write(bytes, to: descriptor) {
            throw LedgerError(describing: .failed("write", path, code))
        }
        guard fdatasync(descriptor) == 0 else {
            throw LedgerError(describing: .current("write to disk", path))
        }
        // A file that has lost its name takes everything, and keeps nothing.
        guard Descriptor.hasName(path, descriptor) else {
            throw LedgerError(
                .notWritable,
                "\(path) was deleted, replaced or put out of reach while it was in use"
            )
        }
    }

    private static func inWords(_ size: Int) -> String {
        size >= 1 << 20 ? "\(size >> 20) MiB" : "\(size >> 10) KiB"
    }
}

extension AttemptResult {
    /// What its secret is sealed under.
    fileprivate var seal: SealID? {
        guard case .issued(let invitation) = outcome, case .sealed(let seal, _) = invitation.secret else {
            return nil
        }
        return seal
    }
}
