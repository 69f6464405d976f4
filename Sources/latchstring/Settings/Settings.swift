// Settings by name, from the command line, the environment or a file.

import ArgumentParser
import Foundation

/// The settings of one command: flag over environment over file over default.
///
/// A setting is called `--max-identities` on the command line, `LATCHSTRING_MAX_IDENTITIES` in the environment and
/// `max-identities` in the file. In the environment a list is separated by commas.
struct Settings {
    /// One setting's text, and where it stands, for errors.
    struct Value {
        /// One, but for lists; of a setting that is a path, with `~/` as it is written.
        let texts: [String]
        let origin: String
        let level: Level
        /// Whether a list would be one text, separated by commas.
        var isJoined = false
        /// The home folder that `~/` means; nil where the setting is no path.
        var home: String?

        var text: String { texts.map(expanded).joined(separator: ",") }

        var list: [String] {
            guard isJoined else { return texts.map(expanded) }
            return texts.joined(separator: ",").split(separator: ",", omittingEmptySubsequences: false).map {
                expanded($0.trimmingCharacters(in: .whitespaces))
            }
        }

        private func expanded(_ text: String) -> String { Settings.path(text, home: home) }
    }

    /// Where a setting can stand; a higher level outweighs a lower one.
    enum Level: Int, Comparable {
        case file, environment, flag

        static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    /// The settings that are paths of files or folders: no shell has seen them in a file or in the environment.
    private static let paths: Set<String> = [
        "roster", "api-key-file", "header-file", "client-cert", "client-key", "ca-file", "output-dir",
        "seal-to",
        "unseal-with", "encrypt-to", "log",
    ]

    /// A path with `~` and `~/` as the home folder; as it is where there is none.
    static func path(_ text: String, home: String?) -> String {
        guard let home, !home.isEmpty, text == "~" || text.hasPrefix("~/") else { return text }
        return home + text.dropFirst()
    }

    private let flags: [String: [String]]
    private let environment: [String: String]
    private let file: SettingsFile?

    init(flags: [String: [String]], environment: [String: String], file: SettingsFile?) {
        self.flags = flags
        self.environment = environment
        self.file = file
    }

    static func environmentName(of name: String) -> String {
        "LATCHSTRING_" + name.uppercased().replacingOccurrences(of: "-", with: "_")
    }

    /// A setting's value from the highest level that has one; nil where none has.
    func value(_ name: String) -> Value? {
        var value = valueAsWritten(name)
        if Self.paths.contains(name) { value?.home = home }
        return value
    }

    private var home: String { environment["HOME"] ?? NSHomeDirectory() }

    private func valueAsWritten(_ name: String) -> Value? {
        if let texts = flags[name], !texts.isEmpty {
            return Value(texts: texts, origin: "--\(name)", level: .flag)
        }
        let variable = Self.environmentName(of: name)
        if let text = environment[variable], !text.isEmpty {
            return Value(texts: [text], origin: variable, level: .environment, isJoined: true)
        }
        if let file, let texts = file.values[name], !texts.isEmpty {
            return Value(texts: texts, origin: "\(name) in \(file.path)", level: .file)
        }
        return nil
    }

    /// A value that only the environment can have, so that it stands in no file and no process list.
    func secret(_ name: String) -> Value? {
        let variable = Self.environmentName(of: name)
        guard let text = environment[variable], !text.isEmpty else { return nil }
        return Value(texts: [text], origin: variable, level: .environment)
    }

    func text(_ name: String) -> String? { value(name)?.text }

    /// Whether a switch is on.
    func isOn(_ name: String) throws -> Bool {
        guard let value = value(name) else { return false }
        switch value.text.lowercased() {
        case "true", "yes", "on", "1": return true
        case "false", "no", "off", "0": return false
        default: throw ValidationError("\(value.origin): \"\(value.text)\" is neither true nor false")
        }
    }

    /// A whole number within bounds.
    func number(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        try parsed(name, "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// A value that `parse` understands; `form` says what it has to look like.
    func parsed<T>(_ name: String, _ form: String, _ parse: (String) -> T?) throws -> T? {
        guard let value = value(name) else { return nil }
        guard let parsed = parse(value.text) else {
            throw ValidationError("\(value.origin): \"\(value.text)\" is not \(form)")
        }
        return parsed
    }

    /// A list of values that `parse` understands.
    func parsedList<T>(_ name: String, _ form: String, _ parse: (String) -> T?) throws -> [T] {
        guard let value = value(name) else { return [] }
        return try value.list.map { text in
            guard let parsed = parse(text) else {
                throw ValidationError("\(value.origin): \"\(text)\" is not \(form)")
            }
            return parsed
        }
    }
}
