// One identity of a list: what is known of it, and the values of its columns, which survive as text.

import Foundation
import Testing
import Model

@testable import Providers

@Suite struct ListedIdentityTests {
    private static let id = "021d045c-26f8-4316-8389-fc0ac90734e1"

    private func identity(_ rest: String, columns: [String] = []) throws -> ListedIdentity {
        let paths = try columns.map { try #require(ColumnPath($0)) }
        let list = ListedIdentity.list(in: Array(#"[{"id":"\#(Self.id)"\#(rest)}]"#.utf8), columns: paths)
        return try #require(list?.first)
    }

    private func value(_ json: String, at path: String = "v") throws -> String? {
        try #require(try identity(#","v":\#(json)"#, columns: [path]).columns.first)
    }

    @Test(arguments: [
        ("", true), (#","state":"active""#, true), (#","state":"inactive""#, false),
        (#","state":null"#, true),
        (#","state":7"#, true), (#","state":"Inactive""#, true),
    ])
    func onlyTheInactiveMayNotLogIn(_ json: String, _ isActive: Bool) throws {
        #expect(try identity(json).isActive == isActive)
    }

    @Test(arguments: [
        ("", false), (#","recovery_addresses":null"#, false), (#","recovery_addresses":[]"#, false),
        (#","recovery_addresses":[{"via":"email"}]"#, true), (#","recovery_addresses":"x""#, false),
        (#","verifiable_addresses":[{}]"#, false),
    ])
    func anAddressIsInItsList(_ json: String, _ hasAddress: Bool) throws {
        #expect(try identity(json).hasRecoveryAddress == hasAddress)
    }

    @Test(arguments: [
        (#""Zoë""#, "Zoë"), (#""""#, ""), (#""0012""#, "0012"),
        (#""a\"b\\c\/d\n\u00e9\ud83d\ude00""#, "a\"b\\c/d\né😀"),
        ("0", "0"), ("-7", "-7"), ("12345678901234567890", "12345678901234567890"),
        (
            "123456789012345678901234567890123456789012345678901",
            "123456789012345678901234567890123456789012345678901"
        ),
        ("1.10", "1.10"), ("1.0", "1.0"), ("1e400", "1e400"), ("-1.5E+3", "-1.5E+3"),
        ("0.1000000000000000055", "0.1000000000000000055"),
        ("true", "true"), ("false", "false"), ("null", ""),
        ("[]", "[]"), ("{}", "{}"), (#"[1, "a, b" ,null,[ 2.50 ]]"#, #"[1,"a, b",null,[2.50]]"#),
        (#"{ "b" : 1e400, "a":{"x":"\" }"}}"#, #"{"b":1e400,"a":{"x":"\" }"}}"#),
    ])
    func aValueSurvivesAsText(_ json: String, _ text: String) throws {
        #expect(try value(json) == text)
        #expect(try value("  \(json)\n") == text)
        #expect(try value(#"{"k":1,"deep":[null,{"x":\#(json)}]}"#, at: "v.deep.1.x") == text)
        #expect(try value("[1e999,\(json)]", at: "v.1") == text)
    }

    @Test(arguments: [
        (#"{"a":1}"#, "v.b"), (#"{"a":1}"#, "v.a.b"), (#"{"a":"text"}"#, "v.a.0"), ("[1,2]", "v.2"),
        ("[1,2]", "v.-1"),
        ("[1,2]", "v.+1"), ("[1,2]", "v.a"), ("[]", "v.0"), ("{}", "v.a"), ("null", "v.a"), ("true", "v.a"),
        ("1", "w"), ("[1,2]", "v.99999999999999999999"), (#"{"A":1}"#, "v.a"),
        (#"{"a":{"c":1},"b":2}"#, "v.a.b"),
    ])
    func whatIsNotThereIsNone(_ json: String, _ path: String) throws {
        #expect(try value(json, at: path) == nil)
    }

    @Test func aDotInAKeyIsEscaped() throws {
        #expect(try value(#"{"a.b":"x","a":{"b":"y"}}"#, at: #"v.a\.b"#) == "x")
        #expect(try value(#"{"a.b":"x","a":{"b":"y"}}"#, at: "v.a.b") == "y")
        #expect(try value(#"{"a\u002eb":"x"}"#, at: #"v.a\.b"#) == "x")
        #expect(try value(#"{"0":"key","1":{}}"#, at: "v.0") == "key")
    }

    /// A decoder reads it; what looks for the columns would walk past its end.
    @Test(arguments: [
        String.Encoding.utf16LittleEndian, .utf16BigEndian, .utf16, .utf32LittleEndian, .utf32BigEndian,
    ])
    func aListThatIsNotUTF8IsNone(_ encoding: String.Encoding) throws {
        let text = #"[{"id":"\#(Self.id)","state":{"a":1,"b":[{"c":"state"}]}}]"#
        let path = try #require(ColumnPath("state.b.0.c"))
        #expect(ListedIdentity.list(in: Array(text.utf8), columns: [path])?.first?.columns == ["state"])
        #expect(
            ListedIdentity.list(in: Array(try #require(text.data(using: encoding))), columns: [path]) == nil
        )
    }

    @Test func everyIdentityHasItsOwnValues() throws {
        let other = "00003575-85a1-4509-a017-a4d45c9eac0a"
        let body = """
            \u{feff}[ {"traits":{"n":1,"m":"a"},"id":"\(Self.id)"} ,
            {"id":"\(other)","traits":{"m":[{}]}} ]
            """
        let paths = try ["traits.n", "traits.m", "id"].map { try #require(ColumnPath($0)) }
        let list = try #require(ListedIdentity.list(in: Array(body.utf8), columns: paths))
        #expect(list.map(\.id.text) == [Self.id, other])
        #expect(list.map(\.columns) == [["1", "a", Self.id], [nil, "[{}]", other]])
        #expect(ListedIdentity.list(in: Array(body.utf8), columns: [])?.map(\.columns) == [[], []])
    }

    @Test(arguments: [
        "", "null", "{}", #"{"identities":[]}"#, #"[{"id":"x"}]"#, #"[{"state":"active"}]"#, "[null]", "[7]",
        #"[{"id":7}]"#, #"[{"id":"021d045c-26f8-4316-8389-fc0ac90734e1"}"#, "<html></html>", "[] x",
    ])
    func whatIsNoListIsNone(_ body: String) throws {
        let path = try #require(ColumnPath("traits.email"))
        #expect(ListedIdentity.list(in: Array(body.utf8), columns: [path]) == nil)
        #expect(ListedIdentity.list(in: Array(body.utf8), columns: []) == nil)
    }

    /// Random documents: what the path leads to comes out as it went in, whatever is beside it.
    @Test(arguments: 0..<50 as Range<UInt64>)
    func randomValuesSurvive(seed: UInt64) throws {
        var random = Seeded(state: seed)
        for _ in 0..<20 {
            let leaf = Self.leaf(&random)
            var (json, steps) = (leaf.json, [String]())
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                let before = (0..<Int.random(in: 0...3, using: &random)).map { _ in Self.leaf(&random).json }
                if Bool.random(using: &random) {
                    steps.insert(String(before.count), at: 0)
                    json = "[" + (before + [json, Self.leaf(&random).json]).joined(separator: " ,\n") + "]"
                } else {
                    let key = ["a", "b.c", "ü", "\\", "0"].randomElement(using: &random) ?? ""
                    let escaped = key.replacing("\\", with: "\\\\").replacing(".", with: "\\.")
                    steps.insert(escaped, at: 0)
                    let members = before.enumerated().map { #""x\#($0)" : \#($1)"# }
                    let quoted = key.replacing("\\", with: "\\\\")
                    json = "{" + (members + [#""\#(quoted)":\#(json)"#]).joined(separator: ",") + "}"
                }
            }
            #expect(try value(json, at: (["v"] + steps).joined(separator: ".")) == leaf.text, "\(json)")
        }
    }

    /// A value, as JSON and as the text that it is to become.
    private static func leaf(_ random: inout Seeded) -> (json: String, text: String) {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return ("null", "")
        case 1: return ("true", "true")
        case 2:
            let digits = (0..<Int.random(in: 1...60, using: &random)).map { _ in
                String(Int.random(in: 1...9, using: &random))
            }.joined()
            return (digits, digits)
        case 3:
            let number =
                "-\(Int.random(in: 0...9, using: &random)).\(Int.random(in: 0...999, using: &random))0e-500"
            return (number, number)
        case 4:
            let list = #"[[],{"k":"]}\"[,"}]"#
            return (list, list)
        default:
            let pieces = [
                ("a", "a"), ("\\\"", "\""), ("\\\\", "\\"), ("ü", "ü"), ("\\n", "\n"), ("[", "["), ("}", "}"),
                (",", ","),
                ("\\u20ac", "€"), (" ", " "), (":", ":"),
            ]
            let chosen = (0..<Int.random(in: 0...8, using: &random)).compactMap { _ in
                pieces.randomElement(using: &random)
            }
            return ("\"\(chosen.map(\.0).joined())\"", chosen.map(\.1).joined())
        }
    }

    /// SplitMix64.
    private struct Seeded: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
    }
}
