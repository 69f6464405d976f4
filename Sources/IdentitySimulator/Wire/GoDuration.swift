// Durations as Go reads and writes them: the text of `expires_in`, and of the server's complaints about it.

/// A length of time in nanoseconds with the text forms of Go's `time.Duration`.
package struct GoDuration: Hashable, Sendable {
    package let nanoseconds: Int64

    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// Reads what Go's `time.ParseDuration` reads: `72h`, `1h30m`, `1.5h`, `-1h`; nil for anything else.
    package init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        var isNegative = false
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            rest.removeFirst()
        }
        if rest.elementsEqual([UInt8(ascii: "0")]) {
            nanoseconds = 0
            return
        }
        guard !rest.isEmpty else { return nil }
        var total: UInt64 = 0
        while !rest.isEmpty {
            guard let part = Self.part(&rest) else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(part)
            guard !overflow, sum <= 1 << 63 else { return nil }
            total = sum
        }
        if isNegative {
            nanoseconds = total == 1 << 63 ? .min : -Int64(total)
        } else {
            guard total <= UInt64(Int64.max) else { return nil }
            nanoseconds = Int64(total)
        }
    }

    /// Takes one number with its unit off the front; the result is at most 2⁶³.
    private static func part(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
        let wholeDigits = digits(&rest)
        var fractionDigits: ArraySlice<UInt8> = []
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            fractionDigits = digits(&rest)
        }
        guard !wholeDigits.isEmpty || !fractionDigits.isEmpty else { return nil }
        let name = rest.prefix { $0 != UInt8(ascii: ".") && !(0x30...0x39).contains($0) }
        rest.removeFirst(name.count)
        guard let unit = units[String(decoding: name, as: UTF8.self)] else { return nil }

        var whole: UInt64 = 0
        for digit in wholeDigits {
            let (tens, overflow) = whole.multipliedReportingOverflow(by: 10)
            guard !overflow, tens <= 1 << 63 else { return nil }
            whole = tens + UInt64(digit - 0x30)
        }
        let (product, overflow) = whole.multipliedReportingOverflow(by: unit)
        guard !overflow, product <= 1 << 63 else { return nil }
        var fraction = 0.0
        var scale = 1.0
        for digit in fractionDigits.prefix(18) {
            fraction = fraction * 10 + Double(digit - 0x30)
            scale *= 10
        }
        let sum = product + UInt64(fraction * (Double(unit) / scale))
        return sum <= 1 << 63 ? sum : nil
    }

    private static func digits(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        rest.removeFirst(digits.count)
        return digits
    }

    private static let units: [String: UInt64] = [
        "ns": 1, "us": 1000, "\u{b5}s": 1000, "\u{3bc}s": 1000, "ms": 1_000_000, "s": 1_000_000_000,
        "m": 60_000_000_000, "h": 3_600_000_000_000,
    ]
}

extension GoDuration: CustomStringConvertible {
    /// The text of Go's `Duration.String()`: `1h0m0s`, `-1h0m0s`, `1.5s`, `20ms`, `0s`.
    package var description: String {
        let magnitude = nanoseconds.magnitude
        let sign = nanoseconds < 0 ? "-" : ""
        switch magnitude {
        case 0: return "0s"
        case ..<1000: return "\(sign)\(magnitude)ns"
        case ..<1_000_000: return sign + Self.decimal(magnitude, unit: 1000) + "\u{b5}s"
        case ..<1_000_000_000: return sign + Self.decimal(magnitude, unit: 1_000_000) + "ms"
        default: break
        }
        let minutes = magnitude / 60_000_000_000
        let seconds = Self.decimal(magnitude % 60_000_000_000, unit: 1_000_000_000) + "s"
        if minutes == 0 { return sign + seconds }
        if minutes < 60 { return "\(sign)\(minutes)m\(seconds)" }
        return "\(sign)\(minutes / 60)h\(minutes % 60)m\(seconds)"
    }

    /// A quotient written out, without trailing zeros.
    private static func decimal(_ value: UInt64, unit: UInt64) -> String {
        let rest = value % unit
        guard rest != 0 else { return String(value / unit) }
        // The unit is a power of ten: adding it once gives the fraction its leading zeros.
        var fraction = String(unit + rest).dropFirst()
        while fraction.last == "0" { fraction.removeLast() }
        return "\(value / unit).\(fraction)"
    }
}
