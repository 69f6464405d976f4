// Why a batch cannot be written.

/// A batch that cannot be written; the description says which, why, and what to do.
package struct BatchError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Reason: Hashable, Sendable {
        /// There is no batch of that number.
        case missing
        case undone
        /// So many of its members have no code in the ledger any more.
        case withoutCodes(Int)
        /// It is to be encrypted, and no recipient is given.
        case mustBeEncrypted
        /// It is to be plain, and a recipient is given.
        case mustBePlain
        /// How it is written is not known to this version, or on this system.
        case unknownOptions
    }

    package let reason: Reason
    package let number: Int

    package init(_ reason: Reason, _ number: Int) {
        self.reason = reason
        self.number = number
    }

    package var description: String {
        let undo = "latchstring handovers --undo \(number) lets its members be new again"
        switch reason {
        case .missing: return "there is no batch \(number): latchstring handovers lists the batches"
        case .undone: return "batch \(number) was undone: nobody is in it any more"
        case .withoutCodes(let count):
            return
                "batch \(number) cannot be written: the codes of \(count) of its members were purged; \(undo)"
        case .mustBeEncrypted:
            return "batch \(number) was prepared to be encrypted: give --encrypt-to, or \(undo)"
        case .mustBePlain:
            return "batch \(number) was prepared to be written plain: leave --encrypt-to out, or \(undo)"
        case .unknownOptions:
            return
                "batch \(number) was prepared with options that cannot be followed here (a later version of "
                + "latchstring, or a time zone that this system lacks); \(undo)"
        }
    }
}
