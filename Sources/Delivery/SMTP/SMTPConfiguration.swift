// How mails travel to a relay, and what bounds it.

package import Model

/// By what a relay knows who sends.
package enum SMTPCredential: Hashable, Sendable {
    case none
    /// For PLAIN, LOGIN and CRAM-MD5.
    case password(user: String, Secret<String>)
    /// For OAUTHBEARER and XOAUTH2.
    case bearer(user: String, Secret<String>)
}

/// The settings of an `SMTPRelay`.
package struct SMTPConfiguration: Sendable {
    package var server: SMTPServer
    /// Whether mails and credential may go over a network without TLS; to this machine they always may.
    package var allowsPlain = false
    /// A file of certificates in PEM form to trust instead of the system's.
    package var caFile: String?
    /// How we introduce ourselves; nil for this machine's name.
    package var ehloName: String?
    /// How many connections may be open at once.
    package var connections = 4
    /// After so many mails a connection is closed and another one made.
    package var messagesPerConnection = 100
    /// How long a connection may lie idle before it is closed.
    package var idleLimit: Duration = .seconds(15)
    package var timeouts = SMTPTimeouts()
    /// Whether this machine is trusted without TLS; tests say no, to meet what other machines meet.
    var trustsLoopback = true
    /// Asked at the first mail, and once more when the relay has refused what it gave.
    package var credential: @Sendable () async throws -> SMTPCredential = { .none }

    package init(server: SMTPServer) {
        self.server = server
    }

    var isNearby: Bool { trustsLoopback && server.isLoopback }
}

/// How long each step may take.
///
/// Those of RFC 5321, 4.5.3.2: a client that gives up earlier after the final dot makes duplicates.
package struct SMTPTimeouts: Hashable, Sendable {
    /// Until the relay is connected, has greeted, and taken the credential.
    package var connect: Duration = .seconds(30)
    package var mail: Duration = .seconds(300)
    package var recipient: Duration = .seconds(300)
    package var data: Duration = .seconds(120)
    /// For each piece of the message that the relay takes.
    package var chunk: Duration = .seconds(180)
    /// From the final dot to its reply.
    package var dot: Duration = .seconds(600)
    package var reset: Duration = .seconds(60)
    /// For the reply to QUIT, which nothing depends on.
    package var quit: Duration = .seconds(1)

    package init() {}

    func limit(of command: SMTPCommand, isMessageSent: Bool) -> Duration {
        switch command {
        case .mail: mail
        case .recipient: recipient
        case .data: data
        case .content: isMessageSent ? dot : chunk
        case .reset: reset
        }
    }
}
