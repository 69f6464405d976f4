// What a reject shows of the roster.

package import Model

extension RejectedRow {
    /// The most characters of `value`, as Unicode scalars: a single one for people may have thousands of
    /// them.
    package static let valueCharactersMax = 200

    /// A reject that shows the field or row at fault: cut at 200 characters, broken UTF-8 as U+FFFD, what
    /// cannot be seen as `\u00a0`, and nothing of one with a recovery link.
    package init(line: Int, column: String?, reason: Reason, showing value: String) {
        var value = value
        let shown =
            value.withUTF8(\.holdsRecoveryLink)
            ? RejectRedaction.mark : value.showingInvisible(max: Self.valueCharactersMax)
        self.init(line: line, column: column, reason: reason, value: shown)
    }

    /// Cuts before decoding, so that a long field costs no more than a short one.
    init(line: Int, column: String?, reason: Reason, showing value: UnsafeBufferPointer<UInt8>) {
        guard !value.holdsRecoveryLink else {
            self.init(line: line, column: column, reason: reason, value: RejectRedaction.mark)
            return
        }
        // No scalar has more than four bytes.
        var end = min(value.count, Self.valueCharactersMax * 4)
        if end < value.count {
            while end > 0, value[end] & 0xc0 == 0x80 { end -= 1 }
        }
        let text = String(decoding: UnsafeBufferPointer(rebasing: value[..<end]), as: UTF8.self)
        self.init(line: line, column: column, reason: reason, showing: text)
    }
}
