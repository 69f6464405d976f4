// The bytes under the scan: blanks, keys and values, however the text is cut into pieces.

import Model

extension JSONItemScanner {
    private struct LookaheadEnd: Error {}

    /// Forgets what is before the cursor, and blanks after it.
    func discard() {
        window.discard(cursor)
        cursor = 0
    }

    /// More text beyond the cursor, which is at the window's end; false at the source's end.
    func more() throws -> Bool {
        if window.isAtEnd { return false }
        if let lookaheadEnd {
            guard cursor <= lookaheadEnd else { throw LookaheadEnd() }
        } else {
            if !skips, cursor > RosterBounds.rowBytesMax { skips = true }
            if skips { discard() }
        }
        try window.fill()
        return cursor < window.count
    }

    /// The next byte that is no blank, which is not passed; nil at the source's end.
    func peek() throws -> UInt8? {
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

    /// The first byte of the next document; what files that were joined have between them is passed.
    func peekDocument() throws -> UInt8? {
        skips = true
        defer { discard(); skips = false }
        while let byte = try peek() {
            discard()
            switch byte {
            case 0x1e: cursor += 1
            case 0xef:
                while window.count < 3, try more() {}
                guard window.bytes.starts(with: [0xef, 0xbb, 0xbf]) else { return byte }
                cursor += 3
            default: return byte
            }
        }
        return nil
    }

    func require(_ byte: UInt8?) throws -> UInt8 {
        guard let byte else { throw truncated() }
        return byte
    }

    /// Passes what is between two members; true at the object's end, which is passed too.
    func endsObject(isFirst: Bool) throws -> Bool {
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

    /// Passes a key and its colon, and keeps the key in `name`.
    func key() throws {
        guard try require(peek()) == UInt8(ascii: "\"") else {
            throw malformed("expected a member's name in quotes")
        }
        cursor += 1
        name.removeAll(keepingCapacity: true)
        var isEscaped = false
        passing: while true {
            let bytes = window.bytes
            while cursor < bytes.count {
                let byte = bytes[cursor]
                cursor += 1
                if byte == UInt8(ascii: "\""), !isEscaped { break passing }
                isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
                if name.count < 64 { name.append(byte) }
            }
            guard try more() else { throw truncated() }
        }
        guard try require(peek()) == UInt8(ascii: ":") else {
            throw malformed("expected a colon after a member's name")
        }
        cursor += 1
    }

    /// Passes a value: its brackets must match, the rest is checked when the item is taken apart.
    func skipValue() throws {
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
            guard try more() else {
                // A word that is a document of its own ends with the text.
                if frames.isEmpty { return }
                throw truncated()
            }
        }
    }

    func malformed(_ words: String) -> RosterError {
        let place = itemCount == 0 ? "before its first item is complete" : "after item \(itemCount)"
        return RosterError(
            .malformedJSON,
            "is not valid JSON \(place), at byte \(window.position + Int64(cursor)): \(words); "
                + "export it again"
        )
    }

    func truncated() -> RosterError {
        RosterError(
            .malformedJSON,
            "ends in the middle of its JSON, at byte \(window.position + Int64(cursor)), after \(itemCount) "
                + "complete \(itemCount == 1 ? "item" : "items"); it was cut off: export it again"
        )
    }
}
