// The rules of CSV, byte by byte: no input, no memory of text, only where fields begin and end.

import Model

/// Where a field stands in its row.
struct CSVField {
    enum Form: UInt8 {
        /// The bytes as they are.
        case plain
        /// The bytes between two quotes, as they are.
        case quoted
        /// From the opening quote to the field's end: has doubled quotes, or text after the closing quote.
        case escaped
        /// The same with quotes and backslashes that a backslash escapes.
        case backslashed
    }

    let start: Int32
    let end: Int32
    let form: Form

    var rawCount: Int { Int(end - start) }
    var isEmpty: Bool { start == end }

    /// The field as it stands in its row, quotes included.
    func raw(in row: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        let outside = form == .quoted ? 1 : 0
        return UnsafeBufferPointer(rebasing: row[Int(start) - outside..<Int(end) + outside])
    }

    /// The field's bytes without its quotes.
    ///
    /// What follows the closing quote is kept as it is: `"a"b` is `ab`.
    func withBytes<Result>(
        in row: UnsafeBufferPointer<UInt8>,
        _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result {
        let raw = UnsafeBufferPointer(rebasing: row[Int(start)..<Int(end)])
        guard form == .escaped || form == .backslashed else { return try body(raw) }
        var text: [UInt8] = []
        text.reserveCapacity(raw.count)
        var position = 1
        var isInQuotes = true
        while position < raw.count {
            var byte = raw[position]
            position += 1
            if isInQuotes, form == .backslashed, byte == UInt8(ascii: "\\"), position < raw.count,
                raw[position] == byte || raw[position] == UInt8(ascii: "\"")
            {
                byte = raw[position]
                position += 1
            } else if isInQuotes, byte == UInt8(ascii: "\"") {
                guard position < raw.count, raw[position] == byte else {
                    isInQuotes = false
                    continue
                }
                position += 1
            }
            text.append(byte)
        }
        return try text.withUnsafeBufferPointer(body)
    }
}

/// A state machine that finds the end of a row and of its fields (RFC 4180, leniently).
///
/// A quote opens a quoted field only where nothing but blanks is before it in its field, and they are no part
/// of the value; elsewhere it is text. Rows end with LF, CR or CRLF. Text after a closing quote, which blanks
/// are not, is told in `fieldWithTextAfterQuotes`; but where the quotes hold a line break it tells that the
/// opening quote was a stray one (`1,"Ann` and on a later line `2,"Bob"`): then the quote counts as
/// unterminated, or else a stray quote would swallow every row to the next quoted field.
struct CSVTokenizer {
    enum Outcome {
        /// The text ends before the row does: call again with more of it, from the same start.
        case needsMore
        case row
        /// The quote of field `unterminatedField` does not close; `offset` is where that became certain.
        case unterminated
    }

    private enum State {
        case fieldStart, leadingBlanks, unquoted, quoted, quoteInQuoted, afterQuotes
    }

    private(set) var fields: [CSVField] = []
    /// All fields of the row, of which `fields` keeps the first `fieldsKept`.
    private(set) var fieldCount = 0
    private(set) var hasTextBeyondKept = false
    /// How far the row was scanned; after `.row` where the next row starts.
    private(set) var offset = 0
    /// Where the row ends, without its line break.
    private(set) var contentEnd = 0
    /// Line breaks so far, the row's own included.
    private(set) var lineBreaks = 0
    /// The first field whose quotes hold a line break, or the one that is open.
    var unterminatedField: Int { crossingField ?? fieldCount }
    var isInQuotes: Bool { state == .quoted }
    /// The first field that goes on after its closing quote.
    private(set) var fieldWithTextAfterQuotes: Int?
    /// The first field with a backslash before a quote, where a backslash escapes none.
    private(set) var fieldWithBackslashedQuote: Int?

    /// Whether a quote is text wherever it stands; for rows of one field only.
    var quotesAreText = false

