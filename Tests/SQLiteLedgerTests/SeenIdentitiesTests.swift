import SQLiteLedger
import TestSupport
import Testing
import Model

/// Which identities came by already, for rosters that are read and not enrolled.
@Suite struct SeenIdentitiesTests {
    @Test func eachIsNewOnceWithinABatchAndAcrossBatches() throws {
        let seen = try SeenIdentities()
        #expect(try seen.insert([]) == [])
        #expect(try seen.insert([id(2), id(1), id(2), id(1), id(3)]) == [id(2), id(1), id(3)])
        #expect(try seen.insert([id(3), id(4), id(4)]) == [id(4)])
        #expect(try seen.insert([id(1), id(2), id(3), id(4)]) == [])
    }

    @Test func oneSetKnowsNothingOfAnother() throws {
        let (one, other) = (try SeenIdentities(), try SeenIdentities())
        #expect(try one.insert([id(1)]) == [id(1)])
        #expect(try other.insert([id(1)]) == [id(1)])
    }

    @Test func everyBitOfAnIDCounts() throws {
        let ids = (0..<64).flatMap { bit in
            [IdentityID(high: 1 << UInt64(bit), low: 0), IdentityID(high: 0, low: 1 << UInt64(bit))]
        }
        #expect(try SeenIdentities().insert(ids) == ids)
    }

    @Test func hundredsOfThousandsAreToldApart() throws {
        var random = SeededGenerator(seed: 3)
        let seen = try SeenIdentities()
        var model: Set<IdentityID> = []
        var earlier: [IdentityID] = []
        for _ in 0..<10 {
            var batch = (0..<20_000).map { _ in
                IdentityID(
                    high: .random(in: 0 ... .max, using: &random),
                    low: .random(in: 0 ... .max, using: &random)
                )
            }
            batch += batch.prefix(50) + earlier.prefix(50)
            batch.shuffle(using: &random)
            #expect(try seen.insert(batch) == batch.filter { model.insert($0).inserted })
            earlier = batch
        }
        #expect(model.count == 200_000)
    }
}
