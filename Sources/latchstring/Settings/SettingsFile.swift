// The YAML file that settings can come from.

import Campaign
import Foundation
import Glibc
import Model
import Yams

/// The settings in a YAML file: one mapping of option names to values or lists of values.
struct SettingsFile {
    /// The values of one setting, and where they stand.
    struct Entry {
        let texts: [String]
        /// `rate in line 3 of latchstring.yaml`.
        let origin: String
    }

    /// By the settings' names.
    let entries: [String: Entry]
}

extension SettingsFile {
    /// The file that is read when no other is named.
    private static let defaultPath = "latchstring.yaml"

    /// The file named by `--config`, or else `latchstring.yaml` in the working folder.
    ///
    /// The latter is read only when the user or root owns it and nobody else can write it: whoever can write
    /// it could send the codes elsewhere.
    static func load(named path: String?) throws -> SettingsFile? {
        if let path { return try SettingsFile(path) }
        var status = stat()
        guard stat(defaultPath, &status) == 0 else { return nil }
        guard status.st_uid == geteuid() || status.st_uid == 0, status.st_mode & 0o022 == 0 else {
            Console().error(
                "warning: \(defaultPath) is not read, because somebody else owns it or can write it: "
                    + "chown it, chmod go-w it, or name it by --config"
            )
            return nil
        }
        return try SettingsFile(defaultPath)
    }

    private init(_ path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure(.usage, "the settings file \(path) cannot be read")
        }
        do {
            guard let node = try Yams.compose(yaml: Self.text(of: data)) else {
                entries = [:]
                return
            }
            entries = try Self.entries(in: node, path)
        } catch let error as YamlError {
            throw CommandFailure(.usage, "the settings file \(path) is no YAML\(Self.place(of: error))")
        }
    }

    /// The text of UTF-8, or of UTF-16 with a byte order mark; without the mark, as some editors write it.
    private static func text(of data: Data) -> String {
        let isUTF16 = data.starts(with: [0xff, 0xfe]) || data.starts(with: [0xfe, 0xff])
        var text =
            (isUTF16 ? String(data: data, encoding: .utf16) : nil) ?? String(decoding: data, as: UTF8.self)
        while text.unicodeScalars.first == "\u{feff}" { text.unicodeScalars.removeFirst() }
        return text
    }

    /// Where the error is, without the line itself: it may hold what is nobody's business.
    private static func place(of error: YamlError) -> String {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            " (line \(mark.line)): \(problem)"
        case .duplicatedKeysInMapping(_, let context):
            " (line \(context.mark.line)): the same setting twice"
        default:
            ""
        }
    }

    private static func entries(in node: Node, _ path: String) throws -> [String: Entry] {
        if node.null != nil { return [:] }
        guard let mapping = node.mapping else {
            throw CommandFailure(
                .usage,
                "the settings file \(path) is no list of settings such as `server: https://…`"
            )
        }
        let known = Set(
            SettingCatalogue.records.map(\.facts).filter { $0.levels.contains(.file) }.map(\.name)
        )
        var entries: [String: Entry] = [:]
        var seen: Set<String> = []
        for (key, value) in mapping {
            let line = key.mark.map { " (line \($0.line))" } ?? ""
            guard let name = key.string, known.contains(name) else {
                throw CommandFailure(
                    .usage,
                    "the settings file \(path) has an unknown setting \(key.string ?? "")\(line)",
                    advice: "known are \(known.sorted().joined(separator: ", "))"
                )
            }
            guard seen.insert(name).inserted else {
                throw CommandFailure(.usage, "the settings file \(path) has the setting \(name) twice\(line)")
            }
            if value.null != nil { continue }
            let place = key.mark.map { "line \($0.line) of \(path)" } ?? path
            entries[name] = Entry(
                texts: try texts(of: value, "\(name) in \(place)"),
                origin: "\(name) in \(place)"
            )
        }
        return entries
    }

    /// A value, or the values of a list.
    private static func texts(of value: Node, _ origin: String) throws -> [String] {
        try (value.sequence.map(Array.init) ?? [value]).map { item in
            guard let text = item.scalar?.string else {
                throw CommandFailure(.usage, "\(origin) is neither a value nor a list of values")
            }
            return text
        }
    }
}
