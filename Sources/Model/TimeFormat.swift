// How outputs write points in time.

package import Foundation

/// A form of times, in a time zone: RFC 3339 unless said otherwise.
///
/// Forms are `rfc3339`, `unix` (whole seconds since 1970), or a pattern with the conversions of strftime(3)
/// that depend on no locale: `%Y %y %m %d %e %H %I %M %S %p %j %F %T %z %Z %s %b %B %a %A %%`, names in
/// English.
package struct TimeFormat: Hashable, Sendable {
    /// The form, as it was given.
    package let text: String
    package let zone: TimeZone
    private let parts: [Part]

    private enum Part: Hashable {
        case literal(String)
        case conversion(Character)
        /// `Z` in UTC, else `+01:00`.
        case offset
    }

    /// RFC 3339 in UTC with whole seconds: `2026-11-28T02:15:00Z`.
    package static let standard = TimeFormat("rfc3339") ?? TimeFormat(parts: [], "rfc3339", .gmt)

    /// Nil for a pattern that is none.
    package init?(_ text: String, zone: TimeZone = .gmt) {
        switch text {
        case "rfc3339":
            self.init(parts: [.conversion("F"), .literal("T"), .conversion("T"), .offset], text, zone)
        case "unix": self.init(parts: [.conversion("s")], text, zone)
        default:
            guard let parts = Self.parts(of: text) else { return nil }
            self.init(parts: parts, text, zone)
        }
    }

    private init(parts: [Part], _ text: String, _ zone: TimeZone) {
        self.text = text
        self.zone = zone
        self.parts = parts
    }

    /// The zone as the IANA names it, `UTC` for none.
    package var zoneName: String { Self.isUTC(zone) ? "UTC" : zone.identifier }

    /// The time zone of that name, as the IANA spells it; nil where the system has none.
    package static func zone(named name: String) -> TimeZone? {
        if ["UTC", "Z", "Etc/UTC"].contains(name) { return .gmt }
        // A path is no name.
        guard !name.isEmpty, !name.contains("..") else { return nil }
        return TimeZone(identifier: name)
    }

    private static func isUTC(_ zone: TimeZone) -> Bool { zone == .gmt }

    private static let conversions = Set("YymdeHIMSpjFTzZsbBaA%")

    private static func parts(of pattern: String) -> [Part]? {
        var parts: [Part] = []
        var literal = ""
        var rest = Substring(pattern)
        while let character = rest.popFirst() {
            guard character == "%" else {
                // A line break would end a row's record for whoever reads line by line.
                guard !character.isNewline else { return nil }
                literal.append(character)
                continue
            }
            guard let conversion = rest.popFirst(), conversions.contains(conversion) else { return nil }
            if !literal.isEmpty { parts.append(.literal(literal)) }
            literal = ""
            parts.append(.conversion(conversion))
        }
        if !literal.isEmpty { parts.append(.literal(literal)) }
        // What says nothing of the time is no form of it.
        return parts.contains { if case .conversion(let c) = $0 { c != "%" } else { false } } ? parts : nil
    }
}

