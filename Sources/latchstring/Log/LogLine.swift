// One event of a log as a line.

import Logging
import Model

/// How a log is written.
enum LogFormat: String, CaseIterable, Sendable {
    case text, json
}

/// Turns events into lines, without what their metadata marks as secret or personal.
struct LogLine: Sendable {
    let format: LogFormat
    /// Whether identity IDs stay whole.
    let keepsIdentities: Bool

    /// As many characters of a personal value are kept.
    static let personalPrefix = 8
    /// The longest value, in Unicode scalars.
    private static let valueMax = 2_000

    /// One line with its line break.
    func bytes(_ event: LogEvent, _ metadata: Logger.Metadata, at time: Timestamp) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(256)
        let hidden = keepsIdentities ? [] : metadata.values.compactMap(Self.personalText)
        let values = metadata.sorted { $0.key < $1.key }
        switch format {
        case .json:
            line.append(contentsOf: "{\"time\":".utf8)
            Self.append(time.rfc3339, quotedTo: &line)
            line.append(contentsOf: ",\"level\":".utf8)
            Self.append(event.level.rawValue, quotedTo: &line)
            line.append(contentsOf: ",\"message\":".utf8)
            Self.append(event.message.description, quotedTo: &line)
            for (name, value) in values {
                line.append(UInt8(ascii: ","))
                Self.append(name, quotedTo: &line)
                line.append(UInt8(ascii: ":"))
                append(value, hiding: hidden, to: &line)
            }
            line.append(UInt8(ascii: "}"))
        case .text:
            line.append(contentsOf: "\(time.rfc3339) \(event.level.rawValue) \(event.message)".utf8)
            for (name, value) in values {
                line.append(contentsOf: " \(name)=".utf8)
                append(value, hiding: hidden, to: &line)
            }
        }
        line.append(UInt8(ascii: "\n"))
        return line
    }

    private func append(_ value: Logger.MetadataValue, hiding hidden: [String], to line: inout [UInt8]) {
        switch value {
        case .string(let text): Self.append(Self.shortening(hidden, in: text), quotedTo: &line)
        case .stringConvertible(let number as Int): line.append(contentsOf: String(number).utf8)
        case .stringConvertible(let number as Double) where number.isFinite:
            line.append(contentsOf: String(number).utf8)
        case .stringConvertible(let flag as Bool): line.append(contentsOf: flag ? "true".utf8 : "false".utf8)
        case .stringConvertible(let other): Self.append(shown(other.description, value), quotedTo: &line)
        case .array(let values):
            line.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { line.append(UInt8(ascii: ",")) }
                append(value, hiding: hidden, to: &line)
            }
            line.append(UInt8(ascii: "]"))
        case .dictionary(let members):
            line.append(UInt8(ascii: "{"))
            for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { line.append(UInt8(ascii: ",")) }
                Self.append(member.key, quotedTo: &line)
                line.append(UInt8(ascii: ":"))
                append(member.value, hiding: hidden, to: &line)
            }
            line.append(UInt8(ascii: "}"))
        }
    }

    /// What may be shown of a text.
    private func shown(_ text: String, _ value: Logger.MetadataValue) -> String {
        switch value.attributes[Sensitivity.self] {
        case .secret: "[redacted]"
        case .personal: keepsIdentities ? text : String(text.prefix(Self.personalPrefix))
        case nil: text
        }
    }

    /// The whole text of a personal value; nil of other values.
    private static func personalText(_ value: Logger.MetadataValue) -> String? {
        guard case .stringConvertible(let text) = value, value.attributes[Sensitivity.self] == .personal
        else {
            return nil
        }
        return text.description
    }

    /// A text without personal values: a server may say in its own words whose account it was asked for.
    private static func shortening(_ hidden: [String], in text: String) -> String {
        hidden.reduce(text) { text, personal in
            let parts = text.split(separator: personal, omittingEmptySubsequences: false)
            return parts.count > 1 ? parts.joined(separator: "\(personal.prefix(personalPrefix))…") : text
        }
    }

    /// A JSON string: whatever is no printable character is escaped, so that a line stays one line
    /// everywhere.
    private static func append(_ text: String, quotedTo line: inout [UInt8]) {
        line.append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars.prefix(valueMax) {
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", " "..."!", "#"..."/": line.append(UInt8(scalar.value))
            case "\"": line.append(contentsOf: "\\\"".utf8)
            case "\\": line.append(contentsOf: "\\\\".utf8)
            case "\n": line.append(contentsOf: "\\n".utf8)
            case _ where scalar.isInvisible:
                for unit in scalar.utf16 { line.append(contentsOf: unit.escaped.utf8) }
            default: line.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
            }
        }
        line.append(UInt8(ascii: "\""))
    }
}
