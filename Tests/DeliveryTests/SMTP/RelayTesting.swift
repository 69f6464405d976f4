// What tests of a relay share.

import Dispatch
import Model
import Synchronization
import TestSupport

@testable import Delivery

extension SMTPConfiguration {
    /// Settings for a faulty relay on loopback.
    init(_ relay: FaultyRelay, connections: Int = 1) throws {
        self.init(server: try SMTPServer(relay.url))
        self.connections = connections
        ehloName = "tests.example"
    }
}

extension SMTPTimeouts {
    /// For relays that stall, on a machine that may be busy.
    static let short = {
        var timeouts = SMTPTimeouts()
        timeouts.connect = .milliseconds(250)
        timeouts.mail = .milliseconds(250)
        timeouts.recipient = .milliseconds(250)
        timeouts.data = .milliseconds(250)
        timeouts.chunk = .milliseconds(250)
        timeouts.dot = .milliseconds(250)
        timeouts.reset = .milliseconds(250)
        return timeouts
    }()
}

/// One relay for a test, closed at its end.
func withRelay<T>(
    _ configuration: SMTPConfiguration,
    _ body: (SMTPRelay) async throws -> T
) async throws -> T {
    let relay = SMTPRelay(configuration)
    do {
        let result = try await body(relay)
        await relay.close()
        return result
    } catch {
        await relay.close()
        throw error
    }
}

extension SMTPRelay {
    func send(_ mail: OutgoingMail = SMTPDialogueTests.mail()) async -> MailOutcome {
        await send(mail, onSend: nil)
    }

    func meaning(_ mail: OutgoingMail = SMTPDialogueTests.mail()) async -> String {
        SMTPDialogueTests.meaning(await send(mail, onSend: nil))
    }
}

/// Lets a fault happen a number of times.
final class Times: Sendable {
    private let left: Mutex<Int>

    init(_ count: Int) { left = Mutex(count) }

    func take() -> Bool {
        left.withLock { left in
            left -= 1
            return left >= 0
        }
    }
}

final class Count: Sendable {
    private let count = Mutex(0)

    func add() { count.withLock { $0 += 1 } }
    var value: Int { count.withLock { $0 } }
}

/// Something that a thread of a relay waits for, or tells.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func open() { semaphore.signal() }
    func pass() { semaphore.wait() }

    /// The same for tasks.
    func passed() async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { [semaphore] in
                semaphore.wait()
                continuation.resume()
            }
        }
    }
}
