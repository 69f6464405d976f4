// The header of a request as libcurl takes it: a linked list, built once for all requests that share it.

import CCurl

/// The `curl_slist` for some header fields.
///
/// libcurl keeps the pointer and copies nothing, so whoever sets it on a handle keeps this alive until another takes
/// its place. Handles share a list safely: libcurl only reads it, and on the transport's thread alone.
final class CurlHeaderList {
    let fields: [HTTPHeader]
    let list: UnsafeMutablePointer<curl_slist>?

    init(_ fields: [HTTPHeader]) throws(TransportError) {
        self.fields = fields
        var list: UnsafeMutablePointer<curl_slist>?
        do throws(TransportError) {
            for field in fields {
                try Self.append(try Self.line(field), to: &list)
            }
            // No round trip for a `100 Continue`, and no content type that the caller did not name.
            for name in ["Expect", "Content-Type"] where !Self.names(name, in: fields) {
                try Self.append("\(name):", to: &list)
            }
        } catch {
            curl_slist_free_all(list)
            throw error
        }
        self.list = list
    }

    deinit {
        curl_slist_free_all(list)
    }

    /// A field as libcurl wants it: an empty value is spelled `Name;`, for `Name:` would leave the field out.
    private static func line(_ field: HTTPHeader) throws(TransportError) -> String {
        guard !field.name.isEmpty, field.name.utf8.allSatisfy(isTokenByte) else {
            throw invalid("the name of a header field is no HTTP token")
        }
        // Line ends would let a value add fields of its own.
        guard field.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }) else {
            throw invalid("the value of the header field \(field.name) contains control characters")
        }
        let isBlank = field.value.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 }
        return isBlank ? "\(field.name);" : "\(field.name): \(field.value)"
    }

    private static func append(
        _ line: String,
        to list: inout UnsafeMutablePointer<curl_slist>?
    ) throws(TransportError) {
        guard let longer = curl_slist_append(list, line) else {
            try CurlLibrary.check(CURLE_OUT_OF_MEMORY)
            return
        }
        list = longer
    }

    private static func names(_ name: String, in fields: [HTTPHeader]) -> Bool {
        fields.contains { $0.name.lowercased() == name.lowercased() }
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    private static func invalid(_ message: String) -> TransportError {
        TransportError(kind: .invalidRequest, wasSent: false, message: message)
    }
}