    private let delimiter: UInt8
    private let quotes: CSVQuotes
    private var state = State.fieldStart
    private var fieldStart = 0
    private var quotesEnd = 0
    private var isEscaped = false
    /// A backslash is before some quote of the field.
    private var hasBackslash = false
    private var lineBreaksAtQuote = 0
    private var crossingField: Int?

    static let fieldsKept = RosterBounds.columnsMax + 24
    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    init(delimiter: Delimiter?, quotes: CSVQuotes = .doubled) {
        self.quotes = quotes
        // Line breaks are looked at first, so that a line feed as the delimiter is none.
        self.delimiter = delimiter?.rawValue ?? Self.lineFeed
    }

    mutating func beginRow() {
        fields.removeAll(keepingCapacity: true)
        (fieldCount, offset, lineBreaks, state) = (0, 0, 0, .fieldStart)
        (hasTextBeyondKept, crossingField) = (false, nil)
        (fieldWithTextAfterQuotes, fieldWithBackslashedQuote) = (nil, nil)
        if quotesAreText { (state, fieldStart) = (.unquoted, 0) }
    }

    /// Scans on from `offset`; `text` starts at the row's start.
    ///
    /// A line break in quotes before `hopelessBefore` ends the look-ahead for a closing quote at once.
    mutating func scan(_ text: UnsafeBufferPointer<UInt8>, isAtEnd: Bool, hopelessBefore: Int) -> Outcome {
        while true {
            switch state {
            case .fieldStart:
                guard offset < text.count else {
                    guard isAtEnd else { return .needsMore }
                    fieldStart = offset
                    state = .unquoted
                    continue
                }
                fieldStart = offset
                let byte = text[offset]
                if byte == Self.quote {
                    openQuotes()
                } else {
                    // No blank is between the quote and DEL.
                    state = byte > Self.quote && byte < 0x80 ? .unquoted : .leadingBlanks
                }
            case .leadingBlanks:
                if let outcome = scanLeadingBlanks(text, isAtEnd) { return outcome }
            case .unquoted:
                if let outcome = scanUnquoted(text, isAtEnd) { return outcome }
            case .quoted:
                if let outcome = scanQuoted(text, isAtEnd, hopelessBefore) { return outcome }
            case .quoteInQuoted:
                guard offset < text.count || isAtEnd else { return .needsMore }
                if offset < text.count, text[offset] == Self.quote {
                    offset += 1
                    (isEscaped, state) = (true, .quoted)
                } else {
                    (quotesEnd, state) = (offset - 1, .afterQuotes)
                }
            case .afterQuotes:
                if let outcome = scanAfterQuotes(text, isAtEnd) { return outcome }
            }
        }
    }

    private mutating func openQuotes() {
        fieldStart = offset
        offset += 1
        (lineBreaksAtQuote, isEscaped, hasBackslash, state) = (lineBreaks, false, false, .quoted)
    }

    /// Passes blanks at a field's start, which are its own unless a quote follows.
    private mutating func scanLeadingBlanks(_ text: UnsafeBufferPointer<UInt8>, _ isAtEnd: Bool) -> Outcome? {
        while offset < text.count {
            let byte = text[offset]
            if byte == Self.quote {
                openQuotes()
                return nil
            }
            if byte == delimiter || byte == Self.lineFeed || byte == Self.carriageReturn { break }
            guard let length = text.blankLength(at: offset) else {
                if isAtEnd { break }
                return .needsMore
            }
            if length == 0 { break }
            offset += length
        }
        guard offset < text.count || isAtEnd else { return .needsMore }
        state = .unquoted
        return nil
    }

    private mutating func scanUnquoted(_ text: UnsafeBufferPointer<UInt8>, _ isAtEnd: Bool) -> Outcome? {
        var position = offset
        let count = text.count
        while position < count {
            let byte = text[position]
            if byte == delimiter || byte == Self.lineFeed || byte == Self.carriageReturn { break }
            position += 1
        }
        offset = position
        return endField(text, isAtEnd, CSVField(start: Int32(fieldStart), end: Int32(position), form: .plain))
    }

