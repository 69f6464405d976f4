// Durations as people read them: `12.5 s`, `3 min 20 s`, `9 h 31 min`, `3 d 4 h`.

extension Duration {
    /// In words, rounded to what matters; with a minus sign where it is negative.
    package var inWords: String {
        (self < .zero ? "-" : "") + magnitudeInWords
    }

    /// In words, without its sign.
    package var magnitudeInWords: String {
        let seconds = abs(inSeconds)
        let tenths = (seconds * 10).rounded() / 10
        if tenths < 60 { return "\(tenths) s" }
        let whole = Int(seconds.rounded())
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        let minutes = Int((seconds / 60).rounded())
        if minutes < 48 * 60 { return "\(minutes / 60) h \(minutes % 60) min" }
        let hours = Int((seconds / 3600).rounded())
        return "\(hours / 24) d \(hours % 24) h"
    }
}
