// The way to the next page, as servers and gateways write it, and what resembles it.

import HTTPTransport
import Testing

@testable import Providers

@Suite struct LinkHeaderTests {
    private func hasNextPage(_ values: [String]) -> Bool {
        LinkHeader.hasNextPage(in: HTTPHeaders(values.map { HTTPHeader(name: "Link", value: $0) }))
    }

    @Test(arguments: [
        #"</admin/identities?page_token=0>; rel="first",</admin/identities?page_token=1>; rel="next""#,
        #"<?page_token=1>;rel=next"#,
        #"<?page_token=1>; REL="Next""#,
        #"<?page_token=1>; rel="prev next""#,
        #"<?page_token=1> ; title="a, b; c" ; rel="next""#,
        #"<?ids=a,b;c>; rel="next""#,
        #", ,nonsense, <?page_token=1>; rel="next""#,
    ])
    func aNextPageIsSeen(_ value: String) {
        #expect(hasNextPage([value]))
        #expect(hasNextPage([#"<?page_token=0>; rel="first""#, value]))
    }

    @Test(arguments: [
        "", ",", "<", "<>", #"</admin/identities?page_token=0>; rel="first""#,
        #"<?rel="next">; rel="last""#,
        #"<?page_token=1>; rel="last"; rel="next""#,
        #"<?page_token=1>; title="; rel=\"next\"""#,
        #"<?page_token=1>; rel="nextish""#,
        #"<?page_token=1; rel="next""#,
        #"?page_token=1; rel="next""#,
        #"<?page_token=1>; rel"#,
    ])
    func whatNamesNoneIsTheLastPage(_ value: String) {
        #expect(!hasNextPage([value]))
        #expect(hasNextPage([value, #"<?page_token=1>; rel="next""#]))
    }

    @Test func noMoreLinksAreLookedAtThanTheMost() {
        let first = Array(repeating: #"<a>; rel="first""#, count: LinkHeader.countMax - 1)
        let next = #"<b>; rel="next""#
        #expect(hasNextPage([(first + [next]).joined(separator: ",")]))
        #expect(!hasNextPage([(first + [first[0], next]).joined(separator: ",")]))
    }
}

@Suite struct PageTokenTests {
    @Test(arguments: [
        (#"</admin/sessions?page_size=3&page_token=a%2Fb%3D>; rel="next""#, "a/b="),
        (#"</x?page_token=0>; rel="first",</x?page_token=1>; rel="next""#, "1"),
        (#"<https://other.example/x?page_token=7&a=b>; rel="next""#, "7"),
        (#"</x?page_token=1>; rel="first""#, nil), (#"</x?page_token=>; rel="next""#, nil),
        (#"</x>; rel="next""#, nil), (#"</x?my_page_token=1>; rel="next""#, nil), ("", nil),
    ])
    func theTokenIsTakenAndTheAddressIsNot(_ value: String, _ token: String?) {
        let headers = HTTPHeaders([HTTPHeader(name: "Link", value: value)])
        #expect(LinkHeader.nextPageToken(in: headers) == token)
    }
}
