// The way from one page of a list to the others.

import Foundation
package import HTTPTransport

/// The header `Link` (RFC 8288): `<…page_token=…>; rel="first",<…>; rel="next"`.
package enum LinkHeader {
    /// The most links of one field that are looked at.
    static let countMax = 32

    /// Whether another page follows.
    ///
    /// What cannot be read is as if absent.
    package static func hasNextPage(in headers: HTTPHeaders) -> Bool { nextPage(in: headers) != nil }

    /// The `page_token` of the page that follows; nil where none does, or its address has no token.
    ///
    /// The address itself is never followed: behind a gateway it may be another server's.
    package static func nextPageToken(in headers: HTTPHeaders) -> String? {
        guard let address = nextPage(in: headers) else { return nil }
        let query = address.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        let token = query.split(separator: "&").first { $0.hasPrefix("page_token=") }
        let text = token?.dropFirst("page_token=".count).removingPercentEncoding ?? ""
        return text.isEmpty || text.utf8.count > tokenLengthMax ? nil : text
    }

    private static let tokenLengthMax = 4096

    private static func nextPage(in headers: HTTPHeaders) -> String? {
        for value in headers.values("link") {
            let links = links(in: Array(value.utf8)[...])
            if let link = links.first(where: { $0.relations.contains { $0.isNamed("next") } }) {
                return String(decoding: link.address, as: UTF8.self)
            }
        }
        return nil
    }

    private struct Link {
        let address: ArraySlice<UInt8>
        /// What the linked page is to this one: it may be several things.
        let relations: [ArraySlice<UInt8>]
    }

    private static func links(in value: ArraySlice<UInt8>) -> [Link] {
        var rest = value
        var links: [Link] = []
        var count = 0
        while !rest.isEmpty, count < countMax {
            count += 1
            rest = rest.trimmed
            // The address may have commas and semicolons, and is between angle brackets for that.
            guard rest.first == UInt8(ascii: "<"), let end = rest.firstIndex(of: UInt8(ascii: ">")) else {
                _ = rest.cut(at: UInt8(ascii: ","))
                continue
            }
            let address = rest.dropFirst()[..<end]
            rest = rest[(end + 1)...]
            var parameters = rest.cut(at: UInt8(ascii: ","))
            let relations = relation(of: &parameters)?.split(separator: UInt8(ascii: " ")) ?? []
            links.append(Link(address: address, relations: relations))
        }
        return links
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
