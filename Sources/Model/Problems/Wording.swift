// A sentence for people in which settings are values, so that each front end spells them in its own way.

/// Words, and settings between them: `"check the name in \(.server)"`.
///
/// The command line spells a setting as an option (`--server`), a page might spell it as a field. A wording
/// that nobody spells shows the settings' names.
package struct Wording: Hashable, Sendable {
    package enum Piece: Hashable, Sendable {
        case words(String)
        /// A setting, or one with a value: `--method link`.
        case setting(SettingName, value: String?)
        /// The variable of the environment that gives a setting.
        case variable(SettingName, value: String?)
    }

    package private(set) var pieces: [Piece]

    package init(_ text: String) {
        pieces = text.isEmpty ? [] : [.words(text)]
    }

    package var isEmpty: Bool { pieces.isEmpty }

    /// The text, with every setting spelled by `spell`.
    package func spelled(_ spell: (Piece) -> String) -> String {
        pieces.map { piece in
            if case .words(let text) = piece { text } else { spell(piece) }
        }.joined()
    }

    /// The same with every text between settings changed.
    package func map(_ change: (String) -> String) -> Wording {
        var changed = Wording("")
        for piece in pieces {
            if case .words(let text) = piece {
                changed.append(.words(change(text)))
            } else {
                changed.append(piece)
            }
        }
        return changed
    }

    package static func + (first: Wording, second: Wording) -> Wording {
        var both = first
        for piece in second.pieces { both.append(piece) }
        return both
    }

    /// Words that follow one another are one piece, so that equal texts are equal.
    private mutating func append(_ piece: Piece) {
        if case .words(let text) = piece, case .words(let before) = pieces.last {
            pieces[pieces.count - 1] = .words(before + text)
        } else if piece != .words("") {
            pieces.append(piece)
        }
    }
}

/// What people are told in a sentence.
package protocol Worded: CustomStringConvertible {
    var wording: Wording { get }
}

extension Worded {
    package var description: String { wording.description }
}

extension Wording: CustomStringConvertible {
    package var description: String {
        spelled { piece in
            switch piece {
            case .words(let text): text
            case .setting(let name, let value), .variable(let name, let value):
                name.rawValue + (value.map { " " + $0 } ?? "")
            }
        }
    }
}

extension Sequence<Wording> {
    package func joined(separator: Wording) -> Wording {
        reduce(nil) { all, next in all.map { $0 + separator + next } ?? next } ?? ""
    }
}

extension Wording: ExpressibleByStringInterpolation {
    package init(stringLiteral text: String) {
        self.init(text)
    }

    package init(stringInterpolation: StringInterpolation) {
        self = stringInterpolation.wording
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var wording = Wording("")

        package init(literalCapacity: Int, interpolationCount: Int) {}

        package mutating func appendLiteral(_ literal: String) {
            wording.append(.words(literal))
        }

        package mutating func appendInterpolation(_ setting: SettingName, _ value: String? = nil) {
            wording.append(.setting(setting, value: value))
        }

        package mutating func appendInterpolation(variable setting: SettingName, _ value: String? = nil) {
            wording.append(.variable(setting, value: value))
        }

        package mutating func appendInterpolation(_ other: Wording) {
            wording = wording + other
        }

        package mutating func appendInterpolation(_ other: some Worded) {
            wording = wording + other.wording
        }

        package mutating func appendInterpolation(_ error: any Error) {
            let words = (error as? any Worded)?.wording
            wording = wording + (words ?? Wording(String(describing: error)))
        }

        package mutating func appendInterpolation(_ value: some CustomStringConvertible) {
            wording.append(.words(value.description))
        }
    }
}
