// Headers of the operator's own, for a gateway in front of the server.

package import HTTPTransport
package import Model

/// A line of a header file, or an argument, that is no header; it says why, without the value.
package struct HeaderRefusal: ProblemError, Hashable {
    package enum Code: String, Sendable, CaseIterable {
        case noHeader = "header_line"
    }

    package let problem: Problem

    init(_ message: Wording) { problem = Problem(Code.noHeader.rawValue, message) }
}

extension HTTPHeader {
    /// Headers that belong to the request itself.
    private static let reserved: Set<String> = [
        "accept", "connection", "content-length", "content-type", "expect", "te", "trailer",
        "transfer-encoding",
        "upgrade", "x-request-id",
    ]

    /// Reads `Name: value`.
    ///
    /// - Throws: `HeaderRefusal` without a colon, with a name or a value that no header can have (RFC 9110,
    ///   5.1 and 5.5), and for headers that belong to the request itself.
    package init(line: String) throws(HeaderRefusal) {
        guard let colon = line.firstIndex(of: ":") else {
            throw HeaderRefusal("a header has a colon, such as X-Tenant: blue; this has none")
        }
        let name = String(line[..<colon])
        guard !name.isEmpty, name.utf8.allSatisfy(Self.isTokenByte) else {
            throw HeaderRefusal(
                "what is before the colon is no header's name: letters, digits and dashes, without blanks"
            )
        }
        guard !Self.reserved.contains(name.lowercased()) else {
            throw HeaderRefusal("\(name) belongs to the request itself and cannot be set")
        }
        let blanks: Set<Character> = [" ", "\t"]
        var value = line[line.index(after: colon)...]
        while let first = value.first, blanks.contains(first) { value.removeFirst() }
        while let last = value.last, blanks.contains(last) { value.removeLast() }
        guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }) else {
            throw HeaderRefusal("the value of \(name) has a control character in it")
        }
        self.init(name: name, value: String(value))
    }

    /// Whether it is, by its name, a credential: then it has no place on a command line.
    package var isCredential: Bool {
        let name = name.lowercased()
        let parts = [
            "authorization", "cookie", "token", "secret", "password", "api-key", "apikey", "auth-key",
            "access-key",
            "session", "credential", "jwt",
        ]
        return parts.contains { name.contains($0) }
    }

    /// RFC 9110, 5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
