// What is written is JSON, its members in order.

import Foundation
import Testing
import Model

@Suite struct JSONWriterTests {
    @Test func aDocumentHasALineForEachMemberAndEachObjectOfAList() {
        let document = JSONWriter.document([
            ("name", .text("a \"b\" \\ /\n\u{1}")), ("none", .null), ("count", .number(-1)),
            ("seconds", .decimal(0.0125)), ("is", .flag(true)), ("texts", .texts(["x", "y"])),
            ("counts", .counts(["b": 2, "a": 1])), ("empty", .objects([])),
            (
                "rows",
                .objects([[("a", .number(1)), ("b", .optional(String?.none))], [("c", .flag(false))]])
            ),
        ])
        #expect(
            document == """
                {
                  "name": "a \\"b\\" \\\\ /\\n\\u0001",
                  "none": null,
                  "count": -1,
                  "seconds": 0.013,
                  "is": true,
                  "texts": ["x", "y"],
                  "counts": {"a": 1, "b": 2},
                  "empty": [],
                  "rows": [
                    {"a": 1, "b": null},
                    {"c": false}
                  ]
                }

                """
        )
        #expect(JSONWriter.document([]) == "{}\n")
    }

    @Test func aLineHasNoBlanks() {
        let value = JSONValue.object([("b", .texts(["x", "y"])), ("a", .object([("n", .optional(3))]))])
        #expect(JSONWriter.line(value) == #"{"b":["x","y"],"a":{"n":3}}"#)
        #expect(JSONWriter.line(.list([])) == "[]" && JSONWriter.line(.object([])) == "{}")
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func whatIsNoNumberIsNull(_ number: Double) {
        #expect(JSONWriter.line(.decimal(number)) == "null")
    }

    @Test func controlsAreWrittenByTheirNumbersOnDemand() {
        var writer = JSONWriter(controls: .numbered)
        writer.string("\n\t\u{1f}\u{7f}")
        #expect(writer.text == "\"\\u000a\\u0009\\u001f\u{7f}\"")
    }

    @Test func everyTextIsReadBackByAJSONLibrary() throws {
        let text = String(
            String.UnicodeScalarView(
                (0..<0x800).compactMap(Unicode.Scalar.init) + ["\u{2028}", "\u{10ffff}"]
            )
        )
        let read = try JSONSerialization.jsonObject(
            with: Data(JSONWriter.line(.object([(text, .text(text))])).utf8)
        )
        #expect(read as? [String: String] == [text: text])
    }

    @Test func aLongDocumentIsTakenPieceByPiece() {
        var writer = JSONWriter()
        writer.append("[")
        var pieces = [writer.takeBytes()]
        writer.line(.number(1))
        writer.append("]")
        pieces.append(writer.takeBytes())
        #expect(pieces.map { String(decoding: $0, as: UTF8.self) } == ["[", "1]"])
        #expect(writer.bytes.isEmpty)
    }
}
