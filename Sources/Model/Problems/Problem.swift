// What went wrong, in a form that every error has in common.

/// What happened, what to do about it, and a code by which programs tell it from others.
package struct Problem: Hashable, Sendable {
    /// Stable: reports and logs hold it.
    package let code: String
    /// Where it happened, such as a file's path; empty where the message says it.
    package let place: String
    /// What happened; without secrets, and in one line.
    package let message: Wording
    /// What to do; empty where nothing is to be done.
    package let advice: Wording

    /// What cannot be seen in it is shown as `\u00a0`: a path, a roster or a server may have such characters.
    package init(_ code: String, at place: String = "", _ message: Wording, advice: Wording = "") {
        self.code = code
        self.place = place.showingInvisible()
        self.message = message.map { $0.showingInvisible() }
        self.advice = advice.map { $0.showingInvisible() }
    }

    /// All of it in one sentence; in two where the advice begins with a capital letter.
    package var sentence: Wording {
        let message = place.isEmpty ? message : "\(place): \(message)"
        guard !advice.isEmpty else { return message }
        let separator: Wording =
            "\(advice)".first?.isUppercase == true ? ". " : "\(self.message)".contains(": ") ? "; " : ": "
        return message + separator + advice
    }
}

extension Problem: Worded {
    package var wording: Wording { sentence }
}

/// An error that a person may get to read: it knows what happened, and what to do about it.
package protocol ProblemError: Error, Worded {
    /// Why; the raw values are the problems' codes, of which no two in the program are equal.
    associatedtype Code: RawRepresentable<String> & CaseIterable

    var problem: Problem { get }
}

extension ProblemError {
    package var wording: Wording { problem.sentence }
}
