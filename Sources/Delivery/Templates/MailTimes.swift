// Times and spans of time in the words of a language.

import Foundation
import Model
import Synchronization

/// Writes when an invitation expires, for many of them: what ICU has made is kept, by minute and locale.
final class MailTimes: Sendable {
    /// A minute as a language writes it.
    struct Texts: Hashable, Sendable {
        /// As in `28. November 2026`.
        var date: String
        /// As in `03:15` or `3:15 AM`.
        var time: String
        /// As in `MEZ` or `GMT+1`.
        var zone: String
    }

    private struct Minute: Hashable {
        var number: Int64
        var locale: String
    }

    private struct Span: Hashable {
        var count: Int
        var unit: Unit
        var locale: String
    }

    private enum Unit: Hashable { case days, hours, minutes }

    private let zone: TimeZone
    private let writer: Mutex<TimeFormat.Writer>
    private let minutes = Mutex<[Minute: Texts]>([:])
    private let spans = Mutex<[Span: String]>([:])

    private static let keptMax = 4096

    init(zone: TimeZone) {
        self.zone = zone
        let format = TimeFormat("rfc3339", zone: zone) ?? .standard
        writer = Mutex(TimeFormat.Writer(format))
    }

    /// RFC 3339 in whole seconds, in the time zone.
    func rfc3339(_ time: Timestamp) -> String { writer.withLock { $0.text(of: time) } }

    /// The time, whose seconds are cut off.
    func texts(of time: Timestamp, locale: String) -> Texts {
        let milliseconds = time.milliseconds
        let number = (milliseconds - (milliseconds % 60_000 + 60_000) % 60_000) / 60_000
        let minute = Minute(number: number, locale: locale)
        if let texts = minutes.withLock({ $0[minute] }) { return texts }
        let texts = made(Date(timeIntervalSince1970: Double(number) * 60), locale)
        minutes.withLock {
            if $0.count >= Self.keptMax { $0.removeAll(keepingCapacity: true) }
            $0[minute] = texts
        }
        return texts
    }

    /// How long there is still time, rounded down: `3 days`, `23 hours`, `90 minutes`; nil under a minute.
    ///
    /// Days from 48 hours on, minutes below two hours.
    func remaining(from now: Timestamp, to time: Timestamp, locale: String) -> String? {
        let minutes = (time.milliseconds - now.milliseconds) / 60_000
        guard minutes >= 1 else { return nil }
        let span =
            switch minutes {
            case ..<120: Span(count: Int(minutes), unit: .minutes, locale: locale)
            case ..<2880: Span(count: Int(minutes / 60), unit: .hours, locale: locale)
            default: Span(count: Int(minutes / 1440), unit: .days, locale: locale)
            }
        if let text = spans.withLock({ $0[span] }) { return text }
        let text = Self.made(span)
        spans.withLock {
            if $0.count >= Self.keptMax { $0.removeAll(keepingCapacity: true) }
            $0[span] = text
        }
        return text
    }

    private func made(_ date: Date, _ locale: String) -> Texts {
        let formatter = DateFormatter()
        formatter.locale = Self.locale(locale)
        formatter.timeZone = zone
        func text(_ date: Date) -> String { Self.plain(formatter.string(from: date)) }
        (formatter.dateStyle, formatter.timeStyle) = (.long, .none)
        let day = text(date)
        (formatter.dateStyle, formatter.timeStyle) = (.none, .short)
        let time = text(date)
        formatter.dateFormat = "zzz"
        // A zone of no place has the name of its offset: `GMT`, which is UTC by its old name.
        return Texts(date: day, time: time, zone: zone == .gmt ? "UTC" : text(date))
    }

    private static func made(_ span: Span) -> String {
        let (unit, length): (Duration.UnitsFormatStyle.Unit, Int) =
            switch span.unit {
            case .days: (.days, 86_400)
            case .hours: (.hours, 3600)
            case .minutes: (.minutes, 60)
            }
        let style = Duration.UnitsFormatStyle(allowedUnits: [unit], width: .wide).locale(locale(span.locale))
        return plain(style.format(.seconds(span.count * length)))
    }

    /// English for a language that ICU does not know: its own words for that are none.
    private static func locale(_ identifier: String) -> Locale {
        let language = identifier.prefix { $0 != "-" && $0 != "_" }
        return Locale(identifier: languages.contains(String(language)) ? identifier : "en")
    }

    private static let languages = Set(
        Locale.availableIdentifiers.map { String($0.prefix { $0 != "_" && $0 != "-" }) }
    )

    /// With a plain blank for the narrow one before AM, which several mail programs show as a box.
    private static func plain(_ text: String) -> String { text.replacing("\u{202f}", with: " ") }
}
