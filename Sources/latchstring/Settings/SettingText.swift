// The text of a setting as it was given, and where.

import ArgumentParser
import Foundation

/// Where a setting can be given; a higher level outweighs a lower one.
enum SettingLevel: Int, Comparable {
    case standard, file, environment, flag

    static func < (left: SettingLevel, right: SettingLevel) -> Bool { left.rawValue < right.rawValue }
}

/// A setting's text, and where it stands, for errors.
struct SettingText: Sendable {
    /// As written; several of a list only.
    let texts: [String]
    /// `--rate`, `LATCHSTRING_RATE`, or `rate in line 3 of latchstring.yaml`.
    let origin: String
    let level: SettingLevel
    /// The home folder that `~/` means; nil where the setting is no path.
    var home: String?
    /// Whether no error may show it.
    var isSecret = false

    var text: String { texts.map(expanded).joined(separator: ",") }

    /// The parts of a list: one text in the environment, separated by commas.
    var list: [String] {
        guard level == .environment else { return texts.map(expanded) }
        return texts.joined(separator: ",").split(separator: ",", omittingEmptySubsequences: false).map {
            expanded($0.trimmingCharacters(in: .whitespaces))
        }
    }

    /// The parts of a list whose parts never hold a comma.
    var listByCommas: [String] {
        texts.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// One part of a list, from the same place.
    func part(_ text: String) -> SettingText {
        SettingText(texts: [text], origin: origin, level: level, isSecret: isSecret)
    }

    /// The error for a text that is not what it should be: `--rate: "8" is not a rate such as 8/s`.
    func isNot(_ words: String) -> ValidationError {
        ValidationError("\(origin): \(isSecret ? "that" : "\"\(text)\"") is not \(words)")
    }

    private func expanded(_ text: String) -> String { Self.path(text, home: home) }

    /// A path with `~` and `~/` as the home folder, for no shell has seen it; as it is where there is no
    /// home.
    static func path(_ text: String, home: String?) -> String {
        guard let home, !home.isEmpty, text == "~" || text.hasPrefix("~/") else { return text }
        return home + text.dropFirst()
    }
}
