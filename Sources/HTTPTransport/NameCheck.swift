// Whether a host's name has no address, or cannot be looked up for now: libcurl says the same of both.

import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Looks a name up once more, on a thread of its own, to find out why it could not be resolved.
final class NameCheck: Sendable {
    /// `getaddrinfo`'s answer on a name: 0, or its error code; it may block.
    typealias Lookup = @Sendable (_ name: String) -> Int32

    private let lookup: Lookup
    private let patience: Duration
    private let waiting = Mutex<[String: Batch]>([:])
    private let batches = Mutex(0)

    /// Those who wait for one answer.
    private struct Batch {
        let number: Int
        var continuations: [CheckedContinuation<Bool, Never>]
    }

    /// - Parameters:
    ///   - lookup: asks the system.
    ///   - patience: how long it may take; a name service that does not answer by then does not work for now.
    init(lookup: @escaping Lookup = NameCheck.systemLookup, patience: Duration = .seconds(5)) {
        self.lookup = lookup
        self.patience = patience
    }

    /// The error, as one that may pass where the name service fails for now.
    func refined(_ error: TransportError) async -> TransportError {
        let kind: TransportError.Kind
        switch error.kind {
        case .hostNotResolved: kind = .hostNotResolvedForNow
        case .proxyNotResolved: kind = .proxyNotResolvedForNow
        default: return error
        }
        guard let name = Self.name(in: error.message), await isTemporary(name) else { return error }
        return TransportError(
            kind: kind,
            wasSent: error.wasSent,
            status: error.status,
            message: "the name \(name) cannot be resolved for now",
            connection: error.connection
        )
    }

    /// The name in libcurl's words: `Could not resolve host: NAME`.
    private static func name(in message: String) -> String? {
        for lead in ["resolve host: ", "resolve proxy: "] {
            guard let range = message.firstRange(of: lead) else { continue }
            let name = message[range.upperBound...].prefix { $0 != " " }
            return name.isEmpty ? nil : String(name)
        }
        return nil
    }

    /// How many wait for an answer.
    var waitingCount: Int {
        waiting.withLock { $0.values.reduce(0) { $0 + $1.continuations.count } }
    }

    private func isTemporary(_ name: String) async -> Bool {
        // RFC 6761, 6.4: there is no such name, whatever a name service says or fails to say.
        var labels = name.lowercased()[...]
        while labels.hasSuffix(".") { labels.removeLast() }
        if labels.hasSuffix(".invalid") { return false }
        return await withCheckedContinuation { continuation in
            let number = join(name, continuation)
            guard let number else { return }
            Task {
                try? await Task.sleep(for: patience)
                answer(name, number, isTemporary: true)
            }
            let isStarted = BlockingThread.run { [self] in
                answer(name, number, isTemporary: !Self.isFinal(lookup(name)))
            }
            if !isStarted { answer(name, number, isTemporary: true) }
        }
    }

    /// Puts one more among those who wait; the number of their batch for the first.
    private func join(_ name: String, _ continuation: CheckedContinuation<Bool, Never>) -> Int? {
        let next = batches.withLock { number in
            number += 1
            return number
        }
        return waiting.withLock { waiting in
            if waiting[name] == nil {
                waiting[name] = Batch(number: next, continuations: [continuation])
                return next
            }
            waiting[name]?.continuations.append(continuation)
            return nil
        }
    }

    private func answer(_ name: String, _ number: Int, isTemporary: Bool) {
        let batch = waiting.withLock { waiting in
            waiting[name]?.number == number ? waiting.removeValue(forKey: name) : nil
        }
        for continuation in batch?.continuations ?? [] { continuation.resume(returning: isTemporary) }
    }

    /// Whether asking again is of no use.
    ///
    /// A name that has an address by now could not be resolved for a while. `EAI_NODATA` is glibc's own: the
    /// name exists and has no address.
    private static func isFinal(_ code: Int32) -> Bool {
        let noData: Int32 = -5
        return code == EAI_NONAME || code == EAI_FAIL || code == noData
    }

    static let systemLookup: Lookup = { name in
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(name, nil, &hints, &list)
        if let list { freeaddrinfo(list) }
        return code
    }
}
