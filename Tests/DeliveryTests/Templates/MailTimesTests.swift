import Delivery
import Foundation
import Model
import Testing

@Suite struct MailTimesTests {
    private static func text(
        _ template: String,
        locale: String,
        expiresIn: Duration = .seconds(23 * 3600),
        zone: String = "Europe/Vienna"
    ) throws -> String {
        let names = ["de", "en", "pl", "ar", "xx"].flatMap { ["\($0)/subject.txt", "\($0)/text.mustache"] }
        let files = try TemplateFiles(Dictionary(uniqueKeysWithValues: names.map { ($0, template) }))
        let zone = try #require(TimeZone(identifier: zone))
        let renderer = try files.renderer(fallback: "en", zone: zone)
        return try renderer.render(.ann(locale: locale, expiresIn: expiresIn), at: .noon).text.revealed
    }

    @Test(arguments: [
        ("de", "29. November 2026, 12:00 MEZ"), ("en-US", "November 29, 2026, 12:00 PM GMT+1"),
        ("en-GB", "29 November 2026, 12:00 CET"), ("pl", "29 listopada 2026, 12:00 CET"),
        ("xx", "November 29, 2026, 12:00 PM GMT+1"), ("fr", "November 29, 2026, 12:00 PM GMT+1"),
    ])
    func theExpiryIsInTheLanguageAndTheZone(_ locale: String, _ text: String) throws {
        #expect(try Self.text("{{expires_date}}, {{expires_time}} {{time_zone}}", locale: locale) == text)
    }

    @Test func theExpiryIsInRFC3339() throws {
        #expect(try Self.text("{{expires_at}}", locale: "en") == "2026-11-29T12:00:00+01:00")
        #expect(
            try Self.text("{{expires_at}} {{time_zone}}", locale: "en", zone: "GMT")
                == "2026-11-29T11:00:00Z UTC"
        )
    }

    /// Nobody is told of a minute that is not there any more.
    @Test func secondsAreCutOff() throws {
        let text = try Self.text("{{expires_time}}", locale: "de", expiresIn: .milliseconds(119_999))
        #expect(text == "13:01")
    }

    @Test(arguments: [
        ("de", 60, "1 Minute"), ("de", 119 * 60 + 59, "119 Minuten"), ("de", 2 * 3600, "2 Stunden"),
        ("de", 48 * 3600 - 1, "47 Stunden"), ("de", 48 * 3600, "2 Tage"), ("de-AT", 83 * 3600, "3 Tage"),
        ("en", 60, "1 minute"), ("en", 23 * 3600, "23 hours"), ("en", 30 * 86_400, "30 days"),
        ("pl", 5 * 3600, "5 godzin"), ("pl", 3 * 3600, "3 godziny"), ("ar", 3 * 86_400, "3 أيام"),
        ("xx", 60, "1 minute"),
    ])
    func theRemainingTimeIsInWords(_ locale: String, _ seconds: Int, _ words: String) throws {
        #expect(try Self.text("{{remaining}}", locale: locale, expiresIn: .seconds(seconds)) == words)
    }

    @Test func whatHasExpiredHasNoRemainingTime() throws {
        #expect(throws: MissingMailValues(names: ["remaining"], folder: "en")) {
            try Self.text("{{remaining}}", locale: "en", expiresIn: .seconds(59))
        }
    }
}
