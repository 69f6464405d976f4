// What a report may show of a rejected row whose roster has columns with secrets.

/// Decides which values of rejected rows are shown.
///
/// A row that is rejected as a whole may have its secrets anywhere, and so may one whose fields have shifted:
/// of those nothing is shown but what may have been meant as an ID.
package enum RejectRedaction {
    /// What stands in the place of a value that is not shown.
    package static let mark = Redactor.mark

    /// The value to show, of a row of a roster that has columns with secrets.
    ///
    /// - Parameters:
    ///   - column: the column at fault; nil for the row as a whole.
    ///   - reason: why the row is rejected.
    ///   - isSecret: whether a column of that name holds secrets.
    package static func shown(
        _ value: String,
        column: String?,
        reason: RejectedRow.Reason,
        isSecret: (String) -> Bool
    ) -> String {
        guard !value.isEmpty else { return value }
        guard let column else {
            // It tells a place in the item, and has nothing of it.
            return reason == .malformedJSON && value.hasPrefix("not valid JSON at byte ") ? value : mark
        }
        guard !isSecret(column) else { return mark }
        switch reason {
        case .notAUUID, .nilUUID, .duplicate: return isLikeID(value) ? value : mark
        case .invalidUTF8, .fieldTooLong: return isLikeLink(value) ? mark : value
        case .importError: return value
        default: return mark
        }
    }

    /// Whether text looks like a UUID that was mistyped.
    ///
    /// Most of it is hexadecimal digits and hyphens, nearly as many as a UUID has: more than a code, a link
    /// or a time.
    private static func isLikeID(_ text: String) -> Bool {
        let length = text.unicodeScalars.count
        guard (26...64).contains(length), !isLikeLink(text) else { return false }
        let digits = text.unicodeScalars.count { $0.isASCII && Character($0).isHexDigit }
        let hyphens = text.unicodeScalars.count { $0 == "-" }
        return digits >= 26 && (digits + hyphens) * 5 >= length * 4
    }

    private static func isLikeLink(_ text: String) -> Bool {
        text.unicodeScalars.contains { "/?=&".unicodeScalars.contains($0) }
    }
}
