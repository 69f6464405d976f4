// Where in an identity's JSON a column's values are: `traits.name.first`.

/// A column whose values are in the identities themselves.
package struct LookedUpColumn: Hashable, Sendable {
    /// The column's name in exports.
    package let name: String
    package let path: ColumnPath

    package init(name: String, path: ColumnPath) {
        self.name = name
        self.path = path
    }

    /// Reads `email=traits.email`.
    ///
    /// - Returns: nil without a name, a `=` and a path.
    package init?(argument: String) {
        guard let sign = argument.firstIndex(of: "="), sign != argument.startIndex,
            let path = ColumnPath(String(argument[argument.index(after: sign)...]))
        else { return nil }
        name = String(argument[..<sign])
        self.path = path
    }
}

/// A path into an identity's JSON: keys and, for lists, positions from 0, with dots between them.
///
/// A dot or a backslash in a key is written with a backslash before it.
package struct ColumnPath: Hashable, Sendable, CustomStringConvertible {
    package let steps: [String]
    package let description: String

    /// Nil where a step is empty.
    package init?(_ text: String) {
        var steps = [""]
        var isEscaped = false
        for character in text {
            if isEscaped {
                steps[steps.count - 1].append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "." {
                steps.append("")
            } else {
                steps[steps.count - 1].append(character)
            }
        }
        guard !isEscaped, steps.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.steps = steps
        description = text
    }
}
