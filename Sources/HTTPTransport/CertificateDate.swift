// When a certificate begins and ends to be valid, as OpenSSL writes it.

/// A moment in the words of a certificate: `Nov 21 04:30:24 2026 GMT`.
package struct CertificateDate: Hashable, Sendable {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    /// Seconds since 1970, UTC; nil where the text is written in another way.
    package var secondsSince1970: Int64? {
        let words = text.split(separator: " ")
        guard words.count == 5, words[4] == "GMT",
            let month = Self.months.firstIndex(of: words[0]),
            let day = Int(words[1]), (1...31).contains(day),
            let year = Int(words[3]), (1...9999).contains(year)
        else { return nil }
        let time = words[2].split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard time.count == 3, let hour = time[0], let minute = time[1], let second = time[2],
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        let days = Self.days(year: year, month: month + 1, day: day)
        return Int64(((days * 24 + hour) * 60 + minute) * 60 + second)
    }

    private static let months: [Substring] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Days from 1970-01-01, in the Gregorian calendar; the year is taken to begin in March, so that it ends
    /// in the day that comes every four years.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let year = month > 2 ? year : year - 1
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
    }
}
