// What libcurl says of HTTP/2 in words, for lack of codes.

/// A line of libcurl's running commentary that tells what became of an HTTP/2 stream.
///
/// Facts: libcurl 7.88.1 (Debian 12) to 8.x, `lib/http2.c` and `lib/transfer.c`. A text that is worded
/// otherwise is no remark, and its request then stays one whose fate is not known.
enum CurlRemark: Hashable {
    /// The request goes out as this stream: `Using Stream ID: 5 (…)`, from 8.1 on `[HTTP/2] [5] OPENED stream
    /// for …`.
    case stream(UInt32)
    /// The server takes no streams above this one: `received GOAWAY, error=0, last_stream=1999` (7.88
    /// misspells it).
    case goAway(lastStream: UInt32)
    /// The server has refused the stream unread: `REFUSED_STREAM, retrying a fresh connect`.
    case streamRefused
    /// The request would go out again: `Connection died, retrying a fresh connect (…)`.
    case retrying

    /// - Parameter text: one line, with or without its end.
    init?(_ text: some Collection<UInt8>) {
        // Nearly every line is another one: the first letter tells.
        switch text.first {
        case UInt8(ascii: "U"):
            guard let id = Self.number(after: "Using Stream ID: ", in: text) else { return nil }
            self = .stream(id)
        case UInt8(ascii: "["):
            guard text.firstRange(of: "] OPENED stream for ".utf8) != nil,
                let id = Self.number(after: "[HTTP/2] [", in: text)
            else { return nil }
            self = .stream(id)
        case UInt8(ascii: "r"):
            guard text.firstRange(of: "eived GOAWAY, ".utf8) != nil,
                let last = Self.number(after: ", last_stream=", in: text)
            else { return nil }
            self = .goAway(lastStream: last)
        case UInt8(ascii: "R"):
            guard text.starts(with: "REFUSED_STREAM, retrying".utf8) else { return nil }
            self = .streamRefused
        case UInt8(ascii: "C"):
            guard text.starts(with: "Connection died, retrying".utf8) else { return nil }
            self = .retrying
        default: return nil
        }
    }

    private static func number(after mark: String, in text: some Collection<UInt8>) -> UInt32? {
        guard let start = text.firstRange(of: mark.utf8)?.upperBound else { return nil }
        let digits = text[start...].prefix { (0x30...0x39).contains($0) }
        return UInt32(String(decoding: digits, as: UTF8.self))
    }
}
