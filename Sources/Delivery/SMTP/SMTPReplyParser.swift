// Replies of a relay, read from bytes that come in pieces of any size.

/// Reads replies of one or more lines (RFC 5321, 4.2.1); whatever a relay sends, it keeps little of it.
struct SMTPReplyParser: Sendable {
    enum Item: Hashable, Sendable {
        /// Lines are joined by a blank; the text is cut at `textBytesMax`.
        case reply(code: Int, text: [UInt8])
        /// What follows cannot be read as replies any more.
        case malformed(String)
    }

    /// RFC 5321 has 512; some relays explain themselves at length.
    static let lineBytesMax = 4096
    static let linesMax = 128
    static let textBytesMax = 1024

    private var line: [UInt8] = []
    private var code: Int?
    private var text: [UInt8] = []
    private var lineCount = 0

    /// Whether no reply has begun.
    var isBetweenReplies: Bool { line.isEmpty && code == nil }

    /// Takes the next reply out of the bytes; nil where it does not end in them.
    mutating func next(in bytes: inout ArraySlice<UInt8>) -> Item? {
        while let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
            guard line.count + (end - bytes.startIndex) <= Self.lineBytesMax else { return tooLong }
            line += bytes[..<end]
            bytes = bytes[(end + 1)...]
            if let item = takeLine() { return item }
        }
        guard line.count + bytes.count <= Self.lineBytesMax else { return tooLong }
        line += bytes
        bytes = []
        return nil
    }

    private var tooLong: Item { .malformed("a line of its reply is too long") }

    private mutating func takeLine() -> Item? {
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        defer { line.removeAll(keepingCapacity: true) }
        guard let number = Self.code(of: line) else { return .malformed("its reply is not SMTP") }
        guard code == nil || code == number else {
            return .malformed("the lines of its reply have different codes")
        }
        lineCount += 1
        guard lineCount <= Self.linesMax else { return .malformed("its reply has too many lines") }
        if !text.isEmpty, line.count > 4, text.count < Self.textBytesMax { text.append(UInt8(ascii: " ")) }
        text += line.dropFirst(4).prefix(Self.textBytesMax - text.count)
        guard line.count > 3, line[3] == UInt8(ascii: "-") else {
            defer { (code, text, lineCount) = (nil, [], 0) }
            return .reply(code: number, text: text)
        }
        code = number
        return nil
    }

    /// The code at the beginning of a line; nil where a line does not begin as one of a reply.
    private static func code(of line: [UInt8]) -> Int? {
        guard line.count >= 3, 0x32...0x35 ~= line[0], 0x30...0x39 ~= line[1], 0x30...0x39 ~= line[2],
            line.count == 3 || line[3] == UInt8(ascii: " ") || line[3] == UInt8(ascii: "-")
        else { return nil }
        return line[..<3].reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}
