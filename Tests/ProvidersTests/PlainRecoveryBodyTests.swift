// Bodies read without a decoder, held against the decoder.

import HTTPTransport
import RecordedExchanges
import TestSupport
import Testing

@testable import Providers

@Suite struct PlainRecoveryBodyTests {
    private typealias Body = RecoveryAnswer.Body

    private static let recorded = RecordedExchange.all.filter { $0.body.contains("recovery_link") }

    /// Whether both ways of reading come to the same; whether the short way was taken.
    private func compare(_ body: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) -> Bool {
        let text = String(decoding: body, as: UTF8.self)
        #expect(Body(body) == Body(decoding: body), "\(text)", sourceLocation: sourceLocation)
        return PlainRecoveryBody(body) != nil
    }

    @Test func whatKratosWritesIsPlain() {
        #expect(Self.recorded.count >= 10)
        for exchange in Self.recorded {
            let body = exchange.response.body
            #expect(compare(body), "\(exchange.name)")
            #expect(PlainRecoveryBody(body)?.link != nil, "\(exchange.name)")
            #expect((PlainRecoveryBody(body)?.code != nil) == (exchange.method == .code), "\(exchange.name)")
        }
    }

    @Test(arguments: [
        #"{"recovery_link":"/r"}"#,
        #"{"expires_at":"never","recovery_code":"1","recovery_link":"/r"}"#,
        "\r\n\t { \"recovery_code\" :\t\"007\" ,\n\"recovery_link\" : \"https://x/?a=b&c={}[],:\" } \n",
        #"{"recovery_code":"","recovery_link":"","expires_at":""}"#,
        #"{"recovery_code":"1"}"#,
    ])
    func plainBodies(_ text: String) {
        #expect(compare(Array(text.utf8)))
    }

    @Test(arguments: [
        "", " ", "{", "}", "{}", "[]", "null", #""recovery_link""#, #"{"recovery_link""#,
        #"{"recovery_link":"#,
        #"{"recovery_link":"/r"#, #"{"recovery_link":"/r""#, #"{"recovery_link":"/r",}"#,
        #"{,"recovery_link":"/r"}"#,
        #"{"recovery_link":"/r"}}"#, #"{"recovery_link":"/r"} x"#, #"{"recovery_link":"/r"}{}"#,
        #"{"recovery_link":"/r" "recovery_code":"1"}"#, #"{"recovery_link" "/r"}"#, #"{recovery_link:"/r"}"#,
        #"{'recovery_link':'/r'}"#, #"[{"recovery_link":"/r"}]"#,
        // Each member once.
        #"{"recovery_link":"/r","recovery_link":"/s"}"#,
        #"{"recovery_code":"1","recovery_link":"/r","recovery_code":"2"}"#,
        #"{"recovery_link":"/r","expires_at":"a","expires_at":"b"}"#,
        // Other members, names and types.
        #"{"recovery_link":"/r","flow":"x"}"#, #"{"recovery_link":"/r","Recovery_Code":"1"}"#,
        #"{"recovery_link":"/r","recovery_code ":"1"}"#, #"{"recovery_link":"/r","":"1"}"#,
        #"{"recovery_link":"/r","recovery_code":1}"#, #"{"recovery_link":"/r","recovery_code":null}"#,
        #"{"recovery_link":null,"recovery_code":"1"}"#, #"{"recovery_link":{"recovery_link":"/r"}}"#,
        #"{"recovery_link":"/r","expires_at":["2026"]}"#, #"{"recovery_link":"/r","expires_at":true}"#,
        // Escapes, and what is not ASCII.
        #"{"recovery_link":"/r?a\u0026b"}"#, #"{"recovery_link":"\/r"}"#, #"{"recovery_link":"/\"r"}"#,
        #"{"recovery_link":"/r\\"}"#, #"{"recovery_link":"/r\"}"#, #"{"recovery\u005flink":"/r"}"#,
        #"{"recovery_link":"/é"}"#, "{\"recovery_link\":\"/\u{1f511}\"}",
        "\u{feff}{\"recovery_link\":\"/r\"}",
        "{\"recovery_link\":\"/\u{7f}\"}", "{\"recovery_link\":\"/\n\"}", "{\"recovery_link\":\"/\0\"}",
        "{\u{a0}\"recovery_link\":\"/r\"}", "{\u{c}\"recovery_link\":\"/r\"}",
    ])
    func unusualBodiesAreTheDecoders(_ text: String) {
        #expect(!compare(Array(text.utf8)))
    }

    @Test func brokenTextIsTheDecoders() {
        for bytes: [UInt8] in [[0xff], [0xc3], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf0, 0x9f]] {
            #expect(!compare(Array(#"{"recovery_link":"/"#.utf8) + bytes + Array(#""}"#.utf8)))
        }
        for encoded in [[0xff, 0xfe], [0xfe, 0xff]] as [[UInt8]] {
            #expect(!compare(encoded + Array(#"{"recovery_link":"/r"}"#.utf8)))
        }
    }

    @Test(arguments: 1...8)
    func mutatedBodiesAreReadAlike(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let marks =
            Array(#"{}[]":,\ untrlbf0129e-_/"#.utf8) + [0x00, 0x09, 0x0a, 0x0d, 0x1f, 0x7f, 0x80, 0xc3, 0xff]
        var plain = 0
        for _ in 0..<2000 {
            var body = try #require(Self.recorded.randomElement(using: &random)).response.body
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<body.count, using: &random)
                let mark = try #require(marks.randomElement(using: &random))
                switch Int.random(in: 0..<4, using: &random) {
                case 0: body[place] = mark
                case 1: body.insert(mark, at: place)
                case 2: body.remove(at: place)
                default:
                    let end = Int.random(in: place...body.count, using: &random)
                    body.insert(contentsOf: body[place..<end], at: place)
                }
            }
            if compare(body) { plain += 1 }
        }
        #expect((100..<1900).contains(plain))
    }

    @Test(arguments: 1...8)
    func madeUpBodiesAreReadAlike(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let names = [
            #""recovery_link""#, #""recovery_code""#, #""expires_at""#, #""recovery_link""#,
            #""recovery_code""#,
            #""recovery_\u006cink""#, #""other""#,
        ]
        let values = [
            #""/r""#, #""050091""#, #""2026-11-21T00:46:57.284692879Z""#, #""""#, #""a\nb""#, #""é""#, "null",
            "1", "{}",
            #"["/r"]"#,
        ]
        let blanks = ["", "", "", " ", "\n", "\t", "\r\n", "\u{b}"]
        var plain = 0
        for _ in 0..<2000 {
            func blank() -> String { blanks.randomElement(using: &random) ?? "" }
            let members = (0..<Int.random(in: 0...3, using: &random)).map { _ in
                let name = names.randomElement(using: &random) ?? ""
                let value =
                    values.prefix(Bool.random(using: &random) ? 3 : values.count)
                    .randomElement(using: &random) ?? ""
                return blank() + name + blank() + ":" + blank() + value + blank()
            }
            if compare(Array("\(blank()){\(members.joined(separator: ","))}\(blank())".utf8)) { plain += 1 }
        }
        #expect((100..<1900).contains(plain))
    }
}
