// Mails over real sockets, to a relay that misbehaves.

import Model
import TestSupport
import Testing

@testable import Delivery

@Suite(.serialized) struct SMTPRelayTests {
    private typealias Meaning = SMTPDialogueTests

    @Test func mailsArriveAsTheyAreOverOneConnection() async throws {
        let relay = try FaultyRelay()
        let message =
            "Subject: a\r\n\r\n.\r\n..\r\n.a\r\n" + String(repeating: "long line\r\n", count: 30_000)
        try await withRelay(try SMTPConfiguration(relay)) { smtp in
            for number in 1...3 {
                let outcome = await smtp.send(Meaning.mail(message: message))
                guard case .sent(let reply) = outcome else {
                    Issue.record("\(outcome)")
                    return
                }
                #expect(reply.queueID == "F\(number)" && reply.code == 250 && reply.enhanced == "2.0.0")
            }
        }
        #expect(relay.taken.map(\.message) == Array(repeating: Array(message.utf8), count: 3))
        #expect(relay.taken.allSatisfy { $0.recipients == ["ann@example.org"] && $0.connection == 1 })
        #expect(relay.taken[0].mailCommand == "MAIL FROM:<it@example.com> SIZE=\(message.utf8.count)")
        #expect(relay.commands.first == "EHLO tests.example")
        #expect(relay.commands.last == "QUIT")
    }

    @Test(arguments: [[], ["PIPELINING"]])
    func refusalsLeaveTheConnectionInUse(_ extensions: [String]) async throws {
        let relay = try FaultyRelay(extensions: extensions) { moment in
            switch (moment.step, moment.recipient) {
            case (.recipient, "no@example.org"): .reply("550 5.1.1 <no@example.org> unknown")
            case (.data, "data@example.org"): .reply("451 4.3.0 later")
            case (.message, "dot@example.org"): .reply("554-5.7.1 spam\n554 5.7.1 go away")
            case (.mail, _) where moment.mailsBefore == 3: .reply("552 5.3.4 too big")
            default: nil
            }
        }
        try await withRelay(try SMTPConfiguration(relay)) { smtp in
            for (name, meaning) in [
                ("no", "refused"), ("ann", "sent"), ("data", "later"), ("dot", "refused"), ("bob", "sent"),
                ("mail", "refused"), ("no", "refused"),
            ] {
                #expect(await smtp.meaning(Meaning.mail(to: "\(name)@example.org")) == meaning, "\(name)")
            }
        }
        #expect(relay.connections == 1)
        #expect(relay.taken.flatMap(\.recipients) == ["ann@example.org", "bob@example.org"])
    }

    /// Every step with every way to fail: what it means, and that the next mail goes.
    @Test(arguments: [
        (FaultyRelay.Step.mail, "not taken"), (.recipient, "not taken"), (.data, "not taken"),
        (.message, "in doubt"),
    ])
    func brokenConnections(_ step: FaultyRelay.Step, _ meaning: String) async throws {
        let faults: [FaultyRelay.Fault] = [
            .close, .reset, .garbage(Array("HTTP/1.1 400\r\n\r\n".utf8)), .garbage([0, 255, 13, 10]),
            .garbage(Array(repeating: 0x61, count: 70_000)), .takeAndClose,
        ]
        for fault in faults where fault != .takeAndClose || step == .message {
            for extensions in [[], ["PIPELINING"]] {
                let once = Times(1)
                let relay = try FaultyRelay(extensions: extensions) { moment in
                    moment.step == step && once.take() ? fault : nil
                }
                try await withRelay(try SMTPConfiguration(relay)) { smtp in
                    let outcome = await smtp.send()
                    #expect(Meaning.meaning(outcome) == meaning, "\(fault): \(outcome)")
                    #expect(await smtp.meaning() == "sent", "\(fault)")
                }
                #expect(relay.taken.count == (fault == .takeAndClose ? 2 : 1))
                #expect(relay.connections == 2)
            }
        }
    }

    @Test(arguments: [
        (FaultyRelay.Step.mail, "not taken"), (.recipient, "not taken"), (.data, "not taken"),
        (.message, "in doubt"),
    ])
    func relaysThatSayNothing(_ step: FaultyRelay.Step, _ meaning: String) async throws {
        for fault in step == .message ? [FaultyRelay.Fault.stall, .takeAndStall] : [.stall] {
            let once = Times(1)
            let relay = try FaultyRelay { $0.step == step && once.take() ? fault : nil }
            var configuration = try SMTPConfiguration(relay)
            configuration.timeouts = .short
            configuration.timeouts.connect = .seconds(10)
            try await withRelay(configuration) { smtp in
                let outcome = await smtp.send()
                #expect(Meaning.meaning(outcome) == meaning)
                #expect("\(outcome)".contains("no reply in time"))
                // A connection that owes a reply is not used again: the next mail would get it.
                #expect(await smtp.meaning() == "sent")
            }
            #expect(relay.connections == 2)
        }
    }

    @Test(arguments: [FaultyRelay.Fault.readAndClose(1), .readAndReset(1), .readAndClose(100_000)])
    func whatBreaksWithinTheMessageIsInDoubt(_ fault: FaultyRelay.Fault) async throws {
        let relay = try FaultyRelay { $0.step == .data ? fault : nil }
        let message = String(repeating: "a line of a message\r\n", count: 100_000)
        try await withRelay(try SMTPConfiguration(relay)) { smtp in
            if fault != .readAndClose(100_000) {
                #expect(await smtp.meaning(Meaning.mail(message: "")) == "in doubt")
            }
            #expect(await smtp.meaning(Meaning.mail(message: String(message.prefix(900_000)))) == "in doubt")
        }
        #expect(relay.taken.isEmpty)
    }

