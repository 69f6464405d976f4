// What went wrong, in a form that every error has in common.

/// What happened, what to do about it, and a code by which programs tell it from others.
package struct Problem: Hashable, Sendable {
    /// Stable: reports and logs hold it.
    package let code: String
    /// What happened; without secrets, and in one line.
    package let message: Wording
    /// What to do; empty where nothing is to be done.
    package let advice: Wording

    package init(_ code: String, _ message: Wording, advice: Wording = "") {
        self.code = code
        self.message = message
        self.advice = advice
    }

    /// Both in one sentence.
    package var sentence: Wording {
        guard !advice.isEmpty else { return message }
        let separator: Wording = "\(message)".contains(": ") ? "; " : ": "
        return message + separator + advice
    }
}

extension Problem: Worded {
    package var wording: Wording { sentence }
}

/// An error that knows what to do about it.
package protocol ProblemError: Error, Worded {
    var problem: Problem { get }
}

extension ProblemError {
    package var wording: Wording { problem.sentence }
}
