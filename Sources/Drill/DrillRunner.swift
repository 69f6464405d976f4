// Executes a drill's actions: the thin shell around the state machine.

import HTTPTransport
package import Providers
package import Model

/// Runs one drill.
package struct DrillRunner: Sendable {
    /// Gets the code of a mail, from a person or a command.
    ///
    /// - Throws: an error that describes itself in a sentence where there is none.
    package typealias CodeSource = @Sendable () async throws -> Secret<String>

    private let plan: DrillPlan
    /// The admin port; nil where nothing is asked of it.
    private let admin: ServerConnection?
    /// The public port, once without cookies and once with those that it sets: neither with any credential.
    private let publicPort: ServerConnection
    private let publicPortWithCookies: ServerConnection
    private let codeSource: CodeSource
    private let clock: any Clock<Duration>

    package init(
        _ plan: DrillPlan,
        admin: ServerConnection?,
        publicPort: ServerConnection,
        publicPortWithCookies: ServerConnection,
        codeSource: @escaping CodeSource,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.plan = plan
        self.admin = admin
        self.publicPort = publicPort
        self.publicPortWithCookies = publicPortWithCookies
        self.codeSource = codeSource
        self.clock = clock
    }

    /// Tries every step until one fails.
    ///
    /// - Parameter onStep: called with each step when it has ended.
    package func run(
        password: Secret<String>,
        onStep: (StepReport) throws -> Void = { _ in }
    ) async rethrows -> DrillReport {
        var machine = DrillMachine(plan, password: password)
        var action = machine.start()
        var shown = 0
        while true {
            for step in machine.report.steps[shown...] { try onStep(step) }
            shown = machine.report.steps.count
            if case .finish = action { return machine.report }
            let (event, duration) = await perform(action)
            action = machine.received(event, after: duration)
        }
    }

    private func perform(_ action: DrillAction) async -> (DrillEvent, Duration) {
        let stopwatch = Stopwatch(clock)
        let event = await event(of: action)
        return (event, stopwatch.elapsed)
    }

    private func event(of action: DrillAction) async -> DrillEvent {
        switch action {
        case .issue(let issueRequest):
            guard let admin, let identity = plan.identity else {
                preconditionFailure("an issued way has an identity and an admin port")
            }
            return .issued(await RecoveryAPI(admin, issueRequest).issue(for: identity, onSend: nil))
        case .readIdentity:
            guard let admin, let identity = plan.identity else {
                preconditionFailure("an issued way has an identity and an admin port")
            }
            return .answered(await Self.send(admin.identityRequest(identity), admin))
        case .ask(let request, let withCookies):
            let connection = withCookies ? publicPortWithCookies : publicPort
            return .answered(await Self.send(request.httpRequest(connection), connection))
        case .readCode:
            do {
                let code = try await codeSource()
                return code.revealed.isEmpty ? .noCode("no code was given") : .code(code)
            } catch {
                return .noCode("\(error)")
            }
        case .finish: preconditionFailure("a finished drill has nothing to do")
        }
    }

    private static func send(
        _ request: HTTPRequest,
        _ connection: ServerConnection
    ) async -> Result<HTTPResponse, TransportError> {
        do { return .success(try await connection.send(request)) } catch { return .failure(error) }
    }
}

/// What has passed by any clock.
private struct Stopwatch {
    private let read: () -> Duration
    var elapsed: Duration { read() }

    init(_ clock: some Clock<Duration>) {
        let start = clock.now
        read = { start.duration(to: clock.now) }
    }
}
