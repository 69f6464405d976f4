// The least that passes for an HTTP/2 server: bytes in, bytes out.

import Synchronization

/// Answers every stream with 200 and `h2` (RFC 9113, 4.1 and 6).
final class HTTP2Server: Sendable {
    let answered = Counter()
    private let state = Mutex(State())

    private struct State {
        var unread: [UInt8] = []
        /// Whether the client's preface was read.
        var isGreeted = false
    }

    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    private static let noStream: [UInt8] = [0, 0, 0, 0]

    /// Takes what has come, and returns what is to be sent.
    func receive(_ bytes: [UInt8]) -> [UInt8] {
        state.withLock { state in
            state.unread += bytes
            var answer: [UInt8] = []
            if !state.isGreeted {
                // What the server prints about the handshake comes first.
                guard let preface = state.unread.firstRange(of: Self.preface) else { return [] }
                state.unread.removeSubrange(..<preface.upperBound)
                state.isGreeted = true
                answer += Self.frame(type: 4, flags: 0, stream: Self.noStream, [])  // Our settings: none.
            }
            while let head = Self.nextHead(&state.unread) {
                let (type, flags, stream) = (head[3], head[4], Array(head[5...]))
                if type == 4, flags & 1 == 0 {
                    answer += Self.frame(type: 4, flags: 1, stream: Self.noStream, [])
                }
                guard type == 0 || type == 1, flags & 1 != 0 else { continue }
                // The stream's request is complete. Field 8 of HPACK's table is ":status: 200".
                answer += Self.frame(type: 1, flags: 4, stream: stream, [0x88])
                answer += Self.frame(type: 0, flags: 1, stream: stream, Array("h2".utf8))
                answered.increment()
            }
            return answer
        }
    }

    /// Takes off the next frame, where it is whole, and returns its head.
    private static func nextHead(_ unread: inout [UInt8]) -> [UInt8]? {
        guard unread.count >= 9 else { return nil }
        let length = Int(unread[0]) << 16 | Int(unread[1]) << 8 | Int(unread[2])
        guard unread.count >= 9 + length else { return nil }
        defer { unread.removeFirst(9 + length) }
        return Array(unread.prefix(9))
    }

    private static func frame(type: UInt8, flags: UInt8, stream: [UInt8], _ payload: [UInt8]) -> [UInt8] {
        [0, 0, UInt8(payload.count), type, flags] + stream + payload
    }
}
