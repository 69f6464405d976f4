// A point in time as servers write it (RFC 3339) and as a ledger can compare it (milliseconds).

/// A point in time in whole milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package let milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    package func advanced(by duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        return Timestamp(milliseconds: milliseconds + seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }

    package func duration(to other: Timestamp) -> Duration {
        .milliseconds(other.milliseconds - milliseconds)
    }
}

extension Timestamp {
    /// Reads an RFC 3339 time with any number of fraction digits and any offset; nil for anything else.
    ///
    /// What is finer than a millisecond is cut off. A leap second (`:60`) counts as the next minute's first.
    package init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        var position = 0

        func number(_ digits: Int) -> Int? {
            guard position + digits <= bytes.count else { return nil }
            var value = 0
            for byte in bytes[position..<position + digits] {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            position += digits
            return value
        }
        func accept(_ characters: String) -> UInt8? {
            guard position < bytes.count, characters.utf8.contains(bytes[position]) else { return nil }
            defer { position += 1 }
            return bytes[position]
        }

        guard let year = number(4), accept("-") != nil, let month = number(2), accept("-") != nil,
            let day = number(2), accept("Tt ") != nil, let hour = number(2), accept(":") != nil,
            let minute = number(2), accept(":") != nil, let second = number(2),
            let whole = Timestamp(
                year: year,
                month: month,
                day: day,
                hour: hour,
                minute: minute,
                second: second
            )
        else { return nil }

        var thousandths = 0
        if accept(".,") != nil {
            var scale = 100
            let start = position
            while let digit = number(1) {
                thousandths += digit * scale
                scale /= 10
            }
            guard position > start else { return nil }
        }

        var offsetMinutes = 0
        if accept("Zz") == nil {
            guard let sign = accept("+-"), let hours = number(2), accept(":") != nil, let minutes = number(2),
                hours < 24, minutes < 60
            else { return nil }
            offsetMinutes = (hours * 60 + minutes) * (sign == UInt8(ascii: "-") ? -1 : 1)
        }
        guard position == bytes.count else { return nil }

        self.init(milliseconds: whole.milliseconds - Int64(offsetMinutes) * 60_000 + Int64(thousandths))
    }

    /// A whole second in UTC; nil where there is no such day or time.
    package init?(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        guard (1...12).contains(month), (1...Self.days(inMonth: month, ofYear: year)).contains(day),
            (0..<24).contains(hour), (0..<60).contains(minute), (0...60).contains(second)
        else { return nil }
        let minutes = (Self.daysSince1970(year, month, day) * 24 + hour) * 60 + minute
        self.init(milliseconds: Int64(minutes * 60 + second) * 1000)
    }

    /// The time in UTC with three fraction digits: `2026-02-25T03:09:37.606Z`.
    ///
    /// Years before 0 and after 9999, which RFC 3339 cannot write, are shown as the nearest that it can.
    package var rfc3339: String {
        let bounded = min(max(milliseconds, Self.earliest), Self.latest)
        let (days, inDay) = Self.floorDivide(bounded, by: 86_400_000)
        let (year, month, day) = Self.civil(daysSince1970: Int(days))
        let fields: [(value: Int, width: Int, after: String)] = [
            (year, 4, "-"), (month, 2, "-"), (day, 2, "T"),
            (Int(inDay / 3_600_000), 2, ":"), (Int(inDay / 60_000 % 60), 2, ":"),
            (Int(inDay / 1000 % 60), 2, "."), (Int(inDay % 1000), 3, "Z"),
        ]
        var text = ""
        text.reserveCapacity(24)
        for field in fields {
            let digits = String(field.value)
            text += String(repeating: "0", count: field.width - digits.count) + digits + field.after
        }
        return text
    }
}

extension Timestamp {
    /// 0000-01-01T00:00:00.000Z.
    static let earliest: Int64 = -62_167_219_200_000
    /// 9999-12-31T23:59:59.999Z.
    static let latest: Int64 = 253_402_300_799_999

    private static func floorDivide(_ value: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64)
    {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func days(inMonth month: Int, ofYear year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    // Both conversions are Howard Hinnant's, "chrono-Compatible Low-Level Date Algorithms": eras of 400 years
    // that begin on the first of March, so that the leap day is the last day of its year.

    static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    static func civil(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
