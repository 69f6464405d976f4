// Which identities the simulated server has, and how often each was asked for.

package import Model

/// The identities that a simulated server knows.
package struct KnownIdentities: Sendable {
    enum Source: Sendable {
        case any
        case madeUp(count: Int)
        case listed(ContiguousArray<IdentityID>)
    }

    let source: Source

    /// Every identity ID is known.
    package static let any = KnownIdentities(source: .any)

    /// As many made-up identities as asked for, which follow from the seed and take no memory.
    ///
    /// `MadeUpIdentities` with the same seed lists them.
    package static func madeUp(count: Int) -> KnownIdentities {
        KnownIdentities(source: .madeUp(count: count))
    }

    /// The identities given, 16 bytes of memory each; repetitions are dropped.
    package static func listed(_ identities: some Sequence<IdentityID>) -> KnownIdentities {
        var sorted = ContiguousArray(identities)
        sorted.sort()
        var kept = 0
        for index in sorted.indices where index == 0 || sorted[index] != sorted[kept - 1] {
            sorted[kept] = sorted[index]
            kept += 1
        }
        sorted.removeLast(sorted.count - kept)
        return KnownIdentities(source: .listed(sorted))
    }
}

/// Version 4 UUIDs that follow from a seed, and that can be told from all others without a list.
///
/// The last 8 bytes are a hash of the index, and the first 6 hold the index itself, covered by a hash of the
/// last 8: so the index can be read back, and the ID made again from it to compare.
package struct MadeUpIdentities: Sendable, RandomAccessCollection {
    package let count: Int
    private let hash: SeededHash

    package init(count: Int, seed: UInt64) {
        self.count = count
        hash = SeededHash(seed: seed)
    }

    package var startIndex: Int { 0 }
    package var endIndex: Int { count }

    package subscript(index: Int) -> IdentityID {
        let low = hash.word(.madeUpLow, UInt64(index)) & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
        let cover = hash.word(.madeUpHigh, low)
        let high = (UInt64(index) ^ cover >> 16) << 16 | 0x4000 | cover & 0x0fff
        return IdentityID(high: high, low: low)
    }

    /// The index of an ID; nil where it is none of these.
    package func index(of identity: IdentityID) -> Int? {
        let index = (identity.high ^ hash.word(.madeUpHigh, identity.low)) >> 16
        guard index < UInt64(count), self[Int(index)] == identity else { return nil }
        return Int(index)
    }
}

/// What the server knows of each identity: whether it exists and how often it was asked for.
struct IdentityDirectory: Sendable {
    private let known: KnownIdentities
    private let madeUp: MadeUpIdentities
    private let hash: SeededHash
    private let unknownShare: Double
    private var countsByIndex: ContiguousArray<UInt16> = []
    private var countsByIdentity: [IdentityID: UInt16] = [:]
    /// False where nobody would look at the counts, and counting would take memory for every identity seen.
    private let countsStrangers: Bool
    /// The made-up identities sorted, from the first time that somebody asks for a list of them.
    private var sorted: ContiguousArray<IdentityID>?

    init(known: KnownIdentities, seed: UInt64, unknownShare: Double, countsStrangers: Bool) {
        self.known = known
        self.unknownShare = unknownShare
        self.countsStrangers = countsStrangers
        hash = SeededHash(seed: seed)
        switch known.source {
        case .any:
            madeUp = MadeUpIdentities(count: 0, seed: seed)
        case .madeUp(let count):
            madeUp = MadeUpIdentities(count: count, seed: seed)
            countsByIndex = ContiguousArray(repeating: 0, count: count)
        case .listed(let identities):
            madeUp = MadeUpIdentities(count: 0, seed: seed)
            countsByIndex = ContiguousArray(repeating: 0, count: identities.count)
        }
    }

    func has(_ identity: IdentityID) -> Bool {
        has(identity, at: index(of: identity))
    }

    /// The identities that can be listed, lost ones too, in the order of their IDs.
    ///
    /// Made-up ones take 16 bytes of memory each once they were listed.
    mutating func identitiesInOrder() -> ContiguousArray<IdentityID> {
        switch known.source {
        case .any: return []
        case .listed(let identities): return identities
        case .madeUp:
            if let sorted { return sorted }
            var identities = ContiguousArray(madeUp)
            identities.sort()
            sorted = identities
            return identities
        }
    }

    /// Whether the server has the identity, and how often it was asked for it before; counts this time too.
    ///
    /// The number of times is nil where it is not kept.
    mutating func ask(for identity: IdentityID) -> (exists: Bool, timesBefore: Int?) {
        let index = self.index(of: identity)
        let exists = has(identity, at: index)
        if let index {
            defer { countsByIndex[index] = Self.next(countsByIndex[index]) }
            return (exists, Int(countsByIndex[index]))
        }
        guard countsStrangers else { return (exists, nil) }
        let before = countsByIdentity[identity, default: 0]
        countsByIdentity[identity] = Self.next(before)
        return (exists, Int(before))
    }

    private func has(_ identity: IdentityID, at index: Int?) -> Bool {
        (index != nil || isOpenToAll) && identity != .null && !isLost(identity)
    }

    private var isOpenToAll: Bool {
        if case .any = known.source { true } else { false }
    }

    /// Whether the identity belongs to the share that the server is to have lost.
    private func isLost(_ identity: IdentityID) -> Bool {
        unknownShare > 0 && hash.fraction(.unknown, identity.high, identity.low) < unknownShare
    }

    private func index(of identity: IdentityID) -> Int? {
        switch known.source {
        case .any: return nil
        case .madeUp: return madeUp.index(of: identity)
        case .listed(let identities):
            var low = 0
            var high = identities.count
            while low < high {
                let middle = (low + high) / 2
                if identities[middle] < identity { low = middle + 1 } else { high = middle }
            }
            return low < identities.count && identities[low] == identity ? low : nil
        }
    }

    private static func next(_ count: UInt16) -> UInt16 { count == .max ? .max : count + 1 }
}
