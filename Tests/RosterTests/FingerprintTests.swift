import Roster
import Testing

@Suite struct FingerprintTests {
    /// Of the empty input and of `abc`, as FIPS 180-4 has them.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
    func isSHA256(text: String, expected: String) throws {
        #expect(try rosterFingerprint(of: PieceSource(Array(text.utf8))) == expected)
    }

    @Test(arguments: [
        "id,n\r\n#1,a\n\n#2,\"b\nNEXT PAGE TOKEN x", "{\"identities\":[{\"id\":\"#1\"}],\"x\":1}\n \n",
    ])
    func ofAReaderIsThatOfItsRawBytes(text: String) throws {
        for bytes in [roster(text), utf16(roster(text), bigEndian: true), [0xef, 0xbb, 0xbf] + roster(text)] {
            let expected = try rosterFingerprint(of: PieceSource(bytes))
            for seed in 1...3 as ClosedRange<UInt64> {
                let reader = try RosterReader(source: PieceSource(bytes, seed: seed))
                while try !reader.next(max: 2).isEmpty {}
                #expect(reader.fingerprint == expected)
                #expect(reader.bytesRead == bytes.count)
            }
        }
    }
}
