// Where the items of a JSON roster begin and end, without holding more than one of them.

/// Finds the items of every shape that Kratos' JSON has.
///
/// An array of items; an object with an array `identities` among its members, in any order; any other object is
/// an item itself, and more may follow it (JSON lines). Items are only delimited here, not checked.
final class JSONItemScanner {
    enum Item {
        /// The item's text; valid until the next call of `next`.
        case text(UnsafeBufferPointer<UInt8>)
        /// Longer than the row bound, and skipped; the text is its start.
        case tooLong
    }

    private enum Place {
        case start, array(isFirst: Bool), lines, tail, end
    }

    /// How many items there were so far.
    private(set) var itemCount = 0

    private let window: TextWindow
    private var place = Place.start
    private var isListing = false
    /// Where in the window the scan is.
    ///
    /// What is before it, from the window's start, is the item, unless `skips`.
    private var cursor = 0
    private var skips = false
    private var itemStart: Int64 = 0

    private static let depthMax = 512

    init(window: TextWindow) {
        self.window = window
    }

    /// The next item, nil after the last; throws a `RosterError` where the text is no JSON or ends too early.
    func next() throws -> Item? {
        switch place {
        case .start:
            discard()
            switch try peek() {
            case UInt8(ascii: "["): place = .array(isFirst: true)
            case UInt8(ascii: "{"): return try object()
            case nil: throw malformed("it is empty")
            default: throw malformed("expected an array or an object")
            }
            cursor += 1
            return try next()
        case .array(let isFirst): return try element(isFirst)
        case .lines:
            discard()
            guard let byte = try peek() else { return try finish() }
            guard byte == UInt8(ascii: "{") else { throw malformed("text follows after the end of the JSON") }
            return try value()
        case .tail:
            discard()
            guard try peek() == nil else { throw malformed("text follows after the end of the JSON") }
            return try finish()
        case .end: return nil
        }
    }

    private func finish() throws -> Item? {
        place = .end
        return nil
    }

    private func element(_ isFirst: Bool) throws -> Item? {
        discard()
        var byte = try require(peek())
        if byte == UInt8(ascii: "]") {
            cursor += 1
            return try endArray()
        }
        if !isFirst {
            guard byte == UInt8(ascii: ",") else { throw malformed("expected a comma or ] after the item") }
            cursor += 1
            byte = try require(peek())
            guard byte != UInt8(ascii: "]") else { throw malformed("expected an item after the comma") }
        }
        place = .array(isFirst: false)
        return try value()
    }

    private func endArray() throws -> Item? {
        if isListing {
            skips = true
            while try !endsObject(isFirst: false) {
                guard try key() != Self.listKey else {
                    throw malformed("it has two members named identities")
                }
                try skipValue()
            }
            skips = false
        }
        place = .tail
        return try next()
    }

    /// Reads an object at the top level up to its `identities`, or else as an item.
    private func object() throws -> Item? {
        discard()
        skips = false
        itemStart = window.position
        cursor += 1
        var isFirst = true
        while try !endsObject(isFirst: isFirst) {
            isFirst = false
            let isList = try key() == Self.listKey
            if isList, try peek() == UInt8(ascii: "[") {
                cursor += 1
                (skips, isListing, place) = (false, true, .array(isFirst: true))
                return try next()
            }
            try skipValue()
        }
        place = .lines
        return ended()
    }

    /// Delimits the value at the cursor as an item.
    private func value() throws -> Item {
        discard()
        skips = false
        itemStart = window.position
        try skipValue()
        return ended()
    }

    private func ended() -> Item {
        skips = false
        itemCount += 1
        let length = window.position + Int64(cursor) - itemStart
        guard length <= Int64(RosterBounds.rowBytesMax) else { return .tooLong }
        return .text(UnsafeBufferPointer(rebasing: window.bytes[..<cursor]))
    }
}

extension JSONItemScanner {
    private static let listKey = Array("identities".utf8)

    /// Forgets what is before the cursor, and blanks after it.
    private func discard() {
        window.discard(cursor)
        cursor = 0
    }

