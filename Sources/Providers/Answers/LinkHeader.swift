// The way from one page of a list to the others.

package import HTTPTransport

/// The header `Link` (RFC 8288): `<…page_token=…>; rel="first",<…>; rel="next"`.
package enum LinkHeader {
    /// The most links of one field that are looked at.
    static let countMax = 32

    /// Whether another page follows.
    ///
    /// What cannot be read is as if absent.
    package static func hasNextPage(in headers: HTTPHeaders) -> Bool {
        headers.values("link").contains { value in
            relations(of: Array(value.utf8)[...]).contains { $0.isNamed("next") }
        }
    }

    /// What the linked pages are to this one: a link may be several things.
    private static func relations(of value: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var rest = value
        var relations: [ArraySlice<UInt8>] = []
        var count = 0
        while !rest.isEmpty, count < countMax {
            count += 1
            rest = rest.trimmed
            // The address may have commas and semicolons, and is between angle brackets for that.
            guard rest.first == UInt8(ascii: "<"), let end = rest.firstIndex(of: UInt8(ascii: ">")) else {
                _ = rest.cut(at: UInt8(ascii: ","))
                continue
            }
            rest = rest[(end + 1)...]
            var parameters = rest.cut(at: UInt8(ascii: ","))
            relations += relation(of: &parameters)?.split(separator: UInt8(ascii: " ")) ?? []
        }
        return relations
    }

    /// The first `rel`; those after it don't count (RFC 8288, 3.3).
    private static func relation(of parameters: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        while !parameters.isEmpty {
            var parameter = parameters.cut(at: UInt8(ascii: ";"))
            guard parameter.cut(at: UInt8(ascii: "=")).isNamed("rel") else { continue }
            let text = parameter.trimmed
            return text.unquoted ?? text
        }
        return nil
    }
}
