import SQLiteLedger
import TestSupport
import Testing
import Model

@Suite struct SeenAddressesTests {
    @Test func theFirstOwnerIsKnown() throws {
        let seen = try SeenAddresses()
        #expect(try seen.insert([1, 2], of: id(1)) == nil)
        #expect(try seen.insert([1], of: id(2)) == nil)
        #expect(try seen.insert([1, 2], of: id(3)) == id(1))
        #expect(try seen.insert([1, 2], of: id(4)) == id(1))
        #expect(try SeenAddresses().insert([1, 2], of: id(5)) == nil)
    }
}
