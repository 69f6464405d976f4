// Dates as headers have them.

package import Model

extension Timestamp {
    /// Reads a date in one of the three formats of HTTP (RFC 9110, 5.6.7); nil for anything else.
    ///
    /// `Sun, 06 Nov 1994 08:49:37 GMT`, and the obsolete `Sunday, 06-Nov-94 08:49:37 GMT` and
    /// `Sun Nov  6 08:49:37 1994`. The day of the week is not looked at.
    ///
    /// - Parameter now: a year of two digits is at most 50 years after it.
    package init?(httpDate text: String, now: Timestamp) {
        var text = text
        if let time = text.withUTF8(Self.fixedDate) {
            self = time
            return
        }
        let words = text.split(separator: " ")
        guard let weekday = words.first else { return nil }
        let (hasComma, isGMT) = (weekday.hasSuffix(","), words.last == "GMT")
        let parts = words.dropFirst().map { $0.split(separator: "-", omittingEmptySubsequences: false) }
        switch parts.map(\.count) {
        case [1, 1, 1, 1, 1] where hasComma && isGMT:
            self.init(day: parts[0][0], month: parts[1][0], year: parts[2][0], time: parts[3][0])
        case [3, 1, 1] where hasComma && isGMT:
            guard let year = Self.fullYear(parts[0][2], now: now) else { return nil }
            self.init(day: parts[0][0], month: parts[0][1], year: year, time: parts[1][0])
        case [1, 1, 1, 1] where !hasComma:
            let day = parts[1][0].count == 1 ? "0\(parts[1][0])" : parts[1][0]
            self.init(day: day, month: parts[0][0], year: parts[3][0], time: parts[2][0])
        default: return nil
        }
    }

    /// Reads the format that servers send; every answer has it, so it is read where it lies.
    private static func fixedDate(_ bytes: UnsafeBufferPointer<UInt8>) -> Timestamp? {
        func number(_ places: Range<Int>) -> Int? {
            places.reduce(0) { number, place in
                guard let number, (0x30...0x39).contains(bytes[place]) else { return nil }
                return number * 10 + Int(bytes[place] - 0x30)
            }
        }
        // `ddd, DD mmm YYYY HH:MM:SS GMT`
        guard bytes.count == 29, bytes[3] == UInt8(ascii: ","), bytes[25...].elementsEqual(" GMT".utf8),
            [4, 7, 11, 16].allSatisfy({ bytes[$0] == UInt8(ascii: " ") }),
            bytes[19] == UInt8(ascii: ":"), bytes[22] == UInt8(ascii: ":"),
            let month = months.firstIndex(where: { bytes[8..<11].elementsEqual($0.utf8) }),
            let day = number(5..<7), let year = number(12..<16), let hour = number(17..<19),
            let minute = number(20..<22), let second = number(23..<25)
        else { return nil }
        return Timestamp(
            year: year,
            month: month + 1,
            day: day,
            hour: hour,
            minute: minute,
            second: second
        )
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private init?(day: Substring, month: Substring, year: Substring, time: Substring) {
        // Whole seconds, and nothing after them.
        guard let index = Self.months.firstIndex(of: String(month)), time.utf8.count == 8 else { return nil }
        self.init(rfc3339: "\(year)-\(index < 9 ? "0" : "")\(index + 1)-\(day)T\(time)Z")
    }

    /// The year with these last two digits that is no more than 50 years ahead.
    private static func fullYear(_ text: Substring, now: Timestamp) -> Substring? {
        guard text.utf8.count == 2, let digits = text.utf8.wholeNumber,
            let this = now.rfc3339.prefix(4).utf8.wholeNumber
        else { return nil }
        var year = this - this % 100 + digits
        if year > this + 50 { year -= 100 } else if year <= this - 50 { year += 100 }
        return Substring("\(year)")
    }
}
