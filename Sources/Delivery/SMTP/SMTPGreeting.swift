// What a relay says while libcurl connects: its greeting, its extensions, its answer to the credential.

/// The lines that libcurl receives before a connection is ours; only the last replies are kept.
///
/// libcurl keeps the reply to EHLO to itself, and hands every line on (CURLOPT_HEADERFUNCTION), so that no
/// second EHLO is needed. After STARTTLS it says EHLO again, and only that reply counts: the first one could
/// be anybody's.
struct SMTPGreeting {
    private static let linesMax = 64
    private static let lineBytesMax = 512

    /// The lines of the last reply, with their codes.
    private var lines: [String] = []
    private var isReplyOpen = false
    private(set) var extensions = SMTPExtensions()
    /// Whether the relay has taken the credential (235).
    private(set) var isAuthenticated = false
    /// Whether the relay has said anything.
    private(set) var hasSpoken = false

    /// The code of the last reply; nil before the first.
    var code: Int? { lines.first.flatMap { Int($0.prefix(3)) } }

    /// The texts of the last reply.
    var text: String { lines.map { String($0.dropFirst(4)) }.joined(separator: " ") }

    mutating func take(_ line: some Collection<UInt8>) {
        let text = String(decoding: line.prefix(Self.lineBytesMax), as: UTF8.self).filter { !$0.isNewline }
        hasSpoken = true
        if !isReplyOpen { lines = [] }
        if lines.count < Self.linesMax { lines.append(text) }
        isReplyOpen = text.utf8.count > 3 && text.utf8.dropFirst(3).first == UInt8(ascii: "-")
        guard !isReplyOpen else { return }
        if code == 250 { extensions = SMTPExtensions(lines: lines.map { String($0.dropFirst(4)) }) }
        if code == 235 { isAuthenticated = true }
    }
}