extension TimeFormat {
    /// Writes times, one after the other.
    package struct Writer: Sendable {
        private let format: TimeFormat
        /// The latest time's quarter of an hour, within which no zone changes its offset.
        private var quarter: Int64?
        private var offset = 0
        private var abbreviation = "UTC"
        private let isStandard: Bool

        package init(_ format: TimeFormat) {
            self.format = format
            isStandard = format == .standard
        }

        /// The time in whole seconds; what is finer is cut off.
        package mutating func text(of time: Timestamp) -> String {
            if isStandard { return Self.standard(time) }
            let fields = Fields(time, offset: offset(at: time))
            return format.parts.reduce(into: "") { text, part in
                switch part {
                case .literal(let literal): text += literal
                case .offset:
                    text += TimeFormat.isUTC(format.zone) ? "Z" : Self.offset(offset, separator: ":")
                case .conversion(let conversion): text += self.text(of: conversion, fields, time)
                }
            }
        }

        /// `2026-11-28T02:15:00Z`, in one piece: exports write two of them a row.
        private static func standard(_ time: Timestamp) -> String {
            let fields = Fields(time, offset: 0)
            return String(unsafeUninitializedCapacity: 20) { bytes in
                var position = 0
                func put(_ number: Int, _ width: Int, _ after: Unicode.Scalar) {
                    var rest = number
                    for place in stride(from: position + width - 1, through: position, by: -1) {
                        bytes[place] = UInt8(0x30 + rest % 10)
                        rest /= 10
                    }
                    bytes[position + width] = UInt8(ascii: after)
                    position += width + 1
                }
                put(fields.year, 4, "-")
                put(fields.month, 2, "-")
                put(fields.day, 2, "T")
                put(fields.hour, 2, ":")
                put(fields.minute, 2, ":")
                put(fields.second, 2, "Z")
                return position
            }
        }

        /// Whole seconds since 1970 on the zone's clock.
        package mutating func localSeconds(of time: Timestamp) -> Int64 {
            time.wholeSeconds + Int64(offset(at: time))
        }

        private mutating func offset(at time: Timestamp) -> Int {
            guard !TimeFormat.isUTC(format.zone) else { return 0 }
            let current = time.wholeSeconds.flooredQuotient(by: 900)
            if current != quarter {
                let date = Date(timeIntervalSince1970: Double(time.wholeSeconds))
                quarter = current
                offset = format.zone.secondsFromGMT(for: date)
                abbreviation = format.zone.abbreviation(for: date) ?? Self.offset(offset, separator: "")
            }
            return offset
        }

        private func text(of conversion: Character, _ fields: Fields, _ time: Timestamp) -> String {
            switch conversion {
            case "Y": Self.digits(fields.year, 4)
            case "y": Self.digits(fields.year % 100, 2)
            case "m": Self.digits(fields.month, 2)
            case "d": Self.digits(fields.day, 2)
            case "e": fields.day < 10 ? " \(fields.day)" : "\(fields.day)"
            case "H": Self.digits(fields.hour, 2)
            case "I": Self.digits((fields.hour + 11) % 12 + 1, 2)
            case "M": Self.digits(fields.minute, 2)
            case "S": Self.digits(fields.second, 2)
            case "p": fields.hour < 12 ? "AM" : "PM"
            case "j": Self.digits(fields.dayOfYear, 3)
            case "F": Self.joined([(fields.year, 4), (fields.month, 2), (fields.day, 2)], "-")
            case "T": Self.joined([(fields.hour, 2), (fields.minute, 2), (fields.second, 2)], ":")
            case "z": Self.offset(offset, separator: "")
            case "Z": abbreviation
            case "s": String(time.wholeSeconds)
            case "b": String(Self.months[fields.month - 1].prefix(3))
            case "B": Self.months[fields.month - 1]
            case "a": String(Self.weekdays[fields.weekday].prefix(3))
            case "A": Self.weekdays[fields.weekday]
            default: "%"
            }
        }

        private static func digits(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }

        private static func joined(_ numbers: [(number: Int, width: Int)], _ separator: String) -> String {
            numbers.map { digits($0.number, $0.width) }.joined(separator: separator)
        }

        private static func offset(_ seconds: Int, separator: String) -> String {
            let minutes = abs(seconds) / 60
            return
                "\(seconds < 0 ? "-" : "+")\(digits(minutes / 60, 2))\(separator)\(digits(minutes % 60, 2))"
        }

        private static let months = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December",
        ]
        private static let weekdays = [
            "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
        ]
    }

    /// A time on a calendar and a clock.
    private struct Fields {
        let year: Int
        let month: Int
        let day: Int
        /// From 1.
        let dayOfYear: Int
        /// From Sunday, 0.
        let weekday: Int
        let hour: Int
        let minute: Int
        let second: Int

        init(_ time: Timestamp, offset: Int) {
            let (days, inDay) = (time.wholeSeconds + Int64(offset)).dividedByDay
            (year, month, day) = Timestamp.civil(daysSince1970: Int(days))
            dayOfYear = Int(days) - Timestamp.daysSince1970(year, 1, 1) + 1
            // 1970-01-01 was a Thursday.
            weekday = ((Int(days) + 4) % 7 + 7) % 7
            (hour, minute, second) = (inDay / 3600, inDay / 60 % 60, inDay % 60)
        }
    }
}

extension Timestamp {
    /// Since 1970, cut off; bounded by the years 0 to 9999.
    fileprivate var wholeSeconds: Int64 {
        min(max(milliseconds, Self.earliest), Self.latest).flooredQuotient(by: 1000)
    }
}

extension Int64 {
    fileprivate func flooredQuotient(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }

    fileprivate var dividedByDay: (days: Int64, seconds: Int) {
        let days = flooredQuotient(by: 86_400)
        return (days, Int(self - days * 86_400))
    }
}
