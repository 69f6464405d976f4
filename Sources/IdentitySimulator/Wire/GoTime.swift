// Points in time as a Go server writes them: RFC 3339 with nanoseconds in bodies, RFC 9110 dates in headers.

/// A point in time in nanoseconds since 1970-01-01T00:00:00Z.
struct GoTime: Hashable, Sendable {
    let nanoseconds: Int64

    /// The UTC time in Go's `RFC3339Nano`: up to nine fraction digits, without trailing zeros.
    var rfc3339Nano: String {
        let parts = self.parts
        return String(unsafeUninitializedCapacity: 30) { buffer in
            var end = 0
            func put(_ value: Int, digits: Int) {
                var rest = value
                for position in (end..<end + digits).reversed() {
                    buffer[position] = 0x30 + UInt8(rest % 10)
                    rest /= 10
                }
                end += digits
            }
            func put(_ separator: Unicode.Scalar) {
                buffer[end] = UInt8(ascii: separator)
                end += 1
            }
            // 64 bits of nanoseconds reach from 1677 to 2262: every year has four digits.
            put(parts.year, digits: 4)
            put("-")
            put(parts.month, digits: 2)
            put("-")
            put(parts.day, digits: 2)
            put("T")
            put(parts.hour, digits: 2)
            put(":")
            put(parts.minute, digits: 2)
            put(":")
            put(parts.second, digits: 2)
            if parts.nanosecond != 0 {
                put(".")
                put(parts.nanosecond, digits: 9)
                while buffer[end - 1] == 0x30 { end -= 1 }
            }
            put("Z")
            return end
        }
    }

    /// The value of a `Date` header: `Fri, 20 Nov 2026 23:46:57 GMT`.
    var httpDate: String {
        let parts = self.parts
        let weekday = Self.weekdays[((parts.days + 4) % 7 + 7) % 7]
        let time = [parts.hour, parts.minute, parts.second].map { Self.padded($0, to: 2) }
        return "\(weekday), \(Self.padded(parts.day, to: 2)) \(Self.months[parts.month - 1]) "
            + "\(Self.padded(parts.year, to: 4)) \(time.joined(separator: ":")) GMT"
    }

    private struct Parts {
        var days, year, month, day, hour, minute, second, nanosecond: Int
    }

    private var parts: Parts {
        let (seconds, nanosecond) = Self.floorDivide(Int(nanoseconds), by: 1_000_000_000)
        let (days, inDay) = Self.floorDivide(seconds, by: 86_400)
        let (year, month, day) = Self.civil(days)
        return Parts(
            days: days,
            year: year,
            month: month,
            day: day,
            hour: inDay / 3600,
            minute: inDay / 60 % 60,
            second: inDay % 60,
            nanosecond: nanosecond
        )
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func floorDivide(_ value: Int, by divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    /// Howard Hinnant's `civil_from_days`: eras of 400 years that begin on the first of March.
    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let (era, dayOfEra) = floorDivide(days + 719_468, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    private static func padded(_ value: Int, to width: Int) -> String {
        let digits = String(value)
        return digits.utf8.count >= width
            ? digits : String(repeating: "0", count: width - digits.utf8.count) + digits
    }
}
