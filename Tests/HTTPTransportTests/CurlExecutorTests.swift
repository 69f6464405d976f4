// Tasks that run on the transport's thread, and sleep there.

import Glibc
import HTTPTransport
import Synchronization
import Testing

extension CurlTests {
    @Suite struct CurlExecutorTests {
        /// The threads that were seen.
        private final class Threads: Sendable {
            private let seen = Mutex<Set<UInt>>([])
            var all: Set<UInt> { seen.withLock(\.self) }
            static var current: UInt { UInt(pthread_self()) }
            func note() { seen.withLock { _ = $0.insert(Self.current) } }
        }

        private static func executor(of transport: CurlTransport) throws -> any TaskExecutor {
            try #require(transport.executor)
        }

        private static func clock(of transport: CurlTransport) throws -> any Clock<Duration> {
            try #require(transport.executor as? any Clock<Duration>)
        }

        private static func answering() throws -> ScriptedServer {
            try ScriptedServer { connection in
                while let request = connection.readRequest() {
                    connection.answer(body: String(decoding: request.body, as: UTF8.self))
                }
            }
        }

        @Test func answersAreJudgedOnTheThreadThatReadThem() async throws {
            let server = try Self.answering()
            let transport = try CurlTransport.forTests()
            let url = server.url
            let executor = try Self.executor(of: transport)
            let (sending, judging) = (Threads(), Threads())
            let right = await withTaskGroup { group in
                for number in 0..<100 {
                    group.addTask(executorPreference: executor) {
                        var request = HTTPRequest.code(url) { sending.note() }
                        request.body = Array("\(number)".utf8)
                        let body = try? await transport.send(request).body
                        judging.note()
                        return body == request.body
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(right == 100)
            #expect(judging.all.count == 1)
            #expect(judging.all == sending.all)
            #expect(!judging.all.contains(Threads.current))
        }

        @Test func jobsWithoutEndHoldUpNoAnswer() async throws {
            let server = try Self.answering()
            let transport = try CurlTransport.forTests()
            let ended = Counter()
            let url = server.url
            let executor = try Self.executor(of: transport)
            try await withThrowingTaskGroup { group in
                group.addTask(executorPreference: executor) {
                    while ended.value == 0 { await Task.yield() }
                }
                group.addTask {
                    defer { ended.increment() }
                    let status = try await transport.send(.code(url)).status
                    #expect(status == 201)
                }
                try await group.waitForAll()
            }
        }

        @Test func connectionsThatCloseAndComeAgainAreWatchedAnew() async throws {
            let server = try ScriptedServer { connection in
                // Each connection is kept for one more request, and closed while nothing is asked for.
                connection.readRequest()
                connection.answer()
                guard connection.index % 2 == 0 else { return }
                connection.readRequest()
                connection.answer()
            }
            let transport = try CurlTransport.forTests { $0.maxConnections = 4 }
            let url = server.url
            let answered = await withTaskGroup { group in
                for _ in 0..<4 {
                    group.addTask {
                        var answered = 0
                        for _ in 0..<50 {
                            let isAnswered = (try? await transport.send(.code(url)).status) == 201
                            if isAnswered { answered += 1 }
                        }
                        return answered
                    }
                }
                return await group.reduce(0, +)
            }
            // What went out as its connection was closed is no answer, and was told at once.
            #expect(answered > 100)
            #expect(server.connections > 50)
        }

        // MARK: The end

        @Test func tasksOfAThreadThatHasEndedRunToTheirEnd() async throws {
            let server = try ScriptedServer { connection in
                connection.readRequest()
                connection.stall()
            }
            let transport = try CurlTransport.forTests()
            let executor = try Self.executor(of: transport)
            let url = server.url
            let errors = try await withThrowingTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask(executorPreference: executor) {
                        let first = try await transport.failure(of: .code(url))
                        let second = try await transport.failure(of: .code(url))
                        return [first, second]
                    }
                }
                await server.received(8)
                transport.stop()
                group.addTask(executorPreference: executor) {
                    [try await transport.failure(of: .code(url))]
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(errors.count == 17)
            #expect(errors.allSatisfy { $0.kind == .transportStopped })
            #expect(errors.filter(\.wasSent).count == 8)
            #expect(server.requests.count == 8)
        }

        @Test func aTaskOnTheThreadMayStopIt() async throws {
            let transport = try CurlTransport.forTests()
            let executor = try Self.executor(of: transport)
            await Task(executorPreference: executor) { transport.stop() }.value
            // On what thread is left.
            #expect(await Task(executorPreference: executor) { 1 }.value == 1)
        }

        @Test func theLastToHoldATransportMayBeATaskOnItsThread() async throws {
            let server = try Self.answering()
            var transport: CurlTransport? = try CurlTransport.forTests()
            let executor = try Self.executor(of: #require(transport))
            let url = server.url
            let task = Task(executorPreference: executor) { [transport] in
                let status = try await transport?.send(.code(url)).status
                await Task.yield()
                return status
            }
            transport = nil
            #expect(try await task.value == 201)
        }

        // MARK: Sleep

        @Test func sleepersWakeAndNeverEarly() async throws {
            let transport = try CurlTransport.forTests()
            let clock = try Self.clock(of: transport)
            let executor = try Self.executor(of: transport)
            let woken = Counter()
            try await withThrowingTaskGroup { group in
                for milliseconds in [9, 3, 6, 0, -5] {
                    // From the thread itself, and from any other.
                    group.addTask(executorPreference: milliseconds % 2 == 0 ? nil : executor) {
                        let start = ContinuousClock.now
                        try await clock.sleep(for: .milliseconds(milliseconds))
                        #expect(ContinuousClock.now - start >= .milliseconds(milliseconds))
                        woken.increment()
                    }
                }
                try await group.waitForAll()
            }
            #expect(woken.value == 5)
        }

        @Test func aSleeperIsWokenByItsCancellation() async throws {
            let transport = try CurlTransport.forTests()
            let clock = try Self.clock(of: transport)
            let executor = try Self.executor(of: transport)
            let tasks = [executor, nil].map { place in
                Task(executorPreference: place) { try await clock.sleep(for: .seconds(1 << 20)) }
            }
            for task in tasks {
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
            }
            let late = Task(executorPreference: executor) {
                withUnsafeCurrentTask { $0?.cancel() }
                try await clock.sleep(for: .seconds(1 << 20))
            }
            await #expect(throws: CancellationError.self) { try await late.value }
        }

        @Test func sleepersOutliveTheThread() async throws {
            let transport = try CurlTransport.forTests()
            let clock = try Self.clock(of: transport)
            let executor = try Self.executor(of: transport)
            let start = ContinuousClock.now
            let sleeping = Task(executorPreference: executor) {
                try await clock.sleep(for: .milliseconds(20))
            }
            let cancelled = Task(executorPreference: executor) {
                try await clock.sleep(for: .seconds(1 << 20))
            }
            // Both sleep once a job that came after theirs has run.
            await Task(executorPreference: executor) {}.value
            transport.stop()
            cancelled.cancel()
            await #expect(throws: CancellationError.self) { try await cancelled.value }
            try await sleeping.value
            #expect(ContinuousClock.now - start >= .milliseconds(20))
            try await clock.sleep(for: .milliseconds(1))
        }
    }
}

extension Clock where Duration == Swift.Duration {
    fileprivate func sleep(for duration: Duration) async throws {
        try await sleep(until: now.advanced(by: duration), tolerance: nil)
    }
}
