// The cursor takes what RFC 8259 calls JSON, says where it found something else, and keeps spellings.

import Foundation
import Testing
import Model

@Suite struct JSONCursorTests {
    private static func read<Result>(_ text: String, _ body: (inout JSONCursor) throws -> Result) rethrows
        -> Result
    {
        try Array(text.utf8).withUnsafeBufferPointer { bytes in
            var cursor = JSONCursor(bytes)
            return try body(&cursor)
        }
    }

    /// Where the text is not JSON; nil where it is.
    private static func fault(in text: String) -> Int? {
        read(text) { cursor in
            do {
                try cursor.pass()
                return cursor.peek() == nil ? nil : cursor.position
            } catch {
                return (error as? MalformedJSON)?.offset ?? -1
            }
        }
    }

    @Test(arguments: [
        "0", "-0", "1.10", "-12.5e+3", "1E400", "true", "false", "null", "\"\"", "\"a\\\"b\"", "[]", "{}",
        " [ 1 , [ ] , { } , \"a\" ] \n", #"{"a":{"b":[{"c":null}]},"":0}"#,
    ])
    func jsonIsPassed(_ text: String) {
        #expect(Self.fault(in: text) == nil)
    }

    @Test(arguments: [
        ("", 0), ("01", 0), ("1.", 0), (".5", 0), ("+1", 0), ("-", 0), ("1e", 0), ("0x1", 0), ("nul", 0),
        ("True", 0), ("'a'", 0), ("[1 2]", 4), ("[1,]", 3), ("[,1]", 1), ("[1", 3), ("{\"a\":1,}", 7),
        ("{\"a\" 1}", 5), ("{a:1}", 1), ("{\"a\":}", 5), ("{\"a\":1]", 7), ("\"a", 2), ("\"a\\\"", 4),
        ("[] x", 3), ("{}{}", 2),
    ])
    func whatIsNoJSONIsToldByItsPlace(_ text: String, _ offset: Int) {
        #expect(Self.fault(in: text) == offset, "\(text)")
    }

    @Test func membersAndElementsAreWalkedInTheirOrder() throws {
        let found = try Self.read(#" { "b" : [1.10, "x\u00e9"] , "a" : {} } "#) { cursor in
            var found: [String] = []
            #expect(cursor.peek() == UInt8(ascii: "{") && cursor.enter(.object))
            found.append(try #require(cursor.key().text()))
            #expect(cursor.peek() == UInt8(ascii: "[") && cursor.enter(.list))
            _ = cursor.peek()
            found.append(try cursor.word())
            #expect(try cursor.goesOn(in: .list) && cursor.peek() == UInt8(ascii: "\""))
            found.append(try #require(cursor.string().text()))
            #expect(try !cursor.goesOn(in: .list) && cursor.goesOn(in: .object))
            found.append(try #require(cursor.key().text()))
            #expect(cursor.peek() == UInt8(ascii: "{") && !cursor.enter(.object))
            #expect(try !cursor.goesOn(in: .object) && cursor.peek() == nil)
            return found
        }
        #expect(found == ["b", "1.10", "xé", "a"])
    }

    @Test(arguments: [
        (#"{"a":[1,"]"],"b":2},3"#, #"{"a":[1,"]"],"b":2}"#), ("1.10,2", "1.10"), (" \"a,b\" ,", "\"a,b\""),
        ("[1,[2,],]]", "[1,[2,],]"), ("[1", "[1"), ("\"a", "\"a"), ("]", ""),
    ])
    func aValueIsDelimitedByItsBrackets(_ text: String, _ value: String) {
        let passed = Self.read(text) { String(decoding: $0.passUnchecked(), as: UTF8.self) }
        #expect(passed == value)
    }

    @Test(arguments: ["\"é\"", "\"a\\n\"", "\"a", "\"\u{7f}\"", "\"\t\"", "1"])
    func plainStringsAreOfPrintableASCIIWithoutEscapes(_ text: String) {
        #expect(Self.read(text) { $0.plainString() == nil && $0.position == 0 })
        #expect(Self.read(" \"a b~\" ") { $0.plainString().map { Array($0) } } == Array("a b~".utf8))
    }

    @Test func numbersHaveABound() {
        let digits = String(repeating: "1", count: JSONCursor.wordBytesMax)
        #expect(Self.fault(in: digits) == nil && Self.fault(in: digits + "1") != nil)
    }

    @Test(arguments: [
        #""\"\\\/\b\f\n\r\t""#, #""\u0041\u00e9\u20AC\ud83d\ude00""#, #""a\\u0041""#, #""\u0000""#,
    ])
    func escapesAreReadAsAJSONLibraryReadsThem(_ text: String) throws {
        let theirs = try JSONDecoder().decode(String.self, from: Data(text.utf8))
        #expect(try Self.read(text) { try $0.string().text(.paired) } == theirs)
        #expect(try Self.read(text) { try $0.string().text() } == theirs)
    }

    @Test func loneSurrogatesAreReplacedOrRefused() throws {
        for (text, replaced) in [
            (#""\ud83d""#, "\u{fffd}"), (#""\ude00x""#, "\u{fffd}x"),
            (#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
            (#""\ud83d\n""#, "\u{fffd}\n"), (#""\ud83d\u0041""#, "\u{fffd}A"),
        ] {
            #expect(try Self.read(text) { try $0.string().text() } == replaced, "\(text)")
            #expect(try Self.read(text) { try $0.string().text(.paired) } == nil, "\(text)")
        }
    }

    @Test(arguments: [#""\x""#, #""\u00""#, #""\u00g0""#, #""\u+041""#, #""\U0041""#])
    func malformedEscapesAreRefused(_ text: String) throws {
        #expect(try Self.read(text) { try $0.string().text() } == nil)
    }

    @Test func escapesBeyondASCIIAreRefusedOnDemand() throws {
        #expect(try Self.read(#""\u007f\n""#) { try $0.string().text(.ascii) } == "\u{7f}\n")
        #expect(try Self.read(#""\u0080""#) { try $0.string().text(.ascii) } == nil)
        #expect(try Self.read(#""\ud83d\ude00""#) { try $0.string().text(.ascii) } == nil)
    }
}
