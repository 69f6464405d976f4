// A message as it goes over the wire after DATA.

/// A message with doubled dots, and the dot that ends it (RFC 5321, 4.5.2).
struct SMTPContent: Sendable {
    let bytes: [UInt8]
    let isASCII: Bool

    /// Every line end becomes CR LF: a lone LF before a dot would end the message for some relays, and what
    /// follows would be commands.
    init(_ message: [UInt8]) {
        var isASCII = true
        // Each byte may become two; after the last one come at most five.
        bytes = Array(unsafeUninitializedCapacity: 2 * message.count + 5) { wire, count in
            var isAtStart = true
            func put(_ byte: UInt8) {
                wire.initializeElement(at: count, to: byte)
                count += 1
            }
            func endLine() {
                put(0x0d)
                put(0x0a)
                isAtStart = true
            }
            var last: UInt8 = 0
            for byte in message {
                defer { last = byte }
                switch byte {
                case 0x0a where last == 0x0d: break
                case 0x0a, 0x0d: endLine()
                default:
                    if isAtStart, byte == UInt8(ascii: ".") { put(byte) }
                    isAtStart = false
                    isASCII = isASCII && byte < 0x80
                    put(byte)
                }
            }
            if !isAtStart { endLine() }
            put(UInt8(ascii: "."))
            endLine()
        }
        self.isASCII = isASCII
    }
}
