// A credential that is read again when it is refused: once, however many ask.

import Synchronization
import Testing

@testable import Providers

@Suite struct CredentialTests {
    /// A source of tokens that waits until a test opens it, and counts how often it is read.
    private final class Source: Sendable {
        private struct State {
            var reads = 0
            var isOpen = false
            var waiting: [CheckedContinuation<Void, Never>] = []
        }

        struct Unreadable: Error {}

        private let state: Mutex<State>
        private let token: @Sendable (_ read: Int) -> BearerToken?

        init(isOpen: Bool = true, _ token: @escaping @Sendable (_ read: Int) -> BearerToken?) {
            state = Mutex(State(isOpen: isOpen))
            self.token = token
        }

        var reads: Int { state.withLock(\.reads) }

        @Sendable func read() async throws -> BearerToken {
            let number = state.withLock { state in
                state.reads += 1
                return state.reads
            }
            await withCheckedContinuation { continuation in
                let passes = state.withLock { state in
                    if !state.isOpen { state.waiting.append(continuation) }
                    return state.isOpen
                }
                if passes { continuation.resume() }
            }
            guard let token = token(number) else { throw Unreadable() }
            return token
        }

        func open() {
            let waiting = state.withLock { state in
                state.isOpen = true
                defer { state.waiting = [] }
                return state.waiting
            }
            for continuation in waiting { continuation.resume() }
        }
    }

    private let first = BearerToken("token-0")

    @Test func withoutARenewalThereIsNoOther() async {
        let credential = Credential(first)
        #expect(await credential.hasOther(than: first) == false)
        #expect(credential.token == first && credential.renewals == 0)
        #expect(Credential(nil).token == nil && Credential(nil).known.isEmpty)
    }

    @Test func manyRefusalsAtOnceReadItOnce() async {
        let source = Source(isOpen: false) { BearerToken("token-\($0)") }
        let credential = Credential(first, renewal: source.read)
        let answers = await withTaskGroup { group in
            for _ in 0..<200 { group.addTask { await credential.hasOther(than: self.first) } }
            // Late ones find it being read, or read.
            group.addTask {
                source.open()
                return await credential.hasOther(than: self.first)
            }
            return await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        #expect(answers == [Bool](repeating: true, count: 201))
        #expect(source.reads == 1 && credential.renewals == 1)
        #expect(credential.token?.secret == "token-1")
        #expect(credential.known.map(\.secret) == ["token-0", "token-1"])
    }

    @Test func aRefusalThatComesLateFindsTheOther() async {
        let source = Source { BearerToken("token-\($0)") }
        let credential = Credential(first, renewal: source.read)
        _ = await credential.hasOther(than: first)
        #expect(await credential.hasOther(than: first))
        #expect(await credential.hasOther(than: nil))
        #expect(source.reads == 1)
    }

    @Test func whatWasReadIsNotReadAgainBeforeItWasAccepted() async {
        let source = Source { BearerToken("token-\($0)") }
        let credential = Credential(first, renewal: source.read)
        #expect(await credential.hasOther(than: first))
        let second = credential.token
        #expect(await credential.hasOther(than: second) == false)
        #expect(source.reads == 1)

        // The first one is not what has to be accepted.
        credential.accepted(first)
        #expect(await credential.hasOther(than: second) == false)
        #expect(source.reads == 1)

        credential.accepted(second)
        #expect(await credential.hasOther(than: second))
        #expect(source.reads == 2 && credential.renewals == 2)
        #expect(await credential.hasOther(than: credential.token) == false)
    }

    @Test func aTokenThatNeverWorkedIsReadAgainOnce() async {
        let credential = Credential(first, renewal: Source { _ in BearerToken("token-1") }.read)
        #expect(await credential.hasOther(than: first))
        #expect(await credential.hasOther(than: BearerToken("token-1")) == false)
    }

    @Test func theSameTokenAgainIsNoOther() async {
        let source = Source { _ in BearerToken("token-0") }
        let credential = Credential(first, renewal: source.read)
        #expect(await credential.hasOther(than: first) == false)
        #expect(credential.renewals == 0 && credential.known.count == 1)
        #expect(credential.token == first)
    }

    @Test func aSourceThatCannotBeReadLeavesTheTokenAsItIs() async {
        let source = Source { read in read == 1 ? nil : BearerToken("token-\(read)") }
        let credential = Credential(first, renewal: source.read)
        #expect(await credential.hasOther(than: first) == false)
        #expect(credential.token == first && credential.renewals == 0)
        // It may be readable the next time.
        #expect(await credential.hasOther(than: first))
        #expect(credential.token?.secret == "token-2")
    }

    @Test func oneThatIsWantedLateIsRead() async {
        let credential = Credential(nil, renewal: Source { _ in BearerToken("token-1") }.read)
        #expect(await credential.hasOther(than: nil))
        #expect(credential.token?.secret == "token-1")
    }

    @Test func aCancelledTaskStillRenews() async {
        let source = Source { BearerToken("token-\($0)") }
        let credential = Credential(first, renewal: source.read)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await credential.hasOther(than: first)
        }
        #expect(await task.value)
        #expect(credential.renewals == 1)
    }
}
