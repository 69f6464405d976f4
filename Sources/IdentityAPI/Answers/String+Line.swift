// Texts of a server's on one line, for terminals and reports.

extension String {
    /// The text without control characters, cut at so many Unicode scalars: a single character may have thousands.
    func line(lengthMax: Int) -> String {
        let isLong = unicodeScalars.count > lengthMax
        var line = UnicodeScalarView()
        for scalar in unicodeScalars.prefix(isLong ? lengthMax - 1 : lengthMax) {
            line.append(scalar.properties.generalCategory == .control ? " " : scalar)
        }
        return String(line) + (isLong ? "…" : "")
    }
}
