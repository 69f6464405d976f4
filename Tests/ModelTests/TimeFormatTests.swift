import Foundation
import Testing
import Model

@Suite struct TimeFormatTests {
    private func text(_ form: String, _ time: String, _ zone: String = "UTC") throws -> String {
        let zone = try #require(TimeFormat.zone(named: zone))
        var writer = TimeFormat.Writer(try #require(TimeFormat(form, zone: zone)))
        return writer.text(of: try #require(Timestamp(rfc3339: time)))
    }

    @Test(arguments: [
        ("rfc3339", "UTC", "2026-03-05T04:05:09Z"),
        ("rfc3339", "Europe/Berlin", "2026-03-05T05:05:09+01:00"),
        ("rfc3339", "America/St_Johns", "2026-03-05T00:35:09-03:30"),
        ("unix", "Europe/Berlin", "1772683509"),
        ("%d.%m.%Y %H:%M", "Europe/Berlin", "05.03.2026 05:05"),
        ("%m/%d/%y %I:%M %p", "UTC", "03/05/26 04:05 AM"),
        ("%a %A %e %b %B %j %z %%", "Asia/Kolkata", "Thu Thursday  5 Mar March 064 +0530 %"),
        ("%FT%T%z", "America/New_York", "2026-03-04T23:05:09-0500"), ("%s", "UTC", "1772683509"),
        ("am %F", "UTC", "am 2026-03-05"), ("%Z", "UTC", "UTC"),
    ])
    func timesAreWrittenAsTheFormSays(_ form: String, _ zone: String, _ expected: String) throws {
        #expect(try text(form, "2026-03-05T04:05:09.999999Z", zone) == expected)
    }

    @Test(arguments: ["", "rfc", "%", "%d %", "%Q", "%d\n", "tomorrow", "%%", "RFC3339"])
    func whatIsNoFormIsRefused(_ form: String) {
        #expect(TimeFormat(form) == nil)
    }

    @Test(arguments: ["", "Berlin", "Europe/Atlantis", "../../etc/passwd", "+01:00", "europe/berlin"])
    func whatIsNoZoneIsRefused(_ name: String) {
        #expect(TimeFormat.zone(named: name) == nil)
    }

    @Test func namesOfZonesComeBack() throws {
        for name in ["UTC", "Europe/Berlin"] {
            let zone = try #require(TimeFormat.zone(named: name))
            #expect(TimeFormat("rfc3339", zone: zone)?.zoneName == name)
        }
        #expect(TimeFormat("rfc3339") == .standard)
    }

    /// The offset is kept for a quarter of an hour: never across a change of it.
    @Test func summerTimeBeginsAndEndsInTime() throws {
        let zone = try #require(TimeFormat.zone(named: "Europe/Berlin"))
        var writer = TimeFormat.Writer(try #require(TimeFormat("%T %Z", zone: zone)))
        let times = [
            ("2026-03-29T00:59:59Z", "01:59:59"), ("2026-03-29T01:00:00Z", "03:00:00"),
            ("2026-10-25T00:59:59.999Z", "02:59:59"), ("2026-10-25T01:00:00Z", "02:00:00"),
            ("2026-03-29T00:59:59Z", "01:59:59"),
        ]
        for (time, expected) in times {
            #expect(writer.text(of: try #require(Timestamp(rfc3339: time))).hasPrefix(expected), "\(time)")
        }
    }

    @Test(arguments: [
        ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"), ("9999-12-31T23:59:59.9Z", "9999-12-31T23:59:59Z"),
        ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59Z"), ("2024-02-29T12:00:00Z", "2024-02-29T12:00:00Z"),
    ])
    func wholeSecondsAreCutOff(_ time: String, _ expected: String) throws {
        #expect(try text("rfc3339", time) == expected)
        #expect(try text("%FT%TZ", time) == expected)
    }

    @Test func agreesWithFoundation() throws {
        var random = SystemRandomNumberGenerator()
        let zone = try #require(TimeFormat.zone(named: "Australia/Lord_Howe"))
        var writer = TimeFormat.Writer(try #require(TimeFormat("rfc3339", zone: zone)))
        for _ in 0..<500 {
            let time = Timestamp(milliseconds: Int64.random(in: 0..<4_000_000_000_000, using: &random))
            let written = writer.text(of: time)
            let back = Timestamp(rfc3339: written)
            #expect(back?.milliseconds == time.milliseconds / 1000 * 1000, "\(time.rfc3339) as \(written)")
        }
    }
}