    private mutating func scanQuoted(
        _ text: UnsafeBufferPointer<UInt8>,
        _ isAtEnd: Bool,
        _ hopelessBefore: Int
    ) -> Outcome? {
        var position = offset
        let count = text.count
        defer { offset = position }
        while position < count {
            let byte = text[position]
            if byte == Self.quote {
                position += 1
                if text[position - 2] == Self.backslash, isEscapedQuote(text, at: position - 1) { continue }
                state = .quoteInQuoted
                return nil
            }
            if byte == Self.lineFeed || byte == Self.carriageReturn {
                crossingField = crossingField ?? fieldCount
                if position < hopelessBefore { return .unterminated }
                // The start of a quoted field is its quote, so there is always a byte before.
                if byte == Self.carriageReturn || text[position - 1] != Self.carriageReturn {
                    lineBreaks += 1
                }
            }
            position += 1
        }
        return isAtEnd ? .unterminated : .needsMore
    }

    /// Whether a backslash takes a quote's meaning: an odd number of them is before it, and this is their
    /// dialect.
    private mutating func isEscapedQuote(_ text: UnsafeBufferPointer<UInt8>, at quote: Int) -> Bool {
        var start = quote
        while start - 1 > fieldStart, text[start - 1] == Self.backslash { start -= 1 }
        hasBackslash = true
        guard (quote - start) % 2 == 1 else { return false }
        if quotes == .doubled { fieldWithBackslashedQuote = fieldWithBackslashedQuote ?? fieldCount }
        return quotes == .backslashed
    }

    private mutating func scanAfterQuotes(_ text: UnsafeBufferPointer<UInt8>, _ isAtEnd: Bool) -> Outcome? {
        while offset < text.count {
            let byte = text[offset]
            if byte == delimiter || byte == Self.lineFeed || byte == Self.carriageReturn { break }
            let length = text.blankLength(at: offset)
            if length == nil, !isAtEnd { return .needsMore }
            if length ?? 0 == 0 {
                if lineBreaks > lineBreaksAtQuote { return .unterminated }
                fieldWithTextAfterQuotes = fieldWithTextAfterQuotes ?? fieldCount
            }
            isEscaped = true
            offset += max(length ?? 0, 1)
        }
        return endField(text, isAtEnd, quotedField(text))
    }

    private func quotedField(_ text: UnsafeBufferPointer<UInt8>) -> CSVField {
        // A pair of backslashes is an escape wherever it stands.
        let isBackslashed =
            quotes == .backslashed
            && (hasBackslash || text[fieldStart + 1..<quotesEnd].contains(Self.backslash))
        guard isEscaped || isBackslashed else {
            return CSVField(start: Int32(fieldStart + 1), end: Int32(quotesEnd), form: .quoted)
        }
        let form: CSVField.Form = isBackslashed ? .backslashed : .escaped
        return CSVField(start: Int32(fieldStart), end: Int32(offset), form: form)
    }

    /// Ends the field at `offset`, and the row if the field is its last.
    private mutating func endField(
        _ text: UnsafeBufferPointer<UInt8>,
        _ isAtEnd: Bool,
        _ field: CSVField
    ) -> Outcome? {
        contentEnd = offset
        guard offset < text.count else {
            guard isAtEnd else { return .needsMore }
            append(field)
            return .row
        }
        let byte = text[offset]
        let next = offset + 1
        if byte == Self.carriageReturn {
            guard next < text.count || isAtEnd else { return .needsMore }
            offset = next < text.count && text[next] == Self.lineFeed ? next + 1 : next
        } else {
            offset = next
            if byte != Self.lineFeed {
                append(field)
                state = .fieldStart
                return nil
            }
        }
        append(field)
        lineBreaks += 1
        return .row
    }

    private mutating func append(_ field: CSVField) {
        fieldCount += 1
        if fields.count < Self.fieldsKept {
            fields.append(field)
        } else if !field.isEmpty {
            hasTextBeyondKept = true
        }
    }
}
