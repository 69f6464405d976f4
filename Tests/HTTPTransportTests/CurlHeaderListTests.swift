// The list that libcurl is given, from request to request.

import CCurl
import TestSupport
import Testing

@testable import HTTPTransport

@Suite struct CurlHeaderListTests {
    private func lines(_ headers: CurlHeaderList) -> [String] {
        var lines: [String] = []
        var element = headers.list
        while let line = element?.pointee {
            lines.append(line.data.map { String(cString: $0) } ?? "")
            element = line.next
        }
        return lines
    }

    private func fields(_ fields: KeyValuePairs<String, String>) -> [HTTPHeader] {
        fields.map { HTTPHeader(name: $0.key, value: $0.value) }
    }

    @Test func onlyTheLinesOfOtherValuesAreMadeAnew() throws {
        let headers = CurlHeaderList()
        #expect(
            try headers.set(fields(["Content-Type": "application/json", "X-Request-ID": "1", "X-Last": "a"]))
        )
        #expect(
            lines(headers) == ["Content-Type: application/json", "X-Request-ID: 1", "X-Last: a", "Expect:"]
        )
        let kept = headers.list?.pointee.data

        #expect(
            try !headers.set(
                fields(["Content-Type": "application/json", "X-Request-ID": "22", "X-Last": "a"])
            )
        )
        #expect(
            lines(headers) == ["Content-Type: application/json", "X-Request-ID: 22", "X-Last: a", "Expect:"]
        )
        #expect(headers.list?.pointee.data == kept)

        #expect(
            try !headers.set(fields(["Content-Type": "text/plain", "X-Request-ID": "22", "X-Last": " "]))
        )
        #expect(lines(headers) == ["Content-Type: text/plain", "X-Request-ID: 22", "X-Last;", "Expect:"])
    }

    @Test func otherNamesMakeAnotherList() throws {
        let headers = CurlHeaderList()
        #expect(try headers.set([]))
        #expect(lines(headers) == ["Expect:", "Content-Type:"])
        #expect(try !headers.set([]))
        #expect(try headers.set(fields(["expect": "100-continue", "A": "1"])))
        #expect(lines(headers) == ["expect: 100-continue", "A: 1", "Content-Type:"])
        #expect(try headers.set(fields(["A": "1"])))
        #expect(lines(headers) == ["A: 1", "Expect:", "Content-Type:"])
        #expect(try headers.set(fields(["a": "1"])))
        #expect(lines(headers) == ["a: 1", "Expect:", "Content-Type:"])
    }

    @Test(arguments: ["a\r\nB: c", "\n", "\0", "\u{7f}"])
    func aValueThatCannotBeSentLeavesAListThatCan(_ value: String) throws {
        let headers = CurlHeaderList()
        #expect(throws: TransportError.self) { try headers.set(fields(["A": value])) }
        #expect(try headers.set(fields(["A": "1", "B": "1", "C": "1"])))
        #expect(throws: TransportError.self) { try headers.set(fields(["A": "2", "B": value, "C": "2"])) }
        #expect(throws: TransportError.self) { try headers.set(fields(["A": "2", "D": value])) }
        #expect(try !headers.set(fields(["A": "1", "B": "1", "C": "1"])))
        #expect(lines(headers) == ["A: 1", "B: 1", "C: 1", "Expect:", "Content-Type:"])
    }

    @Test(arguments: 1...4)
    func aListThatIsUsedAgainIsLikeANewOne(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let used = CurlHeaderList()
        for _ in 0..<500 {
            let fields = (0..<Int.random(in: 0...3, using: &random)).map { _ in
                HTTPHeader(
                    name: ["A", "B", "Expect"].randomElement(using: &random) ?? "",
                    value: ["", "1", "2", "no\n"].randomElement(using: &random) ?? ""
                )
            }
            let new = CurlHeaderList()
            if (try? new.set(fields)) == nil {
                #expect(throws: TransportError.self) { try used.set(fields) }
            } else {
                _ = try used.set(fields)
                #expect(lines(used) == lines(new))
            }
        }
    }
}
