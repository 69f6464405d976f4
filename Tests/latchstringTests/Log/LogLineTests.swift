// An event as a line, without what nobody is to see.

import Logging
import Testing
import Model

@testable import latchstring

@Suite struct LogLineTests {
    private static let time = Timestamp(milliseconds: 1_795_218_417_000)

    private func line(
        _ metadata: Logger.Metadata,
        _ format: LogFormat = .json,
        keepsIdentities: Bool = false,
        message: Logger.Message = "attempt failed"
    ) -> String {
        let event = LogEvent(
            level: .info,
            message: message,
            metadata: nil,
            source: nil,
            file: "",
            function: "",
            line: 0
        )
        let line = LogLine(format: format, keepsIdentities: keepsIdentities)
        return String(decoding: line.bytes(event, metadata, at: Self.time), as: UTF8.self)
    }

    @Test func oneObjectALine() {
        #expect(
            line(["b": .number(2), "a": "text", "c": .flag(true), "d": .seconds(.milliseconds(1500))])
                == #"{"time":"2026-11-20T23:46:57.000Z","level":"info","message":"attempt failed","#
                + #""a":"text","b":2,"c":true,"d":1.5}"# + "\n"
        )
    }

    @Test func asText() {
        #expect(
            line(["kind": "timeout", "http_status": .number(500)], .text)
                == "2026-11-20T23:46:57.000Z info attempt failed http_status=500 kind=\"timeout\"\n"
        )
    }

    @Test(arguments: LogFormat.allCases) func secretsAreNotShown(_ format: LogFormat) {
        let line = line(
            ["proxy": .secret("http://u:hunter2@proxy"), "all": .dictionary(["key": .secret("hunter2")])],
            format,
            keepsIdentities: true
        )
        #expect(!line.contains("hunter2") && line.contains("[redacted]"))
    }

    /// A server may repeat in its own words whose account it was asked for.
    @Test func ofAnIdentityTheBeginningIsShownWhereverItStands() {
        let id = "7b0f4c1e-2222-4333-8444-555555555555"
        let metadata: Logger.Metadata = [
            "identity": .personal(id), "reason": "no identity \(id) here",
            "list": .array(["\(id)"]),
        ]
        let short = line(metadata)
        #expect(!short.contains(id))
        #expect(short.contains(#""identity":"7b0f4c1e""#))
        #expect(short.contains(#""reason":"no identity 7b0f4c1e… here""#))
        let whole = line(metadata, keepsIdentities: true)
        #expect(whole.contains(#""identity":"\#(id)""#) && whole.contains("no identity \(id) here"))
    }

    /// What a server says can neither begin a line of its own nor turn the text around.
    @Test(arguments: LogFormat.allCases) func aLineStaysALine(_ format: LogFormat) {
        let hostile = "a\nb\r\u{1b}[2J\u{2028}\u{202e}\"\\\u{85}"
        let line = line(["reason": "\(hostile)"], format)
        #expect(line.unicodeScalars.count { $0 == "\n" } == 1 && line.hasSuffix("\n"))
        for scalar in "\r\u{1b}\u{2028}\u{202e}\u{85}".unicodeScalars {
            #expect(!line.unicodeScalars.contains(scalar))
        }
        #expect(line.contains(#"a\nb\u000d\u001b[2J\u2028\u202e\"\\\u0085"#))
    }

    /// What shows nothing is written out, as UTF-16 where it is beyond U+FFFF.
    @Test func whatCannotBeSeenIsWrittenOut() {
        let line = line(["reason": "a\u{200b}b\u{e0001}"])
        #expect(line.contains(#""a\u200bb\udb40\udc01""#))
    }

    @Test func aValueIsBounded() {
        #expect(line(["reason": "\(String(repeating: "x", count: 100_000))"]).utf8.count < 3000)
    }
}
