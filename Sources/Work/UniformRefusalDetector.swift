// Whether a campaign's first answers are all the same refusal: then the fault is not the identities'.

import Model

/// Counts the first answers of a campaign as long as they are all the same refusal.
struct UniformRefusalDetector: Sendable {
    /// How many make it certain.
    static let fatalCount = 20

    /// How many refusals the run has had, whatever they were.
    private(set) var refusals = 0
    private var count = 0
    private var signature: String?
    /// Something else was answered once: refusals are about identities from then on.
    private var isOver = false

    /// - Parameter refusals: the campaign's answers so far when all are refusals; nil when there were others.
    init(refusalsSoFar refusals: [FailureRecord]?) {
        guard let refusals else {
            isOver = true
            return
        }
        for refusal in refusals {
            _ = continues(status: refusal.httpStatus, id: refusal.errorID, reason: refusal.reason)
        }
    }

    /// Notes an answer that was no refusal.
    mutating func noteOther() { isOver = true }

    /// Notes a refusal; true when it is the one that makes it certain.
    mutating func note(status: Int?, id: String?, reason: String) -> Bool {
        refusals += 1
        return continues(status: status, id: id, reason: reason)
    }

    private mutating func continues(status: Int?, id: String?, reason: String) -> Bool {
        guard !isOver else { return false }
        // Without what differs from one identity to the next: hexadecimal digits and dashes, which IDs are
        // made of.
        let text = reason.unicodeScalars.filter { !($0.properties.isASCIIHexDigit || $0 == "-") }
        let this = "\(status ?? 0) \(id ?? "") \(String(String.UnicodeScalarView(text)))"
        if signature == nil { signature = this }
        guard signature == this else {
            isOver = true
            return false
        }
        count += 1
        return count >= Self.fatalCount
    }
}
