// What is fuzzed: everything that takes bytes from outside, each with what has to hold whatever the bytes
// are.

/// One reader under test, by the name of its corpus.
///
/// A harness is a function of bytes that throws a `BrokenProperty`. What traps, hangs or eats memory is found
/// by whoever runs it: libFuzzer (`scripts/fuzz`), or `FuzzingTests`, which feeds it every input ever kept.
package enum Harness: String, CaseIterable, Sendable {
    /// Rosters that are no JSON.
    case csv
    case jsonRoster = "json_roster"
    /// Answers to requests for codes and links.
    case answer
    /// Answers to look-ups of identities.
    case listing
    case retryAfter = "retry_after"
    case rateLimitHeaders = "rate_limit_headers"
    case linkHeader = "link_header"
    /// A relay's replies, at any time.
    case smtpDialogue = "smtp_dialogue"
    case duration
    case rate
    case timestamp

    package func run(_ bytes: [UInt8]) throws(BrokenProperty) {
        switch self {
        case .csv: try RosterHarness.run(bytes, isJSON: false)
        case .jsonRoster: try RosterHarness.run(bytes, isJSON: true)
        case .answer: try AnswerHarness.run(bytes)
        case .listing: try ListingHarness.run(bytes)
        case .retryAfter: try HeaderHarness.retryAfter(bytes)
        case .rateLimitHeaders: try HeaderHarness.rateLimits(bytes)
        case .linkHeader: try LinkHarness.run(bytes)
        case .smtpDialogue: try DialogueHarness.run(bytes)
        case .duration: try ArgumentHarness.duration(bytes)
        case .rate: try ArgumentHarness.rate(bytes)
        case .timestamp: try ArgumentHarness.timestamp(bytes)
        }
    }
}

/// Something that has to hold and does not, in words.
package struct BrokenProperty: Error, CustomStringConvertible {
    package let description: String
}

func require(_ holds: Bool, _ property: @autoclosure () -> String) throws(BrokenProperty) {
    if !holds { throw BrokenProperty(description: property()) }
}

extension String {
    /// What a message may have: it goes to a terminal, on one line.
    var hasControlCharacter: Bool {
        unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}
