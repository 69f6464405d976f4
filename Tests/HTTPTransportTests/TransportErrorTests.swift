// Where a request failed, as far as its error can tell.

import HTTPTransport
import Testing

@Suite struct TransportErrorTests {
    private typealias Phase = TransportError.Phase

    @Test(arguments: [
        (TransportError.Kind.hostNotResolved, false, Phase?.some(.nameLookup)),
        (.proxyNotResolved, false, .nameLookup),
        (.connectionFailed, false, .connection),
        (.connectTimeout, false, .connection),
        (.certificate, false, .tls),
        (.clientCertificate, true, .tls),
        (.tls, false, .tls),
        (.timeout, true, .exchange),
        (.connectionClosed, true, .exchange),
        (.protocolViolation, true, .exchange),
        (.transportStopped, true, .exchange),
        (.transportStopped, false, nil),
        (.unsupportedURL, false, nil),
        (.invalidRequest, false, nil),
        (.other(code: 1), false, nil),
    ])
    func aKindHasItsPhase(_ kind: TransportError.Kind, _ wasSent: Bool, _ phase: TransportError.Phase?) {
        #expect(TransportError(kind: kind, wasSent: wasSent, message: "").phase == phase)
    }

    @Test(arguments: [
        (ConnectionFacts(), Phase.nameLookup),
        (ConnectionFacts(nameLookup: .milliseconds(1)), .connection),
        (ConnectionFacts(address: "10.0.0.7", nameLookup: .milliseconds(1)), .tls),
        (ConnectionFacts(address: "10.0.0.7", proxyStatus: 407, nameLookup: .milliseconds(1)), .connection),
        (ConnectionFacts(address: "10.0.0.7", proxyStatus: 200, nameLookup: .milliseconds(1)), .tls),
    ])
    func factsTellWhichPartOfAConnectionTookTooLong(_ facts: ConnectionFacts, _ phase: TransportError.Phase) {
        for kind in [TransportError.Kind.connectTimeout, .connectionFailed] {
            #expect(TransportError(kind: kind, wasSent: false, message: "", connection: facts).phase == phase)
        }
    }
}
