// How many failures say that a roster is plainly wrong.

/// A bound on the identities that may fail in one run, as `--max-failures` has it.
package enum FailureBound: Hashable, Sendable, CustomStringConvertible {
    /// At most so many.
    case count(Int)
    /// At most so many in a hundred of those that are through, which are looked at once there are enough of
    /// them.
    case percent(Int)

    /// Fewer than that say little about the rest of a roster.
    package static let sampleMin = 100

    /// Reads `50` or `10%`; nil for anything else.
    package init?(argument: String) {
        let isShare = argument.hasSuffix("%")
        let digits = isShare ? argument.dropLast() : argument[...]
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits),
            number <= (isShare ? 100 : Int(Int32.max))
        else { return nil }
        self = isShare ? .percent(number) : .count(number)
    }

    /// Whether more have failed than may.
    package func isExceeded(failed: Int, issued: Int) -> Bool {
        switch self {
        case .count(let most): failed > most
        case .percent(let most): failed + issued >= Self.sampleMin && failed * 100 > most * (failed + issued)
        }
    }

    package var description: String {
        switch self {
        case .count(let most): String(most)
        case .percent(let most): "\(most)%"
        }
    }
}
