// One connection of a faulty relay.

import Foundation
import Glibc
import Synchronization

/// Speaks SMTP as a server does, until a fault ends it.
final class FaultyDialogue {
    private let relay: FaultyRelay
    private let socket: Int32
    private let number: Int
    private var unread: [UInt8] = []
    private var mailCommand = ""
    private var recipients: [String] = []
    private var pending: FaultyRelay.Taken?
    private var mailsBefore = 0
    private var isOver = false

    init(relay: FaultyRelay, socket: Int32, number: Int) {
        (self.relay, self.socket, self.number) = (relay, socket, number)
    }

    func run() {
        defer { close(socket) }
        step(.connected, "") { say("220 faulty ESMTP") }
        while !isOver, let line = line() {
            relay.state.withLock { $0.commands.append(line) }
            let verb = line.prefix { $0 != " " && $0 != ":" }.uppercased()
            switch verb {
            case "EHLO": step(.ehlo, line) { announce() }
            case "HELO", "NOOP": say("250 faulty")
            case "AUTH": step(.auth, line) { authenticate(line) }
            case "MAIL": step(.mail, line) { takeSender(line) }
            case "RCPT": step(.recipient, line, recipient: Self.address(in: line)) { takeRecipient(line) }
            case "DATA": step(.data, line) { takeMessage() }
            case "RSET":
                step(.reset, line) {
                    (mailCommand, recipients) = ("", [])
                    say("250 ok")
                }
            case "QUIT":
                step(.quit, line) { say("221 bye") }
                return
            default: say("500 5.5.2 unknown command")
            }
        }
    }

    // MARK: - Commands

    private func step(
        _ step: FaultyRelay.Step,
        _ command: String,
        recipient: String? = nil,
        usually: () -> Void
    ) {
        let moment = FaultyRelay.Moment(
            step: step,
            connection: number,
            mailsBefore: mailsBefore,
            command: command,
            recipient: recipient ?? recipients.last ?? ""
        )
        guard let fault = relay.script(moment) else { return usually() }
        switch fault {
        case .reply(let text): say(text)
        case .replyAndClose(let text):
            say(text)
            isOver = true
        case .saysMore(let text):
            say(text)
            usually()
        case .garbage(let bytes): send(bytes)
        case .close: isOver = true
        case .reset:
            Socket.reset(socket)
            isOver = true
        case .stall: stall()
        case .takeAndStall:
            take()
            stall()
        case .takeAndClose:
            take()
            isOver = true
        case .readAndClose(let count), .readAndReset(let count):
            say("354 go ahead")
            while unread.count < count, receive() {}
            if case .readAndReset = fault { Socket.reset(socket) }
            isOver = true
        }
    }

    private func stall() {
        while receive() {}
        isOver = true
    }

    private func announce() {
        let isSaid = relay.credential == nil || relay.extensions.contains { $0.hasPrefix("AUTH ") }
        let lines = ["faulty"] + relay.extensions + (isSaid ? [] : ["AUTH PLAIN LOGIN"])
        let last = lines.count - 1
        say(lines.enumerated().map { "250\($0 < last ? "-" : " ")\($1)" }.joined(separator: "\n"))
    }

    private func takeSender(_ line: String) {
        // A second MAIL without RSET is what a relay has to refuse.
        guard mailCommand.isEmpty else { return say("503 5.5.1 nested MAIL command") }
        mailCommand = line
        say("250 2.1.0 Ok")
    }

    private func takeRecipient(_ line: String) {
        guard !mailCommand.isEmpty else { return say("503 5.5.1 need MAIL command") }
        recipients.append(Self.address(in: line))
        say("250 2.1.5 Ok")
    }

    private func takeMessage() {
        guard !recipients.isEmpty else { return say("554 5.5.1 no valid recipients") }
        say("354 go ahead")
        var message: [UInt8] = []
        while true {
            guard let line = lineBytes() else { return isOver = true }
            if line == Array(".".utf8) { break }
            message += line.first == UInt8(ascii: ".") ? line.dropFirst() : line[...]
            message += [0x0d, 0x0a]
        }
        pending = FaultyRelay.Taken(
            connection: number,
            mailCommand: mailCommand,
            recipients: recipients,
            message: message
        )
        let recipient = recipients.last
        (mailCommand, recipients) = ("", [])
        step(.message, "", recipient: recipient) { say("250 2.0.0 Ok: queued as F\(take())") }
        mailsBefore += 1
    }

    /// Records the mail that has come; how many there are.
    @discardableResult
    private func take() -> Int {
        relay.state.withLock { state in
            if let pending { state.taken.append(pending) }
            return state.taken.count
        }
    }

    private static func address(in line: String) -> String {
        String(line.drop { $0 != "<" }.dropFirst().prefix { $0 != ">" })
    }
}

// MARK: - AUTH

extension FaultyDialogue {
    private func authenticate(_ line: String) {
        let words = line.split(separator: " ")
        let mechanism = words.dropFirst().first?.uppercased() ?? ""
        let given: String
        switch mechanism {
        case "LOGIN":
            guard let user = ask("VXNlcm5hbWU6"), let password = ask("UGFzc3dvcmQ6") else { return }
            given = "\(user) \(password)"
        case "CRAM-MD5":
            guard let answer = ask(Data("<1@faulty>".utf8).base64EncodedString()) else { return }
            // The digest is not checked.
            given = answer.prefix { $0 != " " } + " " + (relay.credential?.split(separator: " ").last ?? "")
        default:
            guard let answer = words.count > 2 ? Self.decoded(String(words[2])) : ask("") else { return }
            given = Self.parts(of: answer)
        }
        if given == relay.credential { return say("235 2.7.0 Authentication successful") }
        if mechanism == "XOAUTH2" || mechanism == "OAUTHBEARER" {
            let problem = #"{"status":"401","schemes":"bearer"}"#
            guard ask(Data(problem.utf8).base64EncodedString()) != nil else { return }
        }
        say("535 5.7.8 Authentication credentials invalid for \(given)")
    }

    private func ask(_ challenge: String) -> String? {
        say("334 \(challenge)")
        return line().map { Self.decoded($0) ?? $0 }
    }

    private static func decoded(_ base64: String) -> String? {
        Data(base64Encoded: base64).map { String(decoding: $0, as: UTF8.self) }
    }

    /// `user password` of what PLAIN, XOAUTH2 and OAUTHBEARER send.
    private static func parts(of answer: String) -> String {
        let parts = answer.split { $0 == "\0" || $0 == "\u{1}" || $0 == "," }.map(String.init)
        guard let token = parts.first(where: { $0.contains("Bearer ") }) else {
            return parts.joined(separator: " ")
        }
        let user = parts.first { $0.hasPrefix("user=") || $0.hasPrefix("a=") } ?? ""
        let bearer = token.split(separator: " ").last ?? ""
        return "\(user.drop { $0 != "=" }.dropFirst()) \(bearer)"
    }
}

// MARK: - Bytes

extension FaultyDialogue {
    private func say(_ text: String) {
        send(Array((text.replacing("\n", with: "\r\n") + "\r\n").utf8))
    }

    private func send(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else {
                isOver = true
                return
            }
            sent += count
        }
    }

    /// The next line as text, without its end; nil when the client is gone.
    private func line() -> String? {
        lineBytes().map { String(decoding: $0, as: UTF8.self) }
    }

    private func lineBytes() -> [UInt8]? {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                let line = unread[..<end]
                unread.removeSubrange(...end)
                return Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
            }
            guard receive() else { return nil }
        }
    }

    /// False when the client is gone.
    private func receive() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(socket, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        unread += buffer[..<count]
        return true
    }
}
