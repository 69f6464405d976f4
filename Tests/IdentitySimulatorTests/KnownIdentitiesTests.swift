import Testing
import Model

@testable import IdentitySimulator

@Suite struct KnownIdentitiesTests {
    @Test func madeUpIdentitiesAreDistinctVersion4UUIDsThatCanBeToldFromOthers() throws {
        let identities = MadeUpIdentities(count: 1000, seed: 7)
        #expect(Set(identities).count == 1000)
        for (index, identity) in identities.enumerated() {
            #expect(identity.high >> 12 & 0xf == 4)
            #expect(identity.low >> 62 == 2)
            #expect(identities.index(of: identity) == index)
            #expect(identities.index(of: IdentityID(high: identity.high ^ 1, low: identity.low)) == nil)
        }
        let more = MadeUpIdentities(count: 1001, seed: 7)
        #expect(identities.index(of: more[1000]) == nil)
        #expect(MadeUpIdentities(count: 1000, seed: 8)[0] != identities[0])
    }

    @Test func aDirectoryCountsHowOftenEachIdentityWasAskedFor() {
        let known = IdentityID(high: 1, low: 2)
        let stranger = IdentityID(high: 1, low: 3)
        var directory = IdentityDirectory(
            known: .listed([known, known, IdentityID(high: 0, low: 9)]),
            seed: 1,
            unknownShare: 0,
            countsStrangers: true
        )
        for time in 0..<3 {
            let answer = directory.ask(for: known)
            #expect(answer == (true, time))
            let strangers = directory.ask(for: stranger)
            #expect(strangers == (false, time))
        }
        let nobody = directory.ask(for: .null)
        #expect(!nobody.exists)
    }

    @Test func aShareOfTheIdentitiesIsLostAlwaysTheSame() {
        let identities = MadeUpIdentities(count: 10_000, seed: 3)
        let directory = IdentityDirectory(
            known: .madeUp(count: 10_000),
            seed: 3,
            unknownShare: 0.01,
            countsStrangers: false
        )
        let lost = identities.filter { !directory.has($0) }
        #expect((60...140).contains(lost.count))
        let everyone = IdentityDirectory(known: .any, seed: 3, unknownShare: 0.01, countsStrangers: false)
        #expect(identities.filter { !everyone.has($0) } == lost)
    }
}
