// Rows out of a window: the tokenizer's shell, which knows lines, bounds and what to do about a stray quote.

import Model

/// Reads one row after the other and recovers from quotes that do not close.
///
/// A closing quote is looked for up to the row bound. Where there is none, the physical line on which the row
/// starts is unterminated, and reading goes on with the line after it, out of the window: nothing is read
/// twice.
///
/// Time stays linear however many stray quotes there are. A look-ahead that failed was in quotes at every
/// line break that it met; so any later row that is in quotes at one of those is in the same state at the
/// same place and fails the same way. `hopelessEnd` remembers how far that holds. (After a look-ahead that
/// failed at the row bound rather than at the end, a quote that closes just beyond is given up too.)
final class CSVRowReader {
    enum Event {
        case row
        /// `bytes` is the start of the physical line; the quote stood in the field of that number, from 0.
        case unterminated(field: Int, atSourceEnd: Bool)
        /// `bytes` is the start of the row. The rest of its physical line is skipped.
        case rowTooLong
        case end
    }

    private enum Rest {
        case none
        case discard(Int)
        /// Discards so much, and then to the end of the line.
        case skipLine(Int)
    }

    /// The physical line on which the current row starts, from 1.
    private(set) var line = 0
    /// The current row without its line break; valid until the next call of `next`.
    private(set) var bytes = UnsafeBufferPointer<UInt8>(start: nil, count: 0)

    let delimiter: Delimiter?

    private let window: TextWindow
    private var tokenizer: CSVTokenizer
    private var layout: TableLayout?
    private var laidOut = TableLayout.Row()
    private var nextLine = 1
    private var rest = Rest.none
    private var hopelessEnd: Int64 = 0

    /// What the tokenizer may see: the longest row and its line break.
    private static let scannedMax = RosterBounds.rowBytesMax + 2
    private static let valueBytes = 1024

    init(window: TextWindow, delimiter: Delimiter?, quotes: CSVQuotes = .doubled) {
        self.window = window
        self.delimiter = delimiter
        tokenizer = CSVTokenizer(delimiter: delimiter, quotes: quotes)
    }

    /// Reads the lines of a table whose fields are told by their places; quotes are text in it.
    convenience init(window: TextWindow, layout: TableLayout) {
        self.init(window: window, delimiter: nil)
        self.layout = layout
        tokenizer.quotesAreText = true
    }

    /// Whether fields are told by their places; then quotes are text.
    var hasLayout: Bool { layout != nil }
    var fields: [CSVField] { layout == nil ? tokenizer.fields : laidOut.fields }
    var fieldCount: Int { layout == nil ? tokenizer.fieldCount : laidOut.fieldCount }
    var hasTextBeyondKept: Bool { tokenizer.hasTextBeyondKept }
    var fieldWithTextAfterQuotes: Int? { tokenizer.fieldWithTextAfterQuotes }
    var fieldWithBackslashedQuote: Int? { tokenizer.fieldWithBackslashedQuote }

    /// Whether the row holds blanks and delimiters only; of plain lines, any delimiters.
    var isBlank: Bool {
        var position = 0
        while position < bytes.count {
            let byte = bytes[position]
            if let delimiter {
                if byte == delimiter.rawValue {
                    position += 1
                    continue
                }
            } else if Delimiter(rawValue: byte) != nil {
                position += 1
                continue
            }
            guard let length = bytes.blankLength(at: position), length > 0 else { return false }
            position += length
        }
        return true
    }

    func next() throws -> Event {
        try finishRow()
        line = nextLine
        tokenizer.beginRow()
        if window.count == 0 {
            try window.fill()
            if window.count == 0 { return .end }
        }
        let hopelessBefore = Int(max(hopelessEnd - window.position, 0))
        while true {
            let text = UnsafeBufferPointer(rebasing: window.bytes.prefix(Self.scannedMax))
            let isAtEnd = window.isAtEnd && window.count <= Self.scannedMax
            switch tokenizer.scan(text, isAtEnd: isAtEnd, hopelessBefore: hopelessBefore) {
            case .row:
                guard tokenizer.contentEnd <= RosterBounds.rowBytesMax else {
                    return rowTooLong(then: .discard(tokenizer.offset))
                }
                nextLine += tokenizer.lineBreaks
                rest = .discard(tokenizer.offset)
                bytes = UnsafeBufferPointer(rebasing: window.bytes[..<tokenizer.contentEnd])
                if let row = layout?.row(bytes) { laidOut = row }
                return .row
            case .unterminated:
                return unterminated(atSourceEnd: isAtEnd && tokenizer.offset == text.count)
            case .needsMore:
                guard window.count >= Self.scannedMax else {
                    try window.fill()
                    continue
                }
                if tokenizer.isInQuotes { return unterminated(atSourceEnd: false) }
                nextLine += 1
                return rowTooLong(then: .skipLine(tokenizer.offset))
            }
        }
    }

    private func rowTooLong(then rest: Rest) -> Event {
        self.rest = rest
        nextLine += tokenizer.lineBreaks
        bytes = UnsafeBufferPointer(rebasing: window.bytes.prefix(Self.valueBytes))
        return .rowTooLong
    }

    private func unterminated(atSourceEnd: Bool) -> Event {
        hopelessEnd = max(hopelessEnd, window.position + Int64(tokenizer.offset))
        rest = .skipLine(0)
        nextLine += 1
        let start = window.bytes.prefix(Self.valueBytes)
        let end = start.firstIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
        bytes = UnsafeBufferPointer(rebasing: start[..<(end ?? start.endIndex)])
        return .unterminated(field: tokenizer.unterminatedField, atSourceEnd: atSourceEnd)
    }

    private func finishRow() throws {
        switch rest {
        case .none: break
        case .discard(let count): window.discard(count)
        case .skipLine(let count):
            window.discard(count)
            try skipLine()
        }
        rest = .none
    }

    private func skipLine() throws {
        while true {
            let text = window.bytes
            let end = text.firstIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
            guard let end else {
                window.discard(text.count)
                if window.isAtEnd { return }
                try window.fill()
                continue
            }
            if text[end] == UInt8(ascii: "\r"), end + 1 == text.count, !window.isAtEnd {
                window.discard(end)
                try window.fill()
                continue
            }
            let isPair =
                text[end] == UInt8(ascii: "\r") && end + 1 < text.count && text[end + 1] == UInt8(ascii: "\n")
            window.discard(end + (isPair ? 2 : 1))
            return
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether a line is what `kratos list identities` prints below its rows: `NEXT PAGE TOKEN` and a token,
    /// or `IS LAST PAGE` and whether it is.
    var isPageTokenLine: Bool {
        guard let start = firstIndex(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }) else {
            return false
        }
        // Asked of each row: hardly any begins so.
        guard self[start] == UInt8(ascii: "N") || self[start] == UInt8(ascii: "I") else { return false }
        return pageWords.contains { words in
            guard count - start >= words.count,
                self[start..<start + words.count].elementsEqual(words)
            else { return false }
            guard start + words.count < count else { return true }
            let next = self[start + words.count]
            return next == UInt8(ascii: " ") || next == UInt8(ascii: ":") || next == UInt8(ascii: "\t")
        }
    }
}

private let pageWords = ["NEXT PAGE TOKEN", "IS LAST PAGE"].map { Array($0.utf8) }
