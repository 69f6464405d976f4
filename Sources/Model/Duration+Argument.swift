// Durations as people type them: `90s`, `12h`, `7d`.

extension Duration {
    /// Reads whole numbers with a unit, added up: `90s`, `12h`, `7d`, `1h30m`, `250ms`; nil for anything
    /// else.
    ///
    /// Units are `ms`, `s`, `m`, `h` and `d` (24 hours). The sum is bounded at 100 years, so that no
    /// arithmetic on it can overflow.
    package init?(argument: String) {
        var rest = argument.utf8[...]
        var total: Int64 = 0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { !(0x30...0x39).contains($0) }
            rest = rest.dropFirst(unit.count)
            guard digits.count <= 13, let number = Int64(String(digits) ?? ""),
                let scale = Self.milliseconds(inUnit: String(unit) ?? "")
            else { return nil }
            let (part, overflowed) = number.multipliedReportingOverflow(by: scale)
            guard !overflowed, part <= Self.longestMilliseconds else { return nil }
            total += part
            guard total <= Self.longestMilliseconds else { return nil }
        }
        self = .milliseconds(total)
    }

    /// The duration in seconds, with its fraction.
    package var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }

    /// The duration in whole milliseconds, cut off.
    package var inMilliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }

    private static let longestMilliseconds: Int64 = 100 * 366 * 86_400_000

    private static func milliseconds(inUnit unit: String) -> Int64? {
        switch unit {
        case "ms": 1
        case "s": 1000
        case "m": 60_000
        case "h": 3_600_000
        case "d": 86_400_000
        default: nil
        }
    }
}
