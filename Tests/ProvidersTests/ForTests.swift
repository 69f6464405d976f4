// Connections and readings with what the tests don't care about filled in.

import HTTPTransport
import Providers
import TestSupport
import Model

extension ServerConnection {
    init(
        _ transport: any HTTPTransport,
        provider: Provider = .kratos,
        server: ServerURL,
        credential: Credential = Credential(nil),
        headers: [HTTPHeader] = [],
        timeout: Duration = .seconds(30),
        now: @escaping @Sendable () -> Timestamp = { Timestamp(milliseconds: 1_790_000_000_000) }
    ) {
        self.init(
            provider: provider,
            server: server,
            credential: credential,
            headers: headers,
            timeout: timeout,
            transport: transport,
            now: now
        )
    }
}

extension AnswerClassifier {
    init(provider: Provider, server: ServerURL, token: BearerToken?, method: RecoveryMethod = .code) {
        let transport = StubTransport { _ in
            .failure(TransportError(kind: .transportStopped, wasSent: false, message: "nothing is sent"))
        }
        self.init(
            ServerConnection(transport, provider: provider, server: server, credential: Credential(token)),
            method: method
        )
    }
}

extension RecoveryAPI {
    init(
        transport: any HTTPTransport,
        provider: Provider,
        server: ServerURL,
        token: BearerToken?,
        expiresIn: Duration,
        timeout: Duration,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.init(
            ServerConnection(
                transport,
                provider: provider,
                server: server,
                credential: Credential(token),
                timeout: timeout,
                now: now
            ),
            IssueRequest(expiresIn: expiresIn)
        )
    }
}
