// The simulator's memory on disk: what it was asked for and what it gave out, to compare a ledger with.

import Glibc
import Synchronization
import Model

/// A file of JSON lines, one for every issuing request, readable by its owner alone.
///
/// A line is written with a single system call before its answer is sent, so that a code which a client has
/// seen is always in the file, even after the simulator was killed.
final class RequestLog: Sendable {
    private let descriptor: Int32
    private let path: String
    private let hasFailed = Mutex(false)

    /// - Throws: `SettingError` where the file cannot be opened for appending.
    init(path: String) throws(SettingError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw SettingError("the log \(path) cannot be opened: \(String(cString: strerror(errno)))")
        }
        // A file that was there before may be open to others.
        fchmod(descriptor, 0o600)
    }

    deinit { close(descriptor) }

    func write(_ line: [UInt8]) {
        var written = 0
        while written < line.count {
            let count = line.withUnsafeBytes { bytes in
                Glibc.write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return complain(errno) }
            written += count
        }
    }

    /// Says once that the log has a hole, since whoever compares with it must know.
    private func complain(_ code: Int32) {
        let isFirst = hasFailed.withLock { hasFailed in
            defer { hasFailed = true }
            return !hasFailed
        }
        guard isFirst else { return }
        let text = "the log \(path) is incomplete: \(String(cString: strerror(code)))\n"
        _ = text.utf8.withContiguousStorageIfAvailable {
            Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count)
        }
    }
}

/// One line of the log.
struct LogLine {
    var time: GoTime
    var request: Int
    var event: String
    var endpoint: IssuingEndpoint
    var identity: IdentityID?
    /// Nil where no answer is sent.
    var status: Int?
    var fault: String?
    var record: IssuedRecord?
    var requestID: String

    var bytes: [UInt8] {
        let microseconds = String(1_000_000 + time.nanoseconds / 1000 % 1_000_000).dropFirst()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(480)
        func add(_ parts: String...) {
            for part in parts { bytes.append(contentsOf: part.utf8) }
        }
        add("{\"t\":", String(time.nanoseconds / 1_000_000_000), ".", String(microseconds))
        add(",\"request\":", String(request), ",\"event\":\"", event)
        add("\",\"endpoint\":\"", endpoint.rawValue, "\",\"identity_id\":\"", identity?.text ?? "")
        add("\",\"status\":", status.map(String.init) ?? "null")
        if let fault { add(",\"fault\":\"", fault, "\"") } else { add(",\"fault\":null") }
        if let record {
            if let code = record.recoveryCode { add(",\"recovery_code\":\"", code, "\"") }
            add(",\"recovery_link\":")
            JSONText.append(record.recoveryLink, to: &bytes)
            add(",\"expires_at\":\"", record.expiresAt, "\"")
        }
        add(",\"request_id\":")
        JSONText.append(requestID, to: &bytes)
        add("}\n")
        return bytes
    }
}
