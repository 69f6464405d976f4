// The recordings' files: all can be read, none says what another says, and none holds a secret of a real
// system.

import Foundation
import RecordedExchanges
import TestSupport
import Testing

@Suite struct RecordingsTests {
    @Test func everyFileIsReadAndNoneIsMissing() throws {
        let recordings = Recordings.all
        #expect(recordings.problems.isEmpty)
        #expect(recordings.files.count == recordings.exchanges.count + recordings.stories.count)
        #expect(recordings.exchanges.count >= 137)
        #expect(recordings.stories.count >= 73)
        for file in recordings.files {
            #expect(throws: Never.self, "\(file.path)") {
                try JSONSerialization.jsonObject(with: Data(contentsOf: file))
            }
        }
    }

    @Test func namesAreUnique() {
        let recordings = Recordings.all
        expectUnique(recordings.exchanges.map(\.name) + recordings.stories.map(\.name))
        expectUnique(recordings.stories.flatMap(\.steps).map(\.exchange.name))
    }

    /// Names and the values of a story do not count: they differ between recordings of the same.
    @Test func noTwoFilesSayTheSame() {
        let recordings = Recordings.all
        expectUnique(
            recordings.exchanges.map { "\($0.port) \($0.disabled as Any) \($0.earlier) \($0.bytes())" }
        )
        expectUnique(
            recordings.stories.map { story in
                let setting =
                    "\(story.usesTransitions) \(story.disabled) \(story.email as Any) \(story.opening)"
                let steps = story.steps.map {
                    "\($0.exchange.port) \($0.exchange.bytes()) \($0.exchange.body) \($0.times)"
                }
                return "\(setting) \(story.fate) \(story.starts) \(steps)"
            }
        )
    }

    /// The recorded server was a throw-away server on loopback; its codes and tokens open nothing.
    @Test func onlyTheRecordedServerAndInventedUsersAreNamed() throws {
        let hosts: Set = ["127.0.0.1", "evil.example", "www.ory.sh"]
        for file in Recordings.all.files {
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: #/https?:\/\/([^\/:"?\\ <]+)/#) {
                #expect(hosts.contains(String(match.1)), "\(file.lastPathComponent)")
            }
            for match in text.matches(of: #/(?:@|%40)([A-Za-z0-9-]+\.[A-Za-z0-9.-]+)/#) {
                #expect(match.1 == "example.test", "\(file.lastPathComponent)")
            }
            for match in text.matches(of: #/Bearer ([^"]+)/#) {
                #expect(match.1 == "{token2}", "\(file.lastPathComponent)")
            }
            let secrets = #/PRIVATE KEY|\bory_(pat|apikey)_|\beyJ[A-Za-z0-9_-]{10,}\.|\bAKIA[0-9A-Z]{16}/#
            #expect(!text.contains(secrets), "\(file.lastPathComponent)")
        }
    }

    private func expectUnique(_ texts: [String], sourceLocation: SourceLocation = #_sourceLocation) {
        let repeated = Dictionary(grouping: texts, by: \.self).filter { $1.count > 1 }.keys
        #expect(repeated.isEmpty, sourceLocation: sourceLocation)
    }
}

@Suite struct RecordingFilesTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for name in ["Exchanges", "Stories"] {
            let path = folder(name)
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        }
    }

    private func read() -> Recordings { Recordings(in: URL(filePath: folder.path)) }

    private static let request =
        #""request": {"method": "POST", "url": "{admin}/a?b=}", "headers": [["Accept", "x"]], "body": "{ }"}"#

    @Test func aBodyIsMadeCompactOrTakenAsItIs() throws {
        let tree = #"{ "n": "{#unix}", "list": [1.50, true, {}], "t": "a \u003c b" }"#
        for (name, body) in [("tree", tree), ("text", #""a  b\n""#)] {
            let response =
                #""response": {"status": 200, "reason": "OK", "headers": [["E", ""]], "body": \#(body)}"#
            _ = try folder.write("{\(Self.request), \(response)}", to: "Exchanges/\(name).json")
        }
        let exchanges = read().exchanges
        #expect(exchanges.map(\.name) == ["text", "tree"])
        #expect(exchanges.map(\.body).first == "a  b\n")
        #expect(exchanges.map(\.body).last == #"{"n":{unix},"list":[1.50,true,{}],"t":"a \u003c b"}"# + "\n")
        #expect(exchanges.map(\.headers) == [["E: "], ["E: "]])
        #expect(
            exchanges.first?.bytes()
                == "POST /a?b=} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: x\r\nContent-Length: 3\r\n\r\n{ }"
        )
    }

    @Test(arguments: [
        #"{}"#, #"[]"#, #"{"request": {}}"#, #"{"a": 1,}"#, #"{"a": 1} 2"#, #"{"a": "#, #"{"a": nul}"#, "",
    ])
    func aFileThatIsNoRecordingIsNamed(_ text: String) throws {
        let path = try folder.write(text, to: "Exchanges/x.json")
        let recordings = read()
        #expect(recordings.exchanges.isEmpty)
        #expect(recordings.problems.map { $0.hasPrefix("\(path): ") } == [true])
    }

    @Test func aMemberThatIsNotKnownIsRefused() throws {
        let response = #""response": {"status": 200, "reason": "OK", "headers": [], "body": ""}"#
        _ = try folder.write(#"{\#(Self.request), \#(response), "disable": "code"}"#, to: "Exchanges/x.json")
        #expect(read().problems.first?.contains(#""disable" is not a member"#) == true)
    }

    @Test func anExchangeFollowsOnOneThatIsThere() throws {
        let response = #""response": {"status": 200, "reason": "OK", "headers": [], "body": ""}"#
        _ = try folder.write("{\(Self.request), \(response)}", to: "Exchanges/first.json")
        for (name, earlier) in [("second", "first"), ("third", "second")] {
            let text = #"{"after": ["\#(earlier)"], \#(Self.request), \#(response)}"#
            _ = try folder.write(text, to: "Exchanges/\(name).json")
        }
        let recordings = read()
        #expect(recordings.exchanges.map(\.name) == ["first", "second"])
        #expect(recordings.exchanges.last?.earlier.map(\.name) == ["first"])
        #expect(recordings.problems.count == 1)
    }

    @Test func foldersThatAreMissingAreNamed() {
        #expect(Recordings(in: URL(filePath: folder("nothing"))).problems.count == 2)
    }
}
