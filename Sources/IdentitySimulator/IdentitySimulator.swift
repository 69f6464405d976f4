// A server that behaves like Ory Kratos v26.2 where recovery codes and links are issued, and misbehaves on
// request.

import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
package import Model

/// A running simulated server with an admin and a public port.
///
/// Several may run in one process. One that is no longer needed must be stopped.
///
/// - Starting: `start(_:)`, `startOnLastingPorts(_:)`
/// - Looking: `adminPort`, `publicPort`, `adminURL`, `publicURL`, `statistics()`, `issued()`, `mailedCodes()`
/// - Changing: `change(_:)`, `delete(_:)`, `switchOff(_:)`, `accept(tokens:)`
/// - Outages: `goDown()`, `comeBack()`, `settled()`
/// - Ending: `stop()`
package final class IdentitySimulator: Sendable {
    package let adminPort: Int
    package let publicPort: Int
    package let host: String

    private let core: SimulatorCore
    private let group: MultiThreadedEventLoopGroup
    /// What takes connections on the two ports; none while the server is down.
    private let listeners: Mutex<[any Channel]>

    /// Opens both ports.
    ///
    /// - Throws: `SettingError` where the log cannot be opened, an `IOError` where a port is taken.
    package static func start(
        _ configuration: SimulatorConfiguration = SimulatorConfiguration()
    ) async throws -> IdentitySimulator {
        let core = try SimulatorCore(configuration)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, configuration.threads))
        do {
            let admin = try await listen(.admin, at: configuration.adminPort, core, group)
            let visitors = try await listen(.public, at: configuration.publicPort, core, group)
            if let path = configuration.adminUnixPath {
                _ = try await bootstrap(.admin, core, group)
                    .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
            }
            return IdentitySimulator(core, group, admin: admin, public: visitors)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    /// Opens both ports at numbers that the system gives nobody who asks for any free one, so that they can
    /// be opened again after `goDown()`.
    ///
    /// - Throws: as `start(_:)`.
    package static func startOnLastingPorts(
        _ configuration: SimulatorConfiguration
    ) async throws -> IdentitySimulator {
        var configuration = configuration
        for _ in 0..<50 {
            configuration.adminPort = Int.random(in: lastingPorts)
            configuration.publicPort = configuration.adminPort + 1
            // Whoever wants one of them by its number may have it already.
            if let simulator = try? await start(configuration) { return simulator }
        }
        return try await start(configuration)
    }

    /// Below the usual `net.ipv4.ip_local_port_range`.
    private static let lastingPorts = 10_240..<32_000

    private init(
        _ core: SimulatorCore,
        _ group: MultiThreadedEventLoopGroup,
        admin: any Channel,
        public visitors: any Channel
    ) {
        self.core = core
        self.group = group
        listeners = Mutex([admin, visitors])
        adminPort = admin.localAddress?.port ?? core.configuration.adminPort
        publicPort = visitors.localAddress?.port ?? core.configuration.publicPort
        host = core.configuration.host
        core.open(SimulatorCore.Endpoints(adminURL: adminURL, publicURL: publicURL))
    }

    package var adminURL: String { "http://\(host):\(adminPort)" }
    package var publicURL: String { "http://\(host):\(publicPort)" }

    /// The counters so far.
    package func statistics() -> SimulatorStatistics { core.statistics }

    /// Every code and link given out so far, in the order of giving; empty where the configuration keeps
    /// none.
    package func issued() -> [IssuedRecord] { core.state.withLock { $0.issued } }

    /// Accepts these bearer tokens from now on, and no others: an earlier one is refused as if it had
    /// expired.
    package func accept(tokens: [String]) { core.tokens.withLock { $0.accept(tokens) } }
    /// Every code and link mailed so far to users who asked for one, in the order of mailing.
    package func mailedCodes() -> [MailedCode] {
        core.state.withLock { $0.selfService.mails.compactMap(\.code) }
    }

    /// Gives an identity another address or state, as an administrator would.
    package func change(_ account: Account) {
        core.state.withLock { $0.overlay.keep(account) }
    }

    /// Deletes an identity: what was issued for it works no more.
    package func delete(_ identity: IdentityID) {
        core.state.withLock { $0.overlay.delete(identity) }
    }

    /// Sets an identity's password, as its user would.
    package func setPassword(of identity: IdentityID) {
        let now = core.now()
        core.state.withLock { state in
            var profile = state.selfService.profiles[identity] ?? SelfServiceState.Profile()
            (profile.password, profile.changedAt) = ("violet-harbour-kelp-72", now)
            state.selfService.profiles.keep(profile, identity)
        }
    }

    /// Logs an identity in, as its user would.
    ///
    /// - Parameter method: `code_recovery`, `link_recovery` or `password`.
    package func logIn(_ identity: IdentityID, by method: String) {
        let now = core.now()
        core.state.withLock { state in
            let session = Session(
                id: state.selfService.newID(),
                identity: identity,
                method: method,
                issuedAt: now,
                createdAt: state.selfService.sessionTime(now),
                expiresAt: now + core.selfServiceSettings.sessionLifespan,
                device: state.selfService.newID(),
                address: "127.0.0.1:40000",
                userAgent: ""
            )
            state.selfService.keep(session)
        }
    }

    /// Switches a method of recovering off for users; issuing goes by the configuration alone.
    package func switchOff(_ method: IssuingEndpoint) {
        core.state.withLock { _ = $0.selfService.switchedOff.insert(method) }
    }

    /// Breaks down as a server does that is killed: connections are cut, new ones refused.
    ///
    /// What it knows and has given out stays. On a Unix socket connections are cut as soon as they come.
    package func goDown() async throws {
        let closing = listeners.withLock { listeners in
            defer { listeners = [] }
            return listeners
        }
        for listener in closing { try await listener.close() }
        core.connections.cut()
    }

    /// Serves again after `goDown()`, on the same ports.
    ///
    /// - Throws: an `IOError` where somebody else has taken a port meanwhile: see `startOnLastingPorts(_:)`.
    package func comeBack() async throws {
        core.connections.welcome()
        for (port, number) in [(SimulatedRequest.Port.admin, adminPort), (.public, publicPort)] {
            let listener = try await Self.listen(port, at: number, core, group)
            listeners.withLock { $0.append(listener) }
        }
    }

    /// Returns when everything has been taken in that clients had sent who are gone by now.
    ///
    /// Clients that stay connected keep it waiting. Exact with one thread, which serves connections in the
    /// order in which they came.
    package func settled() async throws {
        let last = try await ClientBootstrap(group: group).connect(host: host, port: adminPort).get()
        let request = "GET /health/alive HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n"
        try await last.writeAndFlush(ByteBuffer(string: request))
        try await last.closeFuture.get()
        await core.connections.allClosed()
    }

    /// Closes the ports and every connection.
    package func stop() async throws {
        try await group.shutdownGracefully()
        if let path = core.configuration.adminUnixPath { unlink(path) }
    }

    private static func listen(
        _ port: SimulatedRequest.Port,
        at number: Int,
        _ core: SimulatorCore,
        _ group: MultiThreadedEventLoopGroup
    ) async throws -> any Channel {
        try await bootstrap(port, core, group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .bind(host: core.configuration.host, port: number)
            .get()
    }

    private static func bootstrap(
        _ port: SimulatedRequest.Port,
        _ core: SimulatorCore,
        _ group: MultiThreadedEventLoopGroup
    ) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .childChannelInitializer { channel in
                core.connections.add(channel)
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)),
                        ConnectionHandler(core: core, port: port)
                    )
                }
            }
    }
}
