// Chance without chance: every random-looking choice of the simulator is a hash of the seed and of what is
// asked.

/// A hash of a seed, a purpose and up to three words, evenly spread over 64 bits.
///
/// The same arguments give the same word on every machine and in every run, so that a seed reproduces a
/// failure whatever the order in which concurrent requests arrive.
struct SeededHash: Sendable {
    /// What a hash is for: two purposes never see the same words.
    enum Purpose: UInt64 {
        case madeUpLow = 1
        case madeUpHigh, unknown, fault, code, flow, token
        case inactive, withoutAddress, creation, address, newIdentity, errorShape, service
        case selfService = 100
    }

    let seed: UInt64

    func word(_ purpose: Purpose, _ first: UInt64, _ second: UInt64 = 0, _ third: UInt64 = 0) -> UInt64 {
        var state = Self.mixed(seed &+ purpose.rawValue &* 0x9e37_79b9_7f4a_7c15)
        state = Self.mixed(state ^ first)
        state = Self.mixed(state &+ second &* 0x9e37_79b9_7f4a_7c15)
        return Self.mixed(state ^ third)
    }

    /// A number from 0 up to, but not including, 1.
    func fraction(_ purpose: Purpose, _ first: UInt64, _ second: UInt64 = 0, _ third: UInt64 = 0) -> Double {
        Double(word(purpose, first, second, third) >> 11) * 0x1p-53
    }

    /// The finaliser of SplitMix64 (Steele, Lea and Flood, 2014), which is a bijection.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var value = value &+ 0x9e37_79b9_7f4a_7c15
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}
