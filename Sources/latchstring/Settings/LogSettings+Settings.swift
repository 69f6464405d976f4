// How a run is logged, from its settings.

import ArgumentParser
import Logging

extension LogSettings {
    /// The bounds and defaults that the help texts name, in bytes.
    enum Bounds {
        static let sizeMax = 64 << 10...Int(Int32.max)
        static let defaultSizeMax = 10 << 20
    }

    /// Nil where the run is not to be logged.
    init?(_ settings: Settings) throws {
        path = settings.text("log")
        let formats = LogFormat.allCases.map(\.rawValue).joined(separator: " or ")
        format = try settings.parsed("log-format", formats, LogFormat.init(rawValue:)) ?? .json
        let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
        level = try settings.parsed("log-level", "one of \(levels)", Logger.Level.init(rawValue:)) ?? .info
        sizeMax =
            try settings.parsed("log-max-size", "a size such as 500K, 10M or 1G, from 64K to 2G", Self.bytes)
            ?? Bounds.defaultSizeMax
        keepsIdentities = try settings.isOn("log-identities")
        if path == "none" { return nil }
    }

    /// Bytes, or as many of 1,024, 1,024² or 1,024³.
    private static func bytes(_ text: String) -> Int? {
        let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
        let unit = text.last.flatMap { units[Character($0.uppercased())] }
        guard let number = Int(unit == nil ? text[...] : text.dropLast()), number > 0 else { return nil }
        let (bytes, overflows) = number.multipliedReportingOverflow(by: unit ?? 1)
        return overflows || !Bounds.sizeMax.contains(min(bytes, Bounds.sizeMax.upperBound)) || bytes > 2 << 30
            ? nil : min(bytes, Bounds.sizeMax.upperBound)
    }

    /// What a run was started with, by the settings' names, for its log.
    static func origin(_ settings: Settings, server: String) -> Logger.Metadata {
        var values: Logger.Metadata = [:]
        for name in ConfigOptions.knownNames {
            guard let value = settings.value(name) else { continue }
            values[name] = secrets.contains(name) ? .secret(value.text) : "\(value.text)"
        }
        values["server"] = "\(server)"
        return ["settings": .dictionary(values)]
    }

    /// Settings that may hold a password or a key.
    private static let secrets: Set<String> = [
        "header", "proxy", "api-key-command", "code-command", "return-to",
    ]
}
