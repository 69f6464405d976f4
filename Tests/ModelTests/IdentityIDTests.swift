import Testing
import Model

@Suite struct IdentityIDTests {
    @Test(arguments: [
        "021d045c-26f8-4316-8389-fc0ac90734e1",
        "021D045C-26F8-4316-8389-FC0AC90734E1",
        "{021d045c-26f8-4316-8389-fc0ac90734e1}",
        "urn:uuid:021d045c-26f8-4316-8389-fc0ac90734e1",
        "URN:UUID:021D045C-26F8-4316-8389-FC0AC90734E1",
        "021d045c26f843168389fc0ac90734e1",
        "{021d045c26f843168389fc0ac90734e1}",
        " \t021d045c-26f8-4316-8389-fc0ac90734e1 \r",
    ])
    func everySpellingIsReadAndKeptCanonical(_ spelling: String) {
        #expect(IdentityID(spelling)?.text == "021d045c-26f8-4316-8389-fc0ac90734e1")
    }

    /// Unicode's White_Space, and what has no width.
    @Test(
        arguments: Array(0x09...0x0d) + [0x20, 0x85, 0xa0, 0x1680] + Array(0x2000...0x200d)
            + [0x2028, 0x2029, 0x202f, 0x205f, 0x2060, 0x3000, 0xfeff]
    )
    func everyBlankAroundIsPassedOver(_ blank: Int) throws {
        let blank = String(try #require(Unicode.Scalar(UInt32(blank))))
        let text = "021d045c-26f8-4316-8389-fc0ac90734e1"
        for spelling in ["\(blank)\(text)", "\(text)\(blank)", " \(blank)\(blank){\(text)}\(blank) "] {
            #expect(IdentityID(spelling)?.text == text)
        }
        #expect(IdentityID("021d045c\(blank)-26f8-4316-8389-fc0ac90734e1") == nil)
    }

    @Test(arguments: [
        "=\"*\"", "'*", "'*'", "\"*\"", "'=\"*\"", " =\" *\u{a0}\"\u{200b}", "\u{feff}'{*}",
        "=\"urn:uuid:*\"",
    ])
    func guardsOfSpreadsheetsArePassedOver(_ form: String) {
        let text = "021d045c-26f8-4316-8389-fc0ac90734e1"
        #expect(IdentityID(form.replacing("*", with: text))?.text == text)
    }

    @Test(arguments: [
        "=*", "=\"*", "*'", "\u{202e}*", "\u{ad}*", "\u{180e}*", "(*)", "\"*", "\u{c2}*", "''''''*",
    ])
    func whatIsNoGuardIsRefused(_ form: String) {
        // Not by characters, of which an invisible one may be a part.
        let text = form.split(separator: "*", omittingEmptySubsequences: false)
            .joined(separator: "021d045c-26f8-4316-8389-fc0ac90734e1")
        #expect(IdentityID(text) == nil)
    }

    @Test(arguments: [
        "", " ", "not-a-uuid", "021d045c-26f8-4316-8389-fc0ac90734e", "021d045c-26f8-4316-8389-fc0ac90734e10",
        "{021d045c-26f8-4316-8389-fc0ac90734e1", "021d045c-26f8-4316-8389-fc0ac90734e1}",
        "021d045c_26f8_4316_8389_fc0ac90734e1", "021d045c26f8-4316-8389-fc0ac90734e1aaaa",
        "g21d045c-26f8-4316-8389-fc0ac90734e1", "021d045c-26f8 4316-8389-fc0ac90734e1", "urn:uuid:", "{}",
    ])
    func whatIsNoUUIDIsRefused(_ text: String) {
        #expect(IdentityID(text) == nil)
    }

    @Test func theNilUUIDIsRecognised() {
        #expect(IdentityID("00000000-0000-0000-0000-000000000000") == .null)
    }

    @Test func theOrderIsThatOfTheText() throws {
        let first = try #require(IdentityID("021d045c-26f8-4316-8389-fc0ac90734e1"))
        let second = try #require(IdentityID("021d045c-26f8-4316-8389-fc0ac90734e2"))
        #expect(first < second)
        #expect((first < second) == (first.text < second.text))
    }

    @Test func randomOnesAreOfVersion4AndDiffer() {
        let ids = (0..<1000).map { _ in IdentityID.random() }
        #expect(Set(ids).count == 1000)
        for id in ids {
            let text = Array(id.text)
            #expect(text[14] == "4")
            #expect("89ab".contains(text[19]))
        }
    }
}