    /// More text beyond the cursor, which is at the window's end; false at the source's end.
    private func more() throws -> Bool {
        if window.isAtEnd { return false }
        if !skips, cursor > RosterBounds.rowBytesMax { skips = true }
        if skips { discard() }
        try window.fill()
        return cursor < window.count
    }

    /// The next byte that is no blank, which is not passed; nil at the source's end.
    private func peek() throws -> UInt8? {
        while true {
            let bytes = window.bytes
            while cursor < bytes.count {
                let byte = bytes[cursor]
                guard byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else { return byte }
                cursor += 1
            }
            guard try more() else { return nil }
        }
    }

    private func require(_ byte: UInt8?) throws -> UInt8 {
        guard let byte else { throw truncated() }
        return byte
    }

    /// Passes what is between two members; true at the object's end, which is passed too.
    private func endsObject(isFirst: Bool) throws -> Bool {
        let byte = try require(peek())
        if byte == UInt8(ascii: "}") {
            cursor += 1
            return true
        }
        if isFirst { return false }
        guard byte == UInt8(ascii: ",") else { throw malformed("expected a comma or } after the member") }
        cursor += 1
        return false
    }

    /// Passes a key and its colon; of a long key the first bytes are returned.
    private func key() throws -> [UInt8] {
        guard try require(peek()) == UInt8(ascii: "\"") else {
            throw malformed("expected a member's name in quotes")
        }
        cursor += 1
        var key: [UInt8] = []
        var isEscaped = false
        while true {
            guard cursor < window.count else {
                guard try more() else { throw truncated() }
                continue
            }
            let byte = window.bytes[cursor]
            cursor += 1
            if byte == UInt8(ascii: "\""), !isEscaped { break }
            isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
            if key.count < 64 { key.append(byte) }
        }
        guard try require(peek()) == UInt8(ascii: ":") else {
            throw malformed("expected a colon after a member's name")
        }
        cursor += 1
        return key
    }

    /// Passes a value: its brackets must match, the rest is checked when the item is taken apart.
    private func skipValue() throws {
        let first = try require(peek())
        switch first {
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""): break
        case UInt8(ascii: "-"), 0x30...0x39, UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
            return try skipWord()
        default: throw malformed("expected a value")
        }
        var closers: [UInt8] = []
        var (isInString, isEscaped) = (false, false)
        while true {
            let bytes = window.bytes
            while cursor < bytes.count {
                let byte = bytes[cursor]
                cursor += 1
                if isInString {
                    if isEscaped {
                        isEscaped = false
                    } else if byte == UInt8(ascii: "\\") {
                        isEscaped = true
                    } else if byte == UInt8(ascii: "\"") {
                        isInString = false
                        if closers.isEmpty { return }
                    }
                    continue
                }
                switch byte {
                case UInt8(ascii: "\""): isInString = true
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    guard closers.count < Self.depthMax else { throw malformed("it is nested too deeply") }
                    closers.append(byte + 2)
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    guard closers.popLast() == byte else { throw malformed("the brackets do not match") }
                    if closers.isEmpty { return }
                default: break
                }
            }
            guard try more() else { throw truncated() }
        }
    }

    private func skipWord() throws {
        while true {
            let bytes = window.bytes
            while cursor < bytes.count {
                switch bytes[cursor] {
                case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), 0x20, 0x0a, 0x0d, 0x09: return
                default: cursor += 1
                }
            }
            guard try more() else { throw truncated() }
        }
    }

    private func malformed(_ words: String) -> RosterError {
        let place = itemCount == 0 ? "before its first item is complete" : "after item \(itemCount)"
        return RosterError(
            .malformedJSON,
            "is not valid JSON \(place), at byte \(window.position + Int64(cursor)): \(words); export it again"
        )
    }

    private func truncated() -> RosterError {
        RosterError(
            .malformedJSON,
            "ends in the middle of its JSON, at byte \(window.position + Int64(cursor)), after \(itemCount) "
                + "complete \(itemCount == 1 ? "item" : "items"); it was cut off: export it again"
        )
    }
}
