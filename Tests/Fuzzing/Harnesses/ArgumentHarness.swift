// What people type, and times as servers write them: bounded, and the same when written again.

import Model

enum ArgumentHarness {
    private static let century: Duration = .seconds(100 * 366 * 86_400)

    static func duration(_ bytes: [UInt8]) throws(BrokenProperty) {
        guard let duration = Duration(argument: String(decoding: bytes, as: UTF8.self)) else { return }
        try require(duration >= .zero && duration <= century, "a duration of \(duration)")
        let milliseconds = duration.inMilliseconds
        try require(.milliseconds(milliseconds) == duration, "a duration finer than a millisecond")
        try require(
            Duration(argument: "\(milliseconds)ms") == duration,
            "\(milliseconds)ms is something else"
        )
        try require(!duration.inWords.isEmpty && !duration.inWords.hasPrefix("-"), "no words for it")
        try require(
            (.zero - duration).inWords.hasPrefix("-") || duration == .zero,
            "the words of its negative have no sign"
        )
        let moment = Timestamp(milliseconds: 1_795_218_417_000)
        try require(
            moment.duration(to: moment.advanced(by: duration)) == duration,
            "a moment and back is another duration"
        )
    }

    static func rate(_ bytes: [UInt8]) throws(BrokenProperty) {
        guard let rate = Rate(argument: String(decoding: bytes, as: UTF8.self)) else { return }
        try require(1...Rate.countMax ~= rate.count, "a count of \(rate.count)")
        try require(
            [.seconds(1), .seconds(60), .seconds(3600)].contains(rate.window),
            "a window of \(rate.window)"
        )
        try require(Rate(argument: rate.description) == rate, "\(rate) is something else")
    }

    static func timestamp(_ bytes: [UInt8]) throws(BrokenProperty) {
        guard let moment = Timestamp(rfc3339: String(decoding: bytes, as: UTF8.self)) else { return }
        let text = moment.rfc3339
        try require(text.utf8.count == 24, "\(text) is no timestamp")
        guard let again = Timestamp(rfc3339: text) else {
            throw BrokenProperty(description: "\(text) cannot be read again")
        }
        try require(again.rfc3339 == text, "\(text) is written otherwise the second time")
        // An offset may carry it out of the years that RFC 3339 can write.
        let isWithin = (-62_167_219_200_000...253_402_300_799_999).contains(moment.milliseconds)
        try require((again == moment) == isWithin, "\(text) is another moment")
        let day: Duration = .seconds(86_400)
        try require(
            moment.advanced(by: day).duration(to: moment) == .zero - day,
            "a day is no day"
        )
    }
}
