// Sums of points in time and durations, and the forms in which flows show them.

extension GoTime {
    static func + (time: GoTime, duration: GoDuration) -> GoTime {
        let sum = time.nanoseconds.addingReportingOverflow(duration.nanoseconds)
        return GoTime(nanoseconds: sum.overflow ? .max : sum.partialValue)
    }

    static func - (later: GoTime, earlier: GoTime) -> GoDuration {
        GoDuration(nanoseconds: later.nanoseconds - earlier.nanoseconds)
    }

    var unixSeconds: Int64 { nanoseconds / 1_000_000_000 }

    /// The text of a time that a database keeps: to the microsecond.
    var inDatabase: String { GoTime(nanoseconds: nanoseconds - nanoseconds % 1000).rfc3339Nano }
}

extension GoDuration {
    /// The minutes with two decimals.
    var minutes: String {
        let hundredths = Int64((Double(nanoseconds) / 600_000_000).rounded(.toNearestOrEven))
        let digits = String(1000 + hundredths % 100).suffix(2)
        return "\(hundredths / 100).\(digits)"
    }
}
