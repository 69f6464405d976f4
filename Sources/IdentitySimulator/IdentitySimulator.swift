// A server that behaves like Ory Kratos v26.2 where recovery codes and links are issued, and misbehaves on request.

import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
package import Vocabulary

/// A running simulated server with an admin and a public port.
///
/// Several may run in one process. One that is no longer needed must be stopped.
///
/// - Starting: `start(_:)`
/// - Looking: `adminPort`, `publicPort`, `adminURL`, `publicURL`, `statistics()`, `issued()`, `mailedCodes()`
/// - Changing: `change(_:)`, `delete(_:)`, `switchOff(_:)`
/// - Ending: `stop()`
package final class IdentitySimulator: Sendable {
    package let adminPort: Int
    package let publicPort: Int
    package let host: String

    private let core: SimulatorCore
    private let group: MultiThreadedEventLoopGroup

    /// Opens both ports.
    ///
    /// - Throws: `SettingError` where the log cannot be opened, an `IOError` where a port is taken.
    package static func start(
        _ configuration: SimulatorConfiguration = SimulatorConfiguration()
    ) async throws -> IdentitySimulator {
        let core = try SimulatorCore(configuration)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, configuration.threads))
        do {
            let adminPort = try await listen(.admin, at: configuration.adminPort, core, group)
            let publicPort = try await listen(.public, at: configuration.publicPort, core, group)
            return IdentitySimulator(core, group, adminPort: adminPort, publicPort: publicPort)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private init(_ core: SimulatorCore, _ group: MultiThreadedEventLoopGroup, adminPort: Int, publicPort: Int)
    {
        self.core = core
        self.group = group
        self.adminPort = adminPort
        self.publicPort = publicPort
        host = core.configuration.host
        core.open(SimulatorCore.Doors(adminURL: adminURL, publicURL: publicURL))
    }

    package var adminURL: String { "http://\(host):\(adminPort)" }
    package var publicURL: String { "http://\(host):\(publicPort)" }

    /// The counters so far.
    package func statistics() -> SimulatorStatistics { core.statistics }

    /// Every code and link given out so far, in the order of giving; empty where the configuration keeps none.
    package func issued() -> [IssuedRecord] { core.state.withLock { $0.issued } }

    /// Every code and link mailed so far to users who asked for one, in the order of mailing.
    package func mailedCodes() -> [MailedCode] {
        core.state.withLock { $0.selfService.mails.compactMap(\.code) }
    }

    /// Gives an identity another address or state, as an administrator would.
    package func change(_ account: Account) {
        core.state.withLock { state in
            state.selfService.changed[account.identity] = account
            guard let email = account.email else { return }
            state.selfService.identitiesByEmail.keep(account.identity, email.lowercased())
        }
    }

    /// Deletes an identity: what was issued for it works no more.
    package func delete(_ identity: IdentityID) {
        core.state.withLock { $0.selfService.changed[identity] = .some(nil) }
    }

    /// Switches a method of recovering off for users; issuing goes by the configuration alone.
    package func switchOff(_ method: IssuingEndpoint) {
        core.state.withLock { _ = $0.selfService.switchedOff.insert(method) }
    }

    /// Closes the ports and every connection.
    package func stop() async throws {
        try await group.shutdownGracefully()
    }

    private static func listen(
        _ port: SimulatedRequest.Port,
        at number: Int,
        _ core: SimulatorCore,
        _ group: MultiThreadedEventLoopGroup
    ) async throws -> Int {
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)),
                        ConnectionHandler(core: core, port: port)
                    )
                }
            }
            .bind(host: core.configuration.host, port: number)
            .get()
        return channel.localAddress?.port ?? number
    }
}
