// Why a batch cannot be written.

package import Model

/// A batch that cannot be written.
package struct BatchError: ProblemError, Hashable {
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// There is no batch of that number.
        case missing = "batch_missing"
        case undone = "batch_undone"
        /// Some of its members have no code in the ledger any more.
        case withoutCodes = "batch_without_codes"
        /// It is to be encrypted, and no recipient is given.
        case mustBeEncrypted = "batch_must_be_encrypted"
        /// It is to be plain, and a recipient is given.
        case mustBePlain = "batch_must_be_plain"
        /// How it is written is not known to this version, or on this system.
        case unknownOptions = "batch_options_unknown"
    }

    package let code: Code
    package let number: Int
    /// How many of its members it is about.
    package let members: Int

    package init(_ code: Code, _ number: Int, members: Int = 0) {
        self.code = code
        self.number = number
        self.members = members
    }

    package var problem: Problem {
        let undo: Wording = "latchstring handovers \(.undo, "\(number)") lets its members be new again"
        let (message, advice): (Wording, Wording) =
            switch code {
            case .missing: ("there is no batch \(number)", "latchstring handovers lists the batches")
            case .undone: ("batch \(number) was undone, so nobody is in it any more", "")
            case .withoutCodes:
                (
                    "batch \(number) cannot be written, as the codes of \(members) of its members were "
                        + "purged",
                    undo
                )
            case .mustBeEncrypted:
                ("batch \(number) was prepared to be encrypted", "give \(.encryptTo), or \(undo)")
            case .mustBePlain:
                ("batch \(number) was prepared to be written plain", "leave \(.encryptTo) out, or \(undo)")
            case .unknownOptions:
                (
                    "batch \(number) was prepared with options that cannot be followed here (a later version "
                        + "of latchstring, or a time zone that this system lacks)", undo
                )
            }
        return Problem(code.rawValue, message, advice: advice)
    }
}
