// How long many answers took, in few bytes.

import Histogram

/// Counts of durations by size: an HdrHistogram with two digits, so each is exact to 1/128 of itself.
///
/// Its values are microseconds, up to an hour.
package struct LatencyHistogram: Equatable, Sendable {
    private var counts = Histogram<UInt64>(numberOfSignificantValueDigits: .two)

    private static let valueMax: UInt64 = 3_600_000_000

    package init() {}

    /// How many durations were recorded.
    package var count: Int { Int(counts.totalCount) }

    package var isEmpty: Bool { count == 0 }

    /// Counts a duration; one that is longer than an hour counts as an hour.
    package mutating func record(_ duration: Duration) {
        counts.record(UInt64(min(max(duration / .microseconds(1), 0), Double(Self.valueMax))))
    }

    /// Adds what another one has counted.
    package mutating func merge(_ other: LatencyHistogram) { counts.add(other.counts) }

    /// The duration that the given share of all stays at or below (0.5 for the median); nil where nothing was
    /// counted.
    package func percentile(_ share: Double) -> Duration? {
        isEmpty ? nil : .microseconds(Int64(counts.valueAtPercentile(share * 100)))
    }
}

// MARK: - Bytes

extension LatencyHistogram {
    /// The format's number, then for each value its distance from the one before and its count, as LEB128.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = [2]
        var last: UInt64 = 0
        for step in counts.recordedValues() {
            Self.append(step.value - last, to: &bytes)
            Self.append(step.count, to: &bytes)
            last = step.value
        }
        return bytes
    }

    /// Reads what `bytes` has written; nil for anything else.
    package init?(bytes: [UInt8]) {
        guard bytes.first == 2 else { return nil }
        var rest = bytes.dropFirst()
        let valueMax = counts.highestEquivalentForValue(Self.valueMax)
        var last: UInt64?
        while !rest.isEmpty {
            guard let distance = Self.number(from: &rest), let count = Self.number(from: &rest),
                last == nil || distance > 0, distance <= valueMax - (last ?? 0), count > 0
            else { return nil }
            let value = (last ?? 0) + distance
            counts.record(value, count: count)
            last = value
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

    /// Of at most 49 bits, so that no sum of some thousand is too large.
    private static func number(from bytes: inout ArraySlice<UInt8>) -> UInt64? {
        var number: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 49, by: 7) {
            guard let byte = bytes.popFirst() else { return nil }
            number |= UInt64(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return number }
        }
        return nil
    }
}