    @Test func aKeptConnectionThatIsClosedCostsNoMail() async throws {
        let relay = try FaultyRelay { moment in
            switch (moment.step, moment.connection) {
            case (.mail, 1) where moment.mailsBefore > 0: .replyAndClose("421 4.4.2 idle")
            case (.mail, 2) where moment.mailsBefore > 0: .close
            case (.recipient, 3) where moment.mailsBefore > 0: .replyAndClose("421 4.7.0 slow down")
            case (.mail, 4): .replyAndClose("421 4.7.0 slow down")
            default: nil
            }
        }
        let sent = Count()
        var configuration = try SMTPConfiguration(relay)
        configuration.timeouts.mail = .seconds(20)
        let mail = Meaning.mail()
        try await withRelay(configuration) { smtp in
            for _ in 0..<3 {
                let outcome = await smtp.send(mail) { sent.add() }
                #expect(Meaning.meaning(outcome) == "sent")
            }
            #expect(relay.connections == 3)
            // This one was told at RCPT, which is a reason of the relay's, and on a new connection at once.
            #expect(await smtp.meaning() == "slower")
            #expect(await smtp.meaning() == "slower")
        }
        #expect(sent.value == 3)
        #expect(relay.taken.count == 3)
    }

    @Test func aConnectionIsClosedAfterSoManyMails() async throws {
        let relay = try FaultyRelay()
        var configuration = try SMTPConfiguration(relay)
        configuration.messagesPerConnection = 2
        try await withRelay(configuration) { smtp in
            for _ in 0..<5 { #expect(await smtp.meaning() == "sent") }
        }
        #expect(relay.taken.map(\.connection) == [1, 1, 2, 2, 3])
        #expect(relay.commands.filter { $0 == "QUIT" }.count == 3)
    }

    @Test func noMoreConnectionsAreOpenThanAllowed() async throws {
        let relay = try FaultyRelay()
        var configuration = try SMTPConfiguration(relay, connections: 4)
        configuration.messagesPerConnection = 1000
        try await withRelay(configuration) { smtp in
            await withTaskGroup(of: MailOutcome.self) { group in
                for number in 0..<200 {
                    group.addTask { await smtp.send(Meaning.mail(to: "u\(number)@example.org")) }
                }
                for await outcome in group { #expect(Meaning.meaning(outcome) == "sent") }
            }
        }
        #expect(relay.peak <= 4 && relay.connections <= 4)
        #expect(Set(relay.taken.flatMap(\.recipients)).count == 200)
    }

    @Test func aCancelledTaskStillLearnsWhatBecameOfItsMail() async throws {
        let (reached, released) = (Gate(), Gate())
        let relay = try FaultyRelay { moment in
            if moment.step == .message {
                reached.open()
                released.pass()
            }
            return nil
        }
        try await withRelay(try SMTPConfiguration(relay)) { smtp in
            let task = Task { await smtp.send() }
            await reached.passed()
            task.cancel()
            released.open()
            #expect(Meaning.meaning(await task.value) == "sent")
        }
    }

    @Test func anIdleConnectionIsClosedWithAGoodbye() async throws {
        let left = Gate()
        let relay = try FaultyRelay { moment in
            if moment.step == .quit { left.open() }
            return nil
        }
        var configuration = try SMTPConfiguration(relay)
        configuration.idleLimit = .milliseconds(20)
        try await withRelay(configuration) { smtp in
            #expect(await smtp.meaning() == "sent")
            await left.passed()
            #expect(await smtp.meaning() == "sent")
        }
        #expect(relay.connections == 2)
    }

    @Test func afterItsEndARelayTakesNothing() async throws {
        let relay = try FaultyRelay()
        let smtp = SMTPRelay(try SMTPConfiguration(relay))
        #expect(await smtp.meaning() == "sent")
        await smtp.close()
        #expect(relay.commands.last == "QUIT")
        #expect(await smtp.meaning() == "not taken")
        await smtp.close()
    }

    @Test func aRelayThatNobodyHoldsSaysGoodbye() async throws {
        let left = Gate()
        let relay = try FaultyRelay { moment in
            if moment.step == .quit { left.open() }
            return nil
        }
        var smtp: SMTPRelay? = SMTPRelay(try SMTPConfiguration(relay))
        #expect(await smtp?.meaning() == "sent")
        smtp = nil
        await left.passed()
        #expect(relay.connections == 1)
    }

    @Test func whatTheRelayCannotTakeDoesNotReachIt() async throws {
        let relay = try FaultyRelay(extensions: ["SIZE 100"])
        try await withRelay(try SMTPConfiguration(relay)) { smtp in
            #expect(await smtp.meaning(Meaning.mail(to: "änn@example.org")) == "unsendable")
            let long = String(repeating: "a", count: 200)
            #expect(await smtp.meaning(Meaning.mail(message: long)) == "unsendable")
            #expect(await smtp.meaning() == "sent")
        }
        #expect(relay.commands.filter { $0.hasPrefix("MAIL") }.count == 1 && relay.connections == 1)
    }
}
