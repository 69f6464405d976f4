// Queries as Go reads and writes them, and the links between pages that are made of them.

import Testing
import Model

@testable import IdentitySimulator

@Suite struct GoQueryTests {
    @Test(arguments: [
        ("", ""),
        ("b=2&a=1&b=1", "a=1&b=2&b=1"),
        ("x=a+b%20c&y", "x=a+b+c&y="),
        ("mail=J%C3%BCrgen%2B1@example.test", "mail=J%C3%BCrgen%2B1%40example.test"),
        ("odd=%zz~._-", "odd=%25zz~._-"),
    ])
    func aQueryIsWrittenSortedAndEscaped(_ text: String, _ encoded: String) {
        #expect(GoQuery(text[...]).encoded == encoded)
    }

    @Test(arguments: [
        // Page, size, total, and the relations told.
        (0, 2, 5, ["next 1", "last 2"]),
        (1, 2, 5, ["first 0", "next 2", "prev 0", "last 2"]),
        (2, 2, 5, ["first 0", "prev 1"]),
        (9, 2, 5, ["first 0", "prev 2"]),
        (0, 5, 5, []),
        (0, 5, 0, []),
    ])
    func pagesByNumberLeadToTheirNeighbours(
        _ page: Int,
        _ size: Int,
        _ total: Int,
        _ relations: [String]
    ) throws {
        let query = GoQuery("page=\(page)&per_page=\(size)"[...])
        let link = try IdentityListing(query, ignoresIDs: false).link(query, last: nil, total: total)
        let told = link.matches(of: #/page=([0-9]+)&per_page=[0-9]+>; rel="([a-z]+)"/#).map {
            "\($0.2) \($0.1)"
        }
        #expect(told == relations)
    }

    @Test(arguments: [
        ("", IdentityListing.Page.after(.null, size: 250)),
        ("page_size=0", .after(.null, size: 250)),
        ("page_size=501", .after(.null, size: 500)),
        ("per_page=3", .after(.null, size: 3)),
        ("page=2", .number(2, size: 250)),
        ("page=2&page_size=7", .after(.null, size: 7)),
    ])
    func theNewWayOfPagingGoesBeforeTheOldOne(_ query: String, _ page: IdentityListing.Page) throws {
        #expect(try IdentityListing(GoQuery(query[...]), ignoresIDs: false).page == page)
    }

    @Test func theOldWayEndsEarly() {
        #expect(throws: IdentityListing.Refusal.self) {
            try IdentityListing(GoQuery("page=5&per_page=250"), ignoresIDs: false)
        }
    }
}
