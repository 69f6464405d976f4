// The file of authorities: whether it is one is found out before anything is asked for.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file of certificates in PEM form, to trust instead of the system's.
///
/// OpenSSL would tell of most that is wrong with it only at the first connection, and in its own words.
struct AuthorityFile {
    let path: String

    /// Bundles of a whole system have some hundred kilobytes.
    private static let fileBytesMax = 32 << 20

    /// Looks for at least one certificate, and for what the file is instead.
    ///
    /// - Throws: a `TransportError` of kind `invalidRequest`.
    func check() throws(TransportError) {
        let bytes = try read()
        let advice = "it has to hold certificates in PEM form (-----BEGIN CERTIFICATE-----)"
        guard bytes.contains(where: { !Self.isBlank($0) }) else {
            throw unusable("is empty; \(advice)")
        }
        let blocks = Self.blocks(of: bytes)
        let certificates = blocks.filter { Self.certificateLabels.contains($0.label) }
        guard certificates.isEmpty else {
            if let broken = certificates.first(where: { !$0.isWhole }) {
                throw unusable(
                    "has a damaged certificate, the one that begins on line \(broken.line); \(advice)"
                )
            }
            return
        }
        // ASN.1's SEQUENCE, with a length of two bytes: DER, as PKCS #12 is, too.
        if bytes.count > 4, bytes[0] == 0x30, bytes[1] & 0x80 != 0 {
            throw unusable(
                "is in DER form; \(advice): openssl x509 -inform der -in \(path) -out FILE.pem makes it one"
            )
        }
        if let block = blocks.first {
            let isKey = block.label.hasSuffix("PRIVATE KEY")
            throw unusable(
                "holds \(isKey ? "a private key" : "a \(block.label)") and no certificate; \(advice)"
            )
        }
        throw unusable("holds no certificate; \(advice)")
    }

    private static let certificateLabels = ["CERTIFICATE", "TRUSTED CERTIFICATE", "X509 CERTIFICATE"]

    private struct Block {
        let label: String
        let line: Int
        /// Whether it ends, and is Base64 of an ASN.1 SEQUENCE.
        var isWhole = false
    }

    private static func blocks(of bytes: [UInt8]) -> [Block] {
        var blocks: [Block] = []
        var open: Block?
        var base64: [UInt8] = []
        var number = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            let text = String(decoding: line.prefix(100), as: UTF8.self).filter {
                $0 != "\r" && $0 != "\u{feff}"
            }
            if let label = label(of: text, "-----BEGIN ") {
                if let cut = open { blocks.append(cut) }
                open = Block(label: label, line: number)
                base64.removeAll(keepingCapacity: true)
            } else if let label = label(of: text, "-----END "), var ended = open {
                ended.isWhole = label == ended.label && isSequence(base64)
                blocks.append(ended)
                open = nil
            } else if open != nil, base64.count < 1 << 20 {
                base64 += line.filter { !isBlank($0) }
            }
        }
        if let cut = open { blocks.append(cut) }
        return blocks
    }

    private static func label(of line: String, _ lead: String) -> String? {
        guard line.hasPrefix(lead), let end = line.dropFirst(lead.count).firstRange(of: "-----") else {
            return nil
        }
        return String(line.dropFirst(lead.count)[..<end.lowerBound])
    }

    /// Whether it is Base64 throughout and begins with the bytes of a SEQUENCE (`MI…`: 30 8x).
    private static func isSequence(_ base64: [UInt8]) -> Bool {
        let digits = base64.prefix { $0 != UInt8(ascii: "=") }
        let padding = base64.count - digits.count
        return base64.starts(with: "MI".utf8) && base64.count.isMultiple(of: 4) && padding <= 2
            && base64.suffix(padding).allSatisfy { $0 == UInt8(ascii: "=") }
            && digits.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "+"), UInt8(ascii: "/"): true
                default: false
                }
            }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0d).contains(byte)
    }

    private func read() throws(TransportError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw unreadable(errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count < Self.fileBytesMax {
            let count = part.withUnsafeMutableBytes { systemRead(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(errno) }
            if count == 0 { break }
            bytes += part[..<count]
        }
        return bytes
    }

    /// `read`, which the method's own name hides.
    private func systemRead(_ descriptor: Int32, _ start: UnsafeMutableRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, start, count)
        #elseif canImport(Musl)
            Musl.read(descriptor, start, count)
        #else
            Darwin.read(descriptor, start, count)
        #endif
    }

    private func unreadable(_ code: Int32) -> TransportError {
        unusable("cannot be read: \(String(cString: strerror(code)))")
    }

    private func unusable(_ what: String) -> TransportError {
        TransportError(
            kind: .invalidRequest,
            wasSent: false,
            message: "the file of authorities \(path) \(what)"
        )
    }
}
