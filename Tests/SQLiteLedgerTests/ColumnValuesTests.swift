import Foundation
import TestSupport
import Testing

@testable import SQLiteLedger

@Suite struct ColumnValuesTests {
    @Test(arguments: [
        ([], "[]"), ([""], "[\"\"]"), (["a", "b"], "[\"a\",\"b\"]"), (["\"\\/"], "[\"\\\"\\\\/\"]"),
        (["\n\u{0}\u{1f}"], "[\"\\u000a\\u0000\\u001f\"]"), (["]", ","], "[\"]\",\",\"]"),
    ])
    func writesAndReadsItsOwnForm(_ values: [String], _ text: String) {
        #expect(ColumnValues.encode(values) == text)
        #expect(ColumnValues.decode(text) == values)
    }

    @Test(arguments: [
        "", "[", "]", "{}", "a", "[a]", "[1]", "[\"a]", "[\"a\\\"]", "[\"a\"", "[\"a\",]", "[,\"a\"]",
        "[\"a\" \"b\"]",
        "[\"a\"\"b\"]", "[\"\\u00\"]", "[\"\\u00zz\"]", "[\"\\uffff\"]", "[\"\\x\"]", "[\"\\", "[[\"a\"]]",
        "null",
        "[\"\\u+00a\"]", "[\"\\u00e9\"]",
    ])
    func whatIsNoneOfItsFormsIsRefused(_ text: String) {
        #expect(ColumnValues.decode(text) == nil)
    }

    @Test(arguments: [
        ("[\"a\\nb\\tc\\r\\b\\f\\/\"]", ["a\nb\tc\r\u{8}\u{c}/"]),
        ("[\"\\u0041\"]", ["A"]),
    ])
    func theShortEscapesOfOtherWritersAreRead(_ text: String, _ values: [String]) {
        #expect(ColumnValues.decode(text) == values)
    }

    @Test(arguments: 0..<300 as Range<UInt64>)
    func agreesWithFoundationBothWays(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let values = Self.randomValues(using: &random)
        let ours = ColumnValues.encode(values)
        #expect(
            Self.scalars(try JSONDecoder().decode([String].self, from: Data(ours.utf8)))
                == Self.scalars(values)
        )
        let theirs = try String(decoding: JSONEncoder().encode(values), as: UTF8.self)
        #expect(ColumnValues.decode(theirs).map(Self.scalars) == Self.scalars(values))
        #expect(ColumnValues.decode(ours).map(Self.scalars) == Self.scalars(values))
    }

    @Test(arguments: 0..<300 as Range<UInt64>)
    func aDamagedTextIsRefusedOrReadAsFoundationReadsIt(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var bytes = Array(ColumnValues.encode(Self.randomValues(using: &random)).utf8)
        // Neither is empty.
        let noise = Array("\"\\,[]{}u0n a\n".utf8)
        for _ in 0..<3 {
            bytes[Int.random(in: bytes.indices, using: &random)] = noise.randomElement(using: &random)!
        }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let values = ColumnValues.decode(text) else { return }
        // Raw control characters are no JSON; reading them as they are does no harm.
        guard !bytes.contains(where: { $0 < 0x20 }) else { return }
        #expect(try JSONDecoder().decode([String].self, from: Data(text.utf8)) == values)
    }

    private static func randomValues(using random: inout SeededGenerator) -> [String] {
        let pieces = [
            "a", "Zoë", "\"", "\\", "/", "\n", "\r\n", "\t", "\u{0}", "\u{1}", "\u{7f}", "\u{8}", "\u{c}",
            "\u{2028}",
            "😀", "e\u{301}", "[", "]", ",", "\\u0041", "\u{fffd}", "\u{10ffff}",
        ]
        return (0..<Int.random(in: 0...8, using: &random)).map { _ in
            (0..<Int.random(in: 0...10, using: &random)).map { _ in pieces.randomElement(using: &random)! }
                .joined()
        }
    }

    private static func scalars(_ values: [String]) -> [[Unicode.Scalar]] {
        values.map { Array($0.unicodeScalars) }
    }
}
