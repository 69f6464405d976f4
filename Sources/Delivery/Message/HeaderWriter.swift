// Header fields of a mail: folded, and with encoded words where they are not ASCII.

import Model

/// Writes header fields (RFC 5322, 2.2) as bytes; texts have to be without line breaks.
struct HeaderWriter {
    /// RFC 5322, 2.1.1: what a line should not exceed, its end left out.
    static let columnMax = 78
    /// RFC 2047, 2: a line with an encoded word, and the word itself.
    private static let encodedColumnMax = 76
    private static let encodedWordMax = 75
    /// What stands around an encoded word's text: `=?UTF-8?B?` and `?=`.
    private static let frameLength = 12
    /// Longer pieces without a blank are encoded, since an encoded word can be folded anywhere.
    private static let pieceMax = 60

    private(set) var bytes: [UInt8] = []
    private var column = 0

    /// A field whose text is free: the subject, for one.
    mutating func unstructured(_ name: String, _ text: String) {
        begin(name)
        if Self.isPlain(text) { putFolded(text) } else { putEncoded(text) }
        end()
    }

    /// A field with a syntax of its own in ASCII: it is folded at blanks, and never encoded.
    mutating func structured(_ name: String, _ text: String) {
        begin(name)
        putFolded(text)
        end()
    }

    /// A field with one address, and the name of whom it belongs to; an empty name is left out.
    mutating func mailbox(_ name: String, _ person: String, _ address: String) {
        begin(name)
        guard !person.isEmpty else {
            put(address.utf8)
            return end()
        }
        if person.utf8.count <= Self.pieceMax, person.utf8.allSatisfy({ 0x20...0x7e ~= $0 }),
            !person.contains("=?")
        {
            let quoted = person.utf8.flatMap { byte -> [UInt8] in
                byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
                    ? [UInt8(ascii: "\\"), byte] : [byte]
            }
            put([UInt8(ascii: "\"")] + quoted + [UInt8(ascii: "\"")])
        } else {
            putEncoded(person)
        }
        if column + address.utf8.count + 3 > Self.columnMax { fold() } else { put(" ".utf8) }
        put("<\(address)>".utf8)
        end()
    }

    /// A line as it is.
    mutating func line(_ text: String) {
        put(text.utf8)
        end()
    }
}

// MARK: - Texts

extension HeaderWriter {
    /// Whether a text can stand as it is: printable ASCII in pieces that can be folded.
    private static func isPlain(_ text: String) -> Bool {
        guard text.utf8.allSatisfy({ 0x20...0x7e ~= $0 }), text.utf8.first != 0x20, text.utf8.last != 0x20,
            !text.contains("=?")
        else { return false }
        return pieces(of: text).allSatisfy { $0.count <= pieceMax }
    }

    /// Words, each with the blanks before it.
    private static func pieces(of text: String) -> [ArraySlice<UInt8>] {
        let bytes = Array(text.utf8)
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        for index in bytes.indices.dropFirst() where bytes[index] == 0x20 && bytes[index - 1] != 0x20 {
            pieces.append(bytes[start..<index])
            start = index
        }
        if start < bytes.count { pieces.append(bytes[start...]) }
        return pieces
    }

    private mutating func putFolded(_ text: String) {
        for (number, piece) in Self.pieces(of: text).enumerated() {
            // The blanks before a word are what folding needs; unfolded, they are there again.
            if number > 0, column + piece.count > Self.columnMax { breakLine() }
            put(piece)
        }
    }

    /// Encoded words of UTF-8, in Base64 or, where that is shorter, in the Q encoding.
    private mutating func putEncoded(_ text: String) {
        let scalars = Array(text.unicodeScalars)
        let qLength = scalars.reduce(0) { $0 + Self.qLength(of: $1) }
        let isQ = qLength <= Base64.length(of: text.utf8.count)
        var start = 0
        while start < scalars.count {
            let limit = min(Self.encodedWordMax, Self.encodedColumnMax - column) - Self.frameLength
            // Characters are not split: decoders join no bytes across words.
            var (end, length, byteCount) = (start, 0, 0)
            while end < scalars.count {
                byteCount += UTF8.width(scalars[end])
                length = isQ ? length + Self.qLength(of: scalars[end]) : Base64.length(of: byteCount)
                guard length <= limit else { break }
                end += 1
            }
            // Where nothing fits any more the line was begun by something else: the next one has room.
            if end > start {
                put(Self.encodedWord(scalars[start..<end], isQ: isQ))
                start = end
            }
            if start < scalars.count { fold() }
        }
    }

    private static func encodedWord(_ scalars: ArraySlice<Unicode.Scalar>, isQ: Bool) -> [UInt8] {
        let bytes = scalars.flatMap { Array(UTF8.encode($0) ?? UTF8.encodedReplacementCharacter) }
        guard isQ else {
            return Array("=?UTF-8?B?".utf8) + Base64.encoded(bytes) + Array("?=".utf8)
        }
        var word = Array("=?UTF-8?Q?".utf8)
        for byte in bytes {
            if byte == 0x20 {
                word.append(UInt8(ascii: "_"))
            } else if isQSafe(byte) {
                word.append(byte)
            } else {
                word += TransferEncoding.escaped(byte)
            }
        }
        return word + Array("?=".utf8)
    }

    private static func qLength(of scalar: Unicode.Scalar) -> Int {
        guard scalar.isASCII else { return 3 * UTF8.width(scalar) }
        let byte = UInt8(truncatingIfNeeded: scalar.value)
        return byte == 0x20 || isQSafe(byte) ? 1 : 3
    }

    /// RFC 2047, 5 (3): what may stand in a person's name.
    private static func isQSafe(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: "!*+-/".utf8.contains(byte)
        }
    }
}

// MARK: - Bytes

extension HeaderWriter {
    private mutating func begin(_ name: String) {
        put("\(name): ".utf8)
    }

    private mutating func put(_ text: some Collection<UInt8>) {
        bytes += text
        column += text.count
    }

    private mutating func breakLine() {
        bytes += "\r\n".utf8
        column = 0
    }

    private mutating func fold() {
        breakLine()
        put(" ".utf8)
    }

    private mutating func end() { breakLine() }
}
