// How long many answers took, in few bytes.

/// Counts of durations by size, each exact to 1/128 of itself, as HdrHistogram keeps them with two digits.
///
/// Durations are in microseconds. Below 256 each has a counter of its own; above, each power of two has 128.
package struct LatencyHistogram: Hashable, Sendable {
    /// The counts by counter, up to the highest one in use.
    private var counts: [UInt32] = []
    /// How many durations were recorded.
    package private(set) var count = 0

    package init() {}

    package var isEmpty: Bool { count == 0 }

    /// Counts a duration; one that is longer than an hour counts as an hour.
    package mutating func record(_ duration: Duration) {
        let microseconds = min(max(duration / .microseconds(1), 0), 3_600_000_000)
        add(1, toCounter: Self.counter(of: UInt64(microseconds)))
    }

    /// Adds what another one has counted.
    package mutating func merge(_ other: LatencyHistogram) {
        for (counter, count) in other.counts.enumerated() where count > 0 { add(count, toCounter: counter) }
    }

    /// The duration that the given share of all stays at or below (0.5 for the median); nil where nothing was
    /// counted.
    package func percentile(_ share: Double) -> Duration? {
        guard !isEmpty else { return nil }
        let rank = max(1, Int((min(max(share, 0), 1) * Double(count)).rounded(.up)))
        var seen = 0
        for (counter, count) in counts.enumerated() {
            seen += Int(count)
            if seen >= rank { return .microseconds(Self.highest(ofCounter: counter)) }
        }
        return nil
    }

    private mutating func add(_ number: UInt32, toCounter counter: Int) {
        if counter >= counts.count {
            counts.append(contentsOf: repeatElement(0, count: counter + 1 - counts.count))
        }
        // A counter that is full stays full.
        let (sum, overflow) = counts[counter].addingReportingOverflow(number)
        counts[counter] = overflow ? .max : sum
        count += Int(number)
    }

    private static func counter(of value: UInt64) -> Int {
        let shift = max(0, 64 - value.leadingZeroBitCount - 8)
        return shift << 7 + Int(value >> UInt64(shift))
    }

    /// The highest value that a counter counts.
    private static func highest(ofCounter counter: Int) -> Int64 {
        guard counter >= 256 else { return Int64(counter) }
        let shift = counter >> 7 - 1
        return (Int64(counter - shift << 7) + 1) << Int64(shift) - 1
    }
}

// MARK: - Bytes

extension LatencyHistogram {
    /// The highest counter that there is, which is an hour's.
    private static let counterMax = counter(of: 3_600_000_000)

    /// A format's number, then for each counter in use its distance from the one before and its count, as
    /// LEB128.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = [1]
        var last = -1
        for (counter, count) in counts.enumerated() where count > 0 {
            Self.append(UInt64(counter - last), to: &bytes)
            Self.append(UInt64(count), to: &bytes)
            last = counter
        }
        return bytes
    }

    /// Reads what `bytes` has written; nil for anything else.
    package init?(bytes: [UInt8]) {
        guard bytes.first == 1 else { return nil }
        var rest = bytes.dropFirst()
        var counter = -1
        while !rest.isEmpty {
            guard let distance = Self.number(from: &rest), let count = Self.number(from: &rest),
                distance > 0, distance <= UInt64(Self.counterMax - counter),
                let count = UInt32(exactly: count)
            else { return nil }
            counter += Int(distance)
            add(count, toCounter: counter)
        }
    }

    private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        var number = number
        while number >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: number) | 0x80)
            number >>= 7
        }
        bytes.append(UInt8(number))
    }

    private static func number(from bytes: inout ArraySlice<UInt8>) -> UInt64? {
        var number: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 35, by: 7) {
            guard let byte = bytes.popFirst() else { return nil }
            number |= UInt64(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return number }
        }
        return nil
    }
}
