// What a connection was like, for whoever has to find out why it is not.

/// How one request got to its server, as far as it got.
///
/// - ``address``, ``port``, ``proxyStatus``: where it was connected to.
/// - ``nameLookup``, ``connected``, ``secured``, ``answered``, ``total``: what took how long.
/// - ``certificates``, ``certificateProblem``: whom TLS found there.
package struct ConnectionFacts: Hashable, Sendable {
    /// The IP address of the server, or of the proxy where there is one; nil where no connection stood, and
    /// for a Unix socket.
    package var address: String?
    package var port: Int?
    /// What the proxy answered when it was asked for a tunnel; nil where it was not.
    package var proxyStatus: Int?

    /// How long after its start the name had an address; like the others, nil where it did not come to that.
    package var nameLookup: Duration?
    /// When the connection stood; of one that failed thereafter libcurl does not tell, and there ``address``
    /// says that it stood.
    package var connected: Duration?
    /// When TLS, and the proxy's tunnel, stood on top of it.
    package var secured: Duration?
    /// When the first byte of the answer was there.
    package var answered: Duration?
    package var total: Duration

    /// The server's certificate, and those it sent along to vouch for it; empty without TLS.
    package var certificates: [Certificate]
    /// Why the certificate was refused.
    package var certificateProblem: CertificateProblem?

    /// A certificate, in OpenSSL's words.
    package struct Certificate: Hashable, Sendable {
        /// `O = Example, CN = kratos.example.com`.
        package var subject: String
        package var issuer: String
        package var start: CertificateDate
        package var expire: CertificateDate
        /// Whom it is for: `DNS:kratos.example.com, IP Address:10.0.0.7`; empty where it does not say.
        package var alternativeNames: String

        package init(
            subject: String,
            issuer: String,
            start: CertificateDate,
            expire: CertificateDate,
            alternativeNames: String
        ) {
            self.subject = subject
            self.issuer = issuer
            self.start = start
            self.expire = expire
            self.alternativeNames = alternativeNames
        }
    }

    /// What is wrong with a certificate, the first thing that TLS stumbled over.
    package enum CertificateProblem: Hashable, Sendable {
        case expired
        case notYetValid
        /// Nobody vouches for it but itself, or an authority of its own that is not trusted here.
        case selfSigned
        /// The authority that vouches for it is not known here, or its certificate was not sent along.
        case unknownAuthority
        /// It is for another name.
        case otherName
        /// Anything else, by OpenSSL's number (`X509_V_ERR_…`).
        case other(code: Int)
    }

    package init(
        address: String? = nil,
        port: Int? = nil,
        proxyStatus: Int? = nil,
        nameLookup: Duration? = nil,
        connected: Duration? = nil,
        secured: Duration? = nil,
        answered: Duration? = nil,
        total: Duration = .zero,
        certificates: [Certificate] = [],
        certificateProblem: CertificateProblem? = nil
    ) {
        self.address = address
        self.port = port
        self.proxyStatus = proxyStatus
        self.nameLookup = nameLookup
        self.connected = connected
        self.secured = secured
        self.answered = answered
        self.total = total
        self.certificates = certificates
        self.certificateProblem = certificateProblem
    }
}

extension ConnectionFacts.CertificateProblem {
    /// From the result of OpenSSL's verification (`x509_vfy.h`), of a certificate that was refused.
    ///
    /// The name is compared by libcurl, before it notes that OpenSSL has found nothing: then the number is
    /// still the one it begins with, 1.
    init(verifyResult: Int) {
        self =
            switch verifyResult {
            case 0, 1, 62, 64: .otherName
            case 9: .notYetValid
            case 10: .expired
            case 18, 19: .selfSigned
            case 2, 20, 21, 27: .unknownAuthority
            default: .other(code: verifyResult)
            }
    }
}
