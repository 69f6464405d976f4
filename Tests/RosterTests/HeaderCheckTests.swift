// Headers that are not text, NUL bytes that are too many, and what a reader says of a dialect.

import Roster
import Testing
import Model

@Suite struct HeaderCheckTests {
    private func bytes(_ text: String, _ replacements: [Character: [UInt8]]) -> [UInt8] {
        roster(text).flatMap { byte in replacements[Character(Unicode.Scalar(byte))] ?? [byte] }
    }

    @Test(arguments: [
        "identity_id,Pr~nom\n#1,Ann\n", "Pr~nom;id\nAnn;#1\n", "Identit~\n#1\n", "~mail,id\na@x,#1\n",
    ])
    func westernHeadersAreRefusedWithTheirEncoding(_ text: String) throws {
        let error = try #require(failure(bytes(text, ["~": [0xe9]])))
        #expect(error.code == .invalidUTF8)
        for words in [
            "line 1, the header", "not valid UTF-8", "looks like Windows-1252",
            "iconv -f WINDOWS-1252 -t UTF-8",
        ] {
            #expect(error.description.contains(words), "\(error.message)")
        }
    }

    @Test func theHeadersLineIsNamed() throws {
        let error = try #require(failure(bytes("\n\nidentity_id,Stra~e\n#1,x\n", ["~": [0xdf]])))
        #expect(error.description.contains("line 3, the header"))
    }

    @Test(
        arguments: [[0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2], [0x81], [0x8f, 0x90], [0xd0, 0xc2, 0xc3, 0xfb]]
            as [[UInt8]]
    )
    func otherEncodingsAreNotGuessed(_ name: [UInt8]) throws {
        let error = try #require(failure(bytes("identity_id,~\n#1,x\n", ["~": name])))
        #expect(error.code == .invalidUTF8)
        #expect(error.description.contains("line 1, the header"))
        #expect(!error.description.contains("1252"))
    }

    @Test func theHeaderIsCheckedBeforeANameIsMissed() throws {
        let text = bytes("Pr~nom,x\n#1,y\n", ["~": [0xe9]])
        let error = try #require(failure(text, RosterOptions(idColumn: "Prénom")))
        #expect(error.code == .invalidUTF8)
    }

    @Test func aNULInTheHeaderIsRefused() throws {
        let error = try #require(failure(roster("id,na\0me\n#1,x\n#2,y\n")))
        #expect(error.description.contains(#"line 1, the header, has a NUL byte (id,na\u0000me)"#))
    }

    @Test func rowsThatAreNotUTF8StayRejects() throws {
        let items = try Reading(bytes("id,n\n#1,a\n#2,~\n", ["~": [0xe9]])).items
        #expect(items == ["2 #1 [a]", "3 n invalid_utf8 <\u{fffd}>"])
    }
}

@Suite struct NULByteTests {
    /// In the sample as behind it.
    @Test(arguments: [1, 9_000])
    func oneNULIsARejectWhereverItIs(row: Int) throws {
        let line = (1...10_000).map { "\(uuid(1)),n\($0 == row ? "\0" : "")\n" }.joined()
        let items = try Reading(roster("id,n\n" + line), max: 1000).items
        #expect(items.count == 10_000)
        #expect(items.filter { !$0.contains("#1 [n]") } == [#"\#(row + 1) n nul_byte <n\u0000>"#])
    }

    @Test(arguments: [false, true])
    func utf16WithoutAMarkIsRefused(bigEndian: Bool) throws {
        let text = utf16(roster("id,n\n#1,a\n#2,b\n"), bigEndian: bigEndian).dropFirst(2)
        let error = try #require(failure(Array(text)))
        #expect(error.code == .notText)
        #expect(error.description.contains("it has NUL bytes"))
    }

    @Test(arguments: [
        "#1\0", "id,n\n#1,a\n\(String(repeating: "\0", count: 512))",
        "\(String(repeating: "ab\0", count: 90))\n#1\n",
    ])
    func binariesAreRefused(_ text: String) throws {
        let error = try #require(failure(roster(text)))
        #expect(error.code == .notText)
    }
}

@Suite struct RosterNotesTests {
    private func notes(_ text: String) throws -> [String] {
        try RosterReader(source: PieceSource(roster(text))).notes
    }

    @Test func dialectsAreToldInOneLine() throws {
        #expect(try notes("id,n\n#1,a\n").isEmpty)
        #expect(try notes("id,n\n#1,\"a\\\\b \"\"c\"\"\"\n").isEmpty)
        let nulls = try notes("#1\t\\N\n")
        #expect(nulls.count == 1 && nulls[0].contains(#"\N"#) && nulls[0].contains("empty"))
        let quotes = try notes("id,n\n#1,\"a \\\"b\\\" c\"\n")
        #expect(quotes.count == 1 && quotes[0].contains(#"\" is read as a quote"#))
        let both = try notes("id,n,m\n#1,\"a \\\"b\\\" c\",\\N\n")
        #expect(both.count == 1 && both[0].contains(#"\""#) && both[0].contains(#"\N as empty"#))
    }

    /// A dialect that begins behind the sample is not read silently.
    @Test func aDialectBehindTheSampleIsRejected() throws {
        let plain = (1...9_000).map { _ in "\(uuid(1)),\"n\",m\n" }.joined()
        let text = "id,n,m\n\(plain)#2,\"a \\\"b\\\" c\",x\n#3,\\N,y\n#4,\"z\\\",y\n#5,z,y\n"
        let items = try Reading(roster(text), max: 1000).items.suffix(4)
        #expect(
            Array(items) == [
                #"9002 n ambiguous_quote <"a \"b\" c">"#, #"9003 n ambiguous_quote <\N>"#,
                #"9004 n ambiguous_quote <"z\">"#, "9005 #5 [z|y]",
            ]
        )
    }
}
