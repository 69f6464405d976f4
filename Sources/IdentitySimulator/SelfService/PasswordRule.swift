// Which passwords the server takes.

/// Kratos' password policy, without its look at leaked passwords.
struct PasswordRule: Sendable {
    let lengthMin: Int

    /// What is wrong with a password; nil where nothing is.
    func complaint(about password: String, of identifier: String?) -> UIMessage? {
        if password.isEmpty { return .missing("password") }
        let length = password.unicodeScalars.count
        if length < lengthMin { return .shortPassword(length, min: lengthMin) }
        if let identifier, Self.isSimilar(password, to: identifier) { return .similarPassword }
        return nil
    }

    /// Fewer than 5 changes away, or with more than half of it in one piece from the identifier.
    private static func isSimilar(_ password: String, to identifier: String) -> Bool {
        let left = Array(identifier.lowercased().unicodeScalars)
        let right = Array(password.lowercased().unicodeScalars)
        var common = 0
        var runs = [Int](repeating: 0, count: right.count + 1)
        var distances = Array(0...right.count)
        for (row, scalar) in left.enumerated() {
            var nextRuns = [0]
            var nextDistances = [row + 1]
            for (column, other) in right.enumerated() {
                let run = scalar == other ? runs[column] + 1 : 0
                common = max(common, run)
                nextRuns.append(run)
                let change = distances[column] + (scalar == other ? 0 : 1)
                nextDistances.append(min(change, distances[column + 1] + 1, nextDistances[column] + 1))
            }
            (runs, distances) = (nextRuns, nextDistances)
        }
        return distances[right.count] < 5 || Double(common) > 0.5 * Double(right.count)
    }
}
