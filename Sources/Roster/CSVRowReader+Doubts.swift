// Rows whose quotes can be read in two ways: which field is in doubt.

import Model

extension CSVRowReader {
    /// The field whose quotes another dialect reads otherwise, so that where fields begin and end is in
    /// doubt.
    ///
    /// That is text after a closing quote (`"a"b`); a quote after a backslash where the sample showed no
    /// dialect with such quotes, unless the row could not be of that dialect; and what `CSVNulls` doubts.
    func fieldInDoubt(_ nulls: CSVNulls) -> Int? {
        if let index = fieldWithTextAfterQuotes { return index }
        if let index = fieldWithBackslashedQuote, admitsBackslashes { return index }
        if nulls.doubtsQuotes, let index = fields.firstIndex(where: { $0.form != .plain }) { return index }
        return fields.firstIndex { $0.form == .backslashed && hasBackslashesOfTwoKinds($0) }
    }

    /// The unquoted field whose last backslash escapes what ends it, where values are missing as `\N`:
    /// databases write a tab or a line break inside a value so.
    func fieldWithEscapedEnd(_ nulls: CSVNulls) -> Int? {
        guard nulls.readsPlain else { return nil }
        return fields.firstIndex { field in
            guard field.form == .plain else { return false }
            return field.raw(in: bytes).reversed().prefix { $0 == UInt8(ascii: "\\") }.count % 2 == 1
        }
    }

    /// The field that an apostrophe begins and that a later one with an apostrophe ends: `'Doe, Ann'`, in a
    /// dialect that quotes so.
    var fieldThatAnApostropheOpens: Int? {
        let apostrophe = UInt8(ascii: "'")
        var open: Int?
        for (index, field) in fields.enumerated() where field.form == .plain {
            let text = field.raw(in: bytes).withoutBlanks
            let begins = text.first == apostrophe
            let ends = text.count > 1 && text[text.count - 1] == apostrophe
            if let open, ends, !begins { return open }
            if begins, !ends { open = index }
            if begins, ends { open = nil }
        }
        return nil
    }

    /// The unquoted field in which a quote seems to open that a later field closes: `Ann "the, boss" Lee`.
    ///
    /// A quote after a letter or digit opens nothing (`5" pipe`), nor does one before a blank or the field's
    /// end.
    var fieldThatSeemsToOpen: Int? {
        var open: Int?
        for (index, field) in fields.enumerated() where field.form == .plain {
            let text = field.raw(in: bytes)
            let count = text.count { $0 == UInt8(ascii: "\"") }
            guard count % 2 == 1, let last = text.lastIndex(of: UInt8(ascii: "\"")) else { continue }
            if let open { return open }
            if text.seemsToOpen(at: last) { open = index }
        }
        return nil
    }

    /// The first of so many fields that is `\N` where the sample had none of its form.
    func unknownNullMark(_ nulls: CSVNulls, among count: Int, but idIndex: Int) -> Int? {
        guard !nulls.readsPlain || !nulls.readsQuoted else { return nil }
        return fields.prefix(count).enumerated().first {
            $0.offset != idIndex && $0.element.isNullMark(in: bytes) && !nulls.reads($0.element)
        }?.offset
    }

    /// Whether the row can be one in which a backslash escapes a quote: then no text follows a closing quote.
    private var admitsBackslashes: Bool {
        var tokenizer = CSVTokenizer(delimiter: delimiter, quotes: .backslashed)
        tokenizer.beginRow()
        if case .unterminated = tokenizer.scan(bytes, isAtEnd: true, hopelessBefore: 0) {
            return tokenizer.isInQuotes
        }
        return tokenizer.fieldWithTextAfterQuotes == nil
    }

    /// Whether some backslashes of a field are doubled and others stand alone: then the doubled ones may be
    /// two.
    private func hasBackslashesOfTwoKinds(_ field: CSVField) -> Bool {
        let text = field.raw(in: bytes)
        var (doubled, single) = (false, false)
        var position = 0
        while position < text.count {
            guard text[position] == UInt8(ascii: "\\") else {
                position += 1
                continue
            }
            switch position + 1 < text.count ? text[position + 1] : 0 {
            case UInt8(ascii: "\\"): doubled = true
            case UInt8(ascii: "\""): break
            default: single = true
            }
            position += 2
        }
        return doubled && single
    }
}

extension UnsafeBufferPointer<UInt8> {
    fileprivate func seemsToOpen(at quote: Int) -> Bool {
        guard quote > 0, quote + 1 < count else { return false }
        let before = self[quote - 1]
        let isInWord = before >= 0x80 || Character(Unicode.Scalar(before)).isLetter || 0x30...0x39 ~= before
        return !isInWord && self[quote + 1] != UInt8(ascii: " ")
    }
}

/// Which bytes of interest a row has: most rows have none of them.
struct ByteKinds {
    private(set) var isASCII = true
    private(set) var hasNUL = false
    private(set) var hasQuote = false
    private(set) var hasBackslash = false
    private(set) var hasApostrophe = false
    private(set) var hasEquals = false

    /// Eight bytes at a time.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        let raw = UnsafeRawBufferPointer(bytes)
        let (ones, tops) = (0x0101_0101_0101_0101 as UInt64, 0x8080_8080_8080_8080 as UInt64)
        // Bit 7 of some byte is set where a byte of the word is zero (Mycroft's test).
        func zeros(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & tops }
        var (all, nul, quote, backslash): (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        var (apostrophe, equals): (UInt64, UInt64) = (0, 0)
        var position = 0
        while position + 8 <= raw.count {
            let word = raw.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            all |= word
            nul |= zeros(word)
            quote |= zeros(word ^ (ones &* 0x22))
            backslash |= zeros(word ^ (ones &* 0x5c))
            apostrophe |= zeros(word ^ (ones &* 0x27))
            equals |= zeros(word ^ (ones &* 0x3d))
            position += 8
        }
        isASCII = all & tops == 0
        (hasNUL, hasQuote, hasBackslash) = (nul != 0, quote != 0, backslash != 0)
        (hasApostrophe, hasEquals) = (apostrophe != 0, equals != 0)
        for byte in raw[position...] {
            switch byte {
            case 0: hasNUL = true
            case 0x22: hasQuote = true
            case 0x5c: hasBackslash = true
            case 0x27: hasApostrophe = true
            case 0x3d: hasEquals = true
            case 0x80...: isASCII = false
            default: break
            }
        }
    }
}
