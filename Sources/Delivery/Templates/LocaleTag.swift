// Names of languages, as rosters, servers and folders write them.

/// A language, and what it is narrowed to: `de-AT`, `de_AT.UTF-8`, `zh-Hant-TW`.
struct LocaleTag: Hashable, Sendable {
    /// In lower case: `de`, `at`.
    let parts: [String]

    private static let bytesMax = 40

    /// Nil for what names no language.
    init?(_ text: String) {
        guard text.utf8.count <= Self.bytesMax else { return nil }
        // What follows is how POSIX says the character set and a variant.
        let name = text.withoutBlanksAround.prefix { $0 != "." && $0 != "@" }
        let parts = name.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "_" }
        let isLetter = { (byte: UInt8) in 0x41...0x5a ~= byte || 0x61...0x7a ~= byte }
        guard let language = parts.first, (2...3).contains(language.utf8.count),
            language.utf8.allSatisfy(isLetter),
            parts.dropFirst().allSatisfy({ part in
                (1...8).contains(part.utf8.count)
                    && part.utf8.allSatisfy { isLetter($0) || 0x30...0x39 ~= $0 }
            })
        else { return nil }
        self.parts = parts.map { $0.lowercased() }
    }

    /// The same for every spelling: `de-at`.
    var key: String { parts.joined(separator: "-") }

    var language: String { parts[0] }

    /// The language with ever less after it: `zh-hant-tw`, `zh-hant`, `zh`.
    var keys: [String] {
        (1...parts.count).reversed().map { parts.prefix($0).joined(separator: "-") }
    }
}
