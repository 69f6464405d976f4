// The links to other pages: those that are written by the rules are read as they were meant.

import HTTPTransport
import Providers

/// The input's first byte chooses: its lines are values of `Link`, or the addresses of links to be written.
enum LinkHarness {
    private static let relations = ["first", "next", "prev next", "NEXT", "last", "nexts", "first prev"]
    private static let others = ["", "; title=\"a,b; rel=next\"", ";a;b=\"\\\">\"", " ; rel*=x"]

    static func run(_ bytes: [UInt8]) throws(BrokenProperty) {
        var input = FuzzInput(bytes)
        if input.byte() % 2 == 0 { try read(input.lines) } else { try readWritten(&input) }
    }

    private static func read(_ values: [String]) throws(BrokenProperty) {
        try require(
            !hasNextPage(values) || values.contains { $0.lowercased().contains("next") },
            "a next page that nobody named"
        )
        try require(
            hasNextPage(values + [#"<https://a.example/?page_token=b>; rel="next""#]),
            "a page is missed"
        )
    }

    private static func readWritten(_ input: inout FuzzInput) throws(BrokenProperty) {
        var links: [String] = []
        var hasNext = false
        for _ in 0..<(1 + Int(input.byte() % 8)) {
            let relation = input.choose(relations)
            let isQuoted = input.byte() % 2 == 0 || relation.contains(" ")
            let rel = isQuoted ? "\"\(relation)\"" : relation
            let address = (0..<input.byte() % 16).map { _ in input.byte() }.filter { $0 > 0x20 && $0 != 0x3e }
            links.append(
                "<\(String(decoding: address, as: UTF8.self))>\(input.choose(others)); rel=\(rel)"
                    + "\(input.choose(others)); rel=next"
            )
            hasNext = hasNext || relation.lowercased().split(separator: " ").contains("next")
        }
        let value = links.joined(separator: input.choose([",", ", ", " ,\t"]))
        try require(hasNextPage([value]) == hasNext, "\(value) is read otherwise than it was meant")
    }

    private static func hasNextPage(_ values: [String]) -> Bool {
        LinkHeader.hasNextPage(in: HTTPHeaders(values.map { HTTPHeader(name: "Link", value: $0) }))
    }
}
