// The header of a request as libcurl takes it: a linked list, of which most lines stay from request to
// request.

import CCurl
import Glibc

/// The `curl_slist` of one handle, for one request after the other.
///
/// libcurl keeps the pointer and copies nothing, so this lives no shorter than the handle that it is set on,
/// and changes only while that is idle.
final class CurlHeaderList {
    private var fields: [HTTPHeader] = []
    private(set) var list: UnsafeMutablePointer<curl_slist>?

    /// Makes it the list of these fields; returns whether ``list`` is another one than before.
    ///
    /// Where only values differ from those before, as mostly the request's ID alone, only their lines are
    /// made anew.
    func set(_ fields: [HTTPHeader]) throws(TransportError) -> Bool {
        guard list != nil, fields.elementsEqual(self.fields, by: { $0.name == $1.name }) else {
            try build(fields)
            return true
        }
        var line = list
        for (index, field) in fields.enumerated() {
            let before = self.fields[index].value
            if field.value != before {
                if !Self.overwrite(line, field, before) { try Self.replace(line, with: Self.line(field)) }
                self.fields[index].value = field.value
            }
            line = line?.pointee.next
        }
        return false
    }

    private func build(_ fields: [HTTPHeader]) throws(TransportError) {
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
        curl_slist_free_all(self.list)
        self.list = list
        self.fields = fields
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

    /// Writes a value over one of the same length; false where it has another, or is not all visible ASCII.
    ///
    /// That is each request's ID, and saves five allocations a request.
    private static func overwrite(
        _ element: UnsafeMutablePointer<curl_slist>?,
        _ field: HTTPHeader,
        _ before: String
    ) -> Bool {
        let (value, start) = (field.value.utf8, field.name.utf8.count + 2)
        guard let text = element?.pointee.data, value.count == before.utf8.count, !value.isEmpty,
            value.allSatisfy({ (0x21...0x7e).contains($0) }),
            // Else it was blank, and spelled `Name;`.
            strlen(text) == start + value.count
        else { return false }
        for (index, byte) in value.enumerated() { text[start + index] = CChar(byte) }
        return true
    }

    /// Gives an element of a list another text: a new element's, which takes the old one with it.
    private static func replace(
        _ element: UnsafeMutablePointer<curl_slist>?,
        with text: String
    ) throws(TransportError) {
        var other: UnsafeMutablePointer<curl_slist>?
        try append(text, to: &other)
        guard let element, let other else { return }
        swap(&element.pointee.data, &other.pointee.data)
        curl_slist_free_all(other)
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
