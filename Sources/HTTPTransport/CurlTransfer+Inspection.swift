// A closer look at connections: how it is asked for, and what libcurl then knows.

import CCurl

extension CurlTransfer {
    /// How closely a connection is looked at.
    enum Inspection {
        case none
        /// On a connection of its own, since libcurl tells of certificates only where it makes one.
        case facts
        /// The same without verification, and without a request.
        case certificatesOnly

        init(_ submission: CurlSubmission) {
            self =
                switch submission.purpose {
                case .look: .certificatesOnly
                case .send: submission.request.wantsConnectionFacts ? .facts : .none
                }
        }
    }

    var isInspected: Bool { inspection != .none }

    func setInspection(_ inspection: Inspection) throws(TransportError) {
        let isVerified = inspection != .certificatesOnly
        // First of all, so that a refused option cannot leave an unverified handle to the next request.
        self.inspection = .certificatesOnly
        try set(CURLOPT_CERTINFO, inspection == .none ? 0 : 1)
        try set(CURLOPT_FRESH_CONNECT, inspection == .none ? 0 : 1)
        try set(CURLOPT_FORBID_REUSE, isVerified ? 0 : 1)
        try setClientCertificate(isVerified ? ClientCertificate(configuration) : nil)
        try setVerification(isVerified)
        self.inspection = inspection
    }

    /// The connection that the finished transfer used, or tried to make.
    func connectionFacts(isCertificateRefused: Bool) -> ConnectionFacts {
        let verifyResult = ccurl_get_long(handle, CURLINFO_SSL_VERIFYRESULT)
        let connectStatus = ccurl_get_long(handle, CURLINFO_HTTP_CONNECTCODE)
        // Of a Unix socket it is the path.
        let text = configuration.unixSocketPath == nil ? ccurl_get_text(handle, CURLINFO_PRIMARY_IP) : nil
        let address = text.map { String(cString: $0) } ?? ""
        let port = ccurl_get_long(handle, CURLINFO_PRIMARY_PORT)
        return ConnectionFacts(
            address: address.isEmpty ? nil : address,
            port: address.isEmpty || port <= 0 ? nil : port,
            proxyStatus: connectStatus > 0 ? connectStatus : nil,
            nameLookup: time(CURLINFO_NAMELOOKUP_TIME_T),
            connected: time(CURLINFO_CONNECT_TIME_T),
            secured: time(CURLINFO_APPCONNECT_TIME_T),
            answered: time(CURLINFO_STARTTRANSFER_TIME_T),
            total: time(CURLINFO_TOTAL_TIME_T) ?? .zero,
            certificates: certificates,
            certificateProblem: isCertificateRefused ? .init(verifyResult: verifyResult) : nil
        )
    }

    /// libcurl's times are microseconds since the start, and 0 for what did not happen.
    private func time(_ info: CURLINFO) -> Duration? {
        let microseconds = ccurl_get_number(handle, info)
        return microseconds > 0 ? .microseconds(microseconds) : nil
    }

    private var certificates: [ConnectionFacts.Certificate] {
        guard let chain = ccurl_get_certificates(handle), let lists = chain.pointee.certinfo else {
            return []
        }
        return (0..<Int(chain.pointee.num_of_certs)).map { index in
            var lines: [String] = []
            var entry = lists[index]
            while let line = entry {
                if let text = line.pointee.data { lines.append(String(cString: text)) }
                entry = line.pointee.next
            }
            return ConnectionFacts.Certificate(lines: lines)
        }
    }
}

extension ConnectionFacts.Certificate {
    /// From libcurl's lines, `Subject:O = Example`.
    init(lines: [String]) {
        func value(_ name: String) -> String {
            let line = lines.first { $0.hasPrefix("\(name):") }
            return line.map { String($0.dropFirst(name.count + 1)) } ?? ""
        }
        self.init(
            subject: value("Subject"),
            issuer: value("Issuer"),
            start: CertificateDate(value("Start date")),
            expire: CertificateDate(value("Expire date")),
            alternativeNames: value("X509v3 Subject Alternative Name")
        )
    }
}
