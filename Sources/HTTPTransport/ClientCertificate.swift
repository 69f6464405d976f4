// The client's own certificate and key: whether they can be used is found out before anything is asked for.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The files by which this client shows who it is.
///
/// OpenSSL would tell of most of this only at the first request, and in its own words; a key's passphrase it
/// would ask for at the terminal.
struct ClientCertificate {
    let certificateFile: String
    let keyFile: String

    /// No file of a certificate or key is nearly as long.
    private static let fileBytesMax = 1 << 20

    /// Nil where none is configured.
    init?(_ configuration: CurlTransport.Configuration) throws(TransportError) {
        guard let certificateFile = configuration.clientCertificateFile else {
            guard let keyFile = configuration.clientKeyFile else { return nil }
            throw Self.unusable("the client key \(keyFile) is of no use without a client certificate")
        }
        self.certificateFile = certificateFile
        keyFile = configuration.clientKeyFile ?? certificateFile
    }

    /// Whose file is meant, for an error that follows.
    var description: String {
        keyFile == certificateFile ? certificateFile : "\(certificateFile) with the key \(keyFile)"
    }

    /// Reads both files and looks for what is wrong with them, but for whether they belong together.
    func check() throws(TransportError) {
        try Self.checkCertificate(Self.text(of: certificateFile, "certificate"), file: certificateFile)
        try Self.checkKey(
            Self.text(of: keyFile, "key"),
            file: keyFile,
            isOfItsOwn: keyFile != certificateFile
        )
    }

    static func checkCertificate(_ text: String, file: String) throws(TransportError) {
        guard labels(in: text).contains(where: { $0.hasSuffix("CERTIFICATE") }) else {
            throw unusable("the file \(file) holds no certificate in PEM form")
        }
    }

    static func checkKey(_ text: String, file: String, isOfItsOwn: Bool) throws(TransportError) {
        let labels = labels(in: text)
        guard labels.contains(where: { $0.hasSuffix("PRIVATE KEY") }) else {
            throw unusable(
                isOfItsOwn
                    ? "the file \(file) holds no private key in PEM form"
                    : "the file \(file) holds a client certificate but not its private key: name "
                        + "the key's file, too"
            )
        }
        // Of PKCS #8 by its label, of the older forms by a header.
        guard !labels.contains("ENCRYPTED PRIVATE KEY"), !text.contains("Proc-Type: 4,ENCRYPTED") else {
            throw unusable(
                "the private key in \(file) has a passphrase, which nobody is asked for: "
                    + "store the key without one, readable by its owner only (openssl pkey -in … -out …)"
            )
        }
    }

    /// What stands between `-----BEGIN ` and `-----`, line by line.
    private static func labels(in text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).compactMap { line in
            guard line.hasPrefix("-----BEGIN "), let end = line.dropFirst(11).firstRange(of: "-----") else {
                return nil
            }
            return String(line.dropFirst(11)[..<end.lowerBound])
        }
    }

    private static func text(of file: String, _ what: String) throws(TransportError) -> String {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw unreadable(file, what, errno) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: fileBytesMax)
        var count = 0
        while count < bytes.count {
            let more = bytes.withUnsafeMutableBytes { rest in
                read(descriptor, rest.baseAddress.map { $0 + count }, rest.count - count)
            }
            if more < 0, errno == EINTR { continue }
            guard more >= 0 else { throw unreadable(file, what, errno) }
            if more == 0 { break }
            count += more
        }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    private static func unreadable(_ file: String, _ what: String, _ code: Int32) -> TransportError {
        unusable("the client \(what) \(file) cannot be read: \(String(cString: strerror(code)))")
    }

    static func unusable(_ message: String) -> TransportError {
        TransportError(kind: .clientCertificate, wasSent: false, message: message)
    }
}
