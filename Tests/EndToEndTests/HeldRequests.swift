// Requests that a server holds back until a test lets them go.

import IdentitySimulator

/// What a run waits for while a test looks at it.
final class HeldRequests: Sendable {
    private let gate = Gate()
    private let arrival = Arrival()

    /// Holds every request for a code back; what becomes of it then is `delivery`.
    func script(then delivery: Delivery) -> @Sendable (SimulatedRequest) -> Delivery? {
        { [gate, arrival] request in
            guard request.identity != nil else { return nil }
            arrival.note()
            return .hold(.gate(gate), then: delivery)
        }
    }

    /// Returns when one has arrived.
    func wait() async { await arrival.wait() }

    /// Lets all of them go, those to come as well.
    func letGo() { gate.open() }
}

/// That something has arrived; for one who waits for it.
final class Arrival: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    func note() { continuation.yield() }

    /// Returns when a request has arrived.
    func wait() async {
        for await _ in stream { return }
    }
}

extension Scene {
    /// A scene whose server holds every request for a code back.
    static func holding(
        identities count: Int,
        then delivery: Delivery = .close,
        _ body: (Scene, HeldRequests) async throws -> Void
    ) async throws {
        let held = HeldRequests()
        try await with(
            identities: count,
            configure: { $0.script = held.script(then: delivery) }
        ) { scene in try await body(scene, held) }
    }
}
