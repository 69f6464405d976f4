import Testing
import Vocabulary

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
