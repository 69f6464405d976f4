// A recorded text with names in braces, compared with another text.

/// A text with holes: what fills a hole is anything, or what filled the hole of that name before.
struct Template {
    private enum Piece {
        case words(Substring)
        case hole(String)
    }

    /// What differs each time and is of no use to later steps.
    private static let fleeting: Set<String> = [
        "time", "id", "masked", "new_cookie", "new_session", "date", "unix", "since", "minutes", "peer",
        "age",
    ]

    private let pieces: [Piece]

    init(_ text: String) {
        var pieces: [Piece] = []
        var end = text.startIndex
        for match in text.matches(of: #/\{([a-z][a-z0-9_]*)\}/#) {
            pieces.append(.words(text[end..<match.range.lowerBound]))
            pieces.append(.hole(String(match.output.1)))
            end = match.range.upperBound
        }
        self.pieces = pieces + [.words(text[end...])]
    }

    /// Where a text is another; nil where it fits.
    ///
    /// Adds what filled the holes.
    func mismatch(with text: String, _ values: inout [String: String]) -> String? {
        var rest = text[...]
        for piece in pieces {
            switch piece {
            case .words(let words):
                guard rest.hasPrefix(words) else { return Self.difference(words, rest) }
                rest = rest.dropFirst(words.count)
            case .hole(let name):
                if let value = values[name] {
                    guard rest.hasPrefix(value) else {
                        return "\(name): " + Self.difference(value[...], rest)
                    }
                    rest = rest.dropFirst(value.count)
                    continue
                }
                // A date has blanks in it, nothing else has.
                let stops: Set<Character> =
                    name == "date" ? [";"] : ["\"", "\\", "&", "<", ">", ",", "}", ";", " ", "\n"]
                let value = rest.prefix { !stops.contains($0) }
                guard !value.isEmpty else { return "\(name): nothing there, but \(rest.prefix(40))" }
                if !Self.fleeting.contains(name) { values[name] = String(value) }
                rest = rest.dropFirst(value.count)
            }
        }
        return rest.isEmpty ? nil : "more than recorded: \(rest.prefix(80))"
    }

    private static func difference(_ words: Substring, _ rest: Substring) -> String {
        let common = zip(words, rest).prefix { $0 == $1 }.count
        let before = words.prefix(common).suffix(60)
        return
            "after …\(before) comes \(rest.dropFirst(common).prefix(80)), not "
            + "\(words.dropFirst(common).prefix(80))"
    }
}
