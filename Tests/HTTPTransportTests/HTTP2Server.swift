// The least that passes for an HTTP/2 server: bytes in, bytes out.

import Synchronization

/// Answers every stream with 200 and `h2` (RFC 9113, 4.1, 6 and 6.8), unless its script wants something else.
final class HTTP2Server: Sendable {
    /// What comes of one request.
    enum Reply: Sendable {
        case answer
        /// The answer, and then word that the connection takes no more.
        case answerAndGoAway
        /// Word that the connection takes no more, and that this request was not looked at.
        case goAway
        /// Word that this request was not looked at (REFUSED_STREAM); the connection goes on.
        case refuse
        /// An end of the stream that leaves open what became of the request (INTERNAL_ERROR).
        case fail
        /// The beginning of the answer, and the end of the stream in the middle of it.
        case half
    }

    let answered = Counter()
    private let states = Mutex<[Int: State]>([:])
    private let script: @Sendable (_ number: Int) -> Reply

    private struct State {
        var unread: [UInt8] = []
        /// Whether the client's preface was read.
        var isGreeted = false
        /// Whether this connection takes no more.
        var isGoing = false
        /// The last stream that was answered on this connection.
        var lastStream: [UInt8] = noStream
    }

    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    private static let noStream: [UInt8] = [0, 0, 0, 0]

    /// Every request that came, over all connections.
    var requests: Int { seen.value }
    private let seen = Counter()

    /// - Parameter script: what comes of the request of that number, from 1.
    init(_ script: @escaping @Sendable (_ number: Int) -> Reply = { _ in .answer }) {
        self.script = script
    }

    /// Takes what has come, and returns what is to be sent.
    func receive(_ bytes: [UInt8]) -> [UInt8] { receive(bytes, on: 0) }

    /// Takes what has come on one of several connections, and returns what is to be sent there.
    func receive(_ bytes: [UInt8], on connection: Int) -> [UInt8] {
        states.withLock { states in
            var state = states.removeValue(forKey: connection) ?? State()
            defer { states[connection] = state }
            state.unread += bytes
            var answer: [UInt8] = []
            // A connection begins with it, the first and those after it; what the server prints comes before.
            if let preface = state.unread.firstRange(of: Self.preface) {
                state.unread.removeSubrange(..<preface.upperBound)
                (state.isGreeted, state.isGoing, state.lastStream) = (true, false, Self.noStream)
                answer += Self.frame(type: 4, flags: 0, stream: Self.noStream, [])  // Our settings: none.
            }
            guard state.isGreeted else { return [] }
            while let head = Self.nextHead(&state.unread) {
                let (type, flags, stream) = (head[3], head[4], Array(head[5...]))
                if type == 4, flags & 1 == 0 {
                    answer += Self.frame(type: 4, flags: 1, stream: Self.noStream, [])
                }
                guard type == 0 || type == 1, flags & 1 != 0 else { continue }
                // Above the last stream of the GOAWAY: the client knows.
                guard !state.isGoing else { continue }
                seen.increment()
                answer += reply(script(seen.value), to: stream, &state)
            }
            return answer
        }
    }

    private func reply(_ reply: Reply, to stream: [UInt8], _ state: inout State) -> [UInt8] {
        // Field 8 of HPACK's table is ":status: 200".
        let header = Self.frame(type: 1, flags: 4, stream: stream, [0x88])
        // The last stream that was looked at, and no error.
        let goAway = { (last: [UInt8]) in
            Self.frame(type: 7, flags: 0, stream: Self.noStream, last + [0, 0, 0, 0])
        }
        switch reply {
        case .goAway:
            state.isGoing = true
            return goAway(state.lastStream)
        case .refuse: return Self.reset(stream, 7)
        case .fail: return Self.reset(stream, 2)
        case .half:
            let part = Self.frame(type: 0, flags: 0, stream: stream, Array("h".utf8))
            return header + part + Self.reset(stream, 2)
        case .answer, .answerAndGoAway:
            state.lastStream = stream
            answered.increment()
            let body = Self.frame(type: 0, flags: 1, stream: stream, Array("h2".utf8))
            if case .answerAndGoAway = reply {
                state.isGoing = true
                return header + body + goAway(stream)
            }
            return header + body
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

    /// RST_STREAM, with the number of an error (RFC 9113, 7).
    private static func reset(_ stream: [UInt8], _ error: UInt8) -> [UInt8] {
        frame(type: 3, flags: 0, stream: stream, [0, 0, 0, error])
    }

    private static func frame(type: UInt8, flags: UInt8, stream: [UInt8], _ payload: [UInt8]) -> [UInt8] {
        [0, 0, UInt8(payload.count), type, flags] + stream + payload
    }
}
