// TLS with a relay: from the start, and by STARTTLS.

import Foundation
import Model
import TestSupport
import Testing

@testable import Delivery

@Suite(
    .serialized,
    .enabled(if: TLSRelay.isPossible, "python3 is the relay, and openssl makes its certificate")
)
struct SMTPTLSTests {
    private typealias Meaning = SMTPDialogueTests

    private func configuration(_ relay: TLSRelay, _ scheme: String) throws -> SMTPConfiguration {
        var configuration = SMTPConfiguration(server: try SMTPServer("\(scheme)://localhost:\(relay.port)"))
        configuration.connections = 1
        configuration.trustsLoopback = false
        configuration.caFile = relay.certificate
        configuration.ehloName = "tests.example"
        return configuration
    }

    @Test(arguments: ["smtp", "smtps"])
    func mailsAndCredentialsGoOverTLS(_ scheme: String) async throws {
        let relay = try TLSRelay(scheme, connections: 1)
        var configuration = try configuration(relay, scheme)
        configuration.credential = { .password(user: "team", Secret("secret")) }
        try await withRelay(configuration) { smtp in
            for _ in 0..<3 { #expect(await smtp.meaning() == "sent") }
            let long = String(repeating: "a line\r\n", count: 100_000)
            #expect(await smtp.meaning(Meaning.mail(message: long)) == "sent")
        }
        let commands = relay.commands()
        #expect(commands.filter { $0.hasPrefix("MAIL") }.count == 4)
        // What is announced before STARTTLS does not count: this relay announces PIPELINING there only.
        #expect(commands.contains("MAIL FROM:<it@example.com> SIZE=18"))
        #expect(commands.filter { $0 == "EHLO tests.example" }.count == (scheme == "smtp" ? 2 : 1))
        #expect(commands.first { $0.hasPrefix("AUTH") } != nil)
        let isPlain = commands.firstIndex(of: "STARTTLS").map {
            commands[..<$0].contains { $0.hasPrefix("AUTH") }
        }
        #expect(isPlain != true)
    }

    @Test(arguments: ["smtp", "smtps"])
    func aCertificateThatNobodyKnowsStops(_ scheme: String) async throws {
        let relay = try TLSRelay(scheme, connections: 1)
        var configuration = try configuration(relay, scheme)
        configuration.caFile = nil
        configuration.credential = { .password(user: "team", Secret("secret")) }
        try await withRelay(configuration) { smtp in
            guard case .stop(let stop) = await smtp.send() else {
                Issue.record("it was sent")
                return
            }
            #expect(stop.kind == .tls && stop.reason.contains("certificate"), "\(stop.reason)")
        }
        #expect(!relay.commands().contains { $0.hasPrefix("MAIL") || $0.hasPrefix("AUTH") })
    }

    /// On this machine TLS is used where it is offered, whoever vouches for it.
    @Test func onThisMachineNoCertificateIsNeeded() async throws {
        let relay = try TLSRelay("smtp", connections: 1)
        var configuration = try configuration(relay, "smtp")
        configuration.caFile = nil
        configuration.trustsLoopback = true
        try await withRelay(configuration) { smtp in #expect(await smtp.meaning() == "sent") }
        #expect(relay.commands().contains("STARTTLS"))
    }

    @Test func TLSWithARelayThatSpeaksNoneStops() async throws {
        let relay = try FaultyRelay { $0.step == .connected ? .stall : nil }
        var configuration = SMTPConfiguration(server: try SMTPServer("smtps://localhost:\(relay.port)"))
        configuration.timeouts = .short
        try await withRelay(configuration) { smtp in #expect(await smtp.meaning() == "not taken") }
        let speaking = try FaultyRelay()
        configuration.server = try SMTPServer("smtps://localhost:\(speaking.port)")
        configuration.timeouts = SMTPTimeouts()
        try await withRelay(configuration) { smtp in
            guard case .stop(let stop) = await smtp.send() else {
                Issue.record("it was sent")
                return
            }
            #expect(stop.kind == .tls)
        }
    }

    @Test func aFileThatHoldsNoCertificatesStops() async throws {
        let relay = try TLSRelay("smtps", connections: 1)
        var configuration = try configuration(relay, "smtps")
        configuration.caFile = "/nowhere/ca.pem"
        try await withRelay(configuration) { smtp in
            guard case .stop(let stop) = await smtp.send() else {
                Issue.record("it was sent")
                return
            }
            #expect(stop.kind == .tls)
        }
        _ = relay.commands()
    }
}

/// A small relay in Python that knows TLS; it ends after so many connections.
final class TLSRelay {
    static let isPossible =
        PythonScript.interpreter != nil && FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")

    let port: Int
    let certificate: String
    private let folder: TemporaryFolder
    private let output: UnsafeMutablePointer<FILE>

    init(_ scheme: String, connections: Int) throws {
        folder = try TemporaryFolder()
        certificate = folder("cert.pem")
        let make = """
            /usr/bin/openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
            -subj /CN=localhost -addext subjectAltName=DNS:localhost \
            -keyout '\(folder("key.pem"))' -out '\(certificate)' 2>/dev/null
            """
        let made = try #require(popen(make, "r"))
        try #require(pclose(made) == 0)
        let script = try folder.write(Self.script, to: "relay.py")
        let command =
            "'\(PythonScript.interpreter ?? "")' -I '\(script)' '\(folder.path)' \(scheme) \(connections)"
        output = try #require(popen(command, "r"))
        port = try #require(Int(Self.line(output) ?? ""))
    }

    /// Waits for the relay's end: every command that it has heard.
    func commands() -> [String] {
        var lines: [String] = []
        while let line = Self.line(output) { lines.append(line) }
        pclose(output)
        return lines
    }

    private static func line(_ output: UnsafeMutablePointer<FILE>) -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        guard fgets(&buffer, Int32(buffer.count), output) != nil else { return nil }
        let bytes = buffer.prefix { $0 != 0 && $0 != 10 }
        return String(decoding: bytes.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static let script = """
        import signal, socket, ssl, sys
        signal.alarm(900)
        folder, scheme, connections = sys.argv[1], sys.argv[2], int(sys.argv[3])
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder + "/cert.pem", folder + "/key.pem")
        listener = socket.create_server(("127.0.0.1", 0))
        print(listener.getsockname()[1], flush=True)
        for _ in range(connections):
            try:
                plain, _ = listener.accept()
                is_tls = scheme == "smtps"
                wire = context.wrap_socket(plain, server_side=True) if is_tls else plain
                lines = wire.makefile("rb")
                say = lambda text: wire.sendall(text.replace("\\n", "\\r\\n").encode() + b"\\r\\n")
                say("220 python")
                while line := lines.readline():
                    line = line.decode().rstrip("\\r\\n")
                    print(line, flush=True)
                    verb = line.split(" ")[0].upper()
                    if verb == "EHLO":
                        say("250-python\\n250-SIZE 1000000\\n250 AUTH PLAIN" if is_tls
                            else "250-python\\n250-PIPELINING\\n250 STARTTLS")
                    elif verb == "STARTTLS":
                        say("220 go")
                        wire = context.wrap_socket(plain, server_side=True)
                        lines, is_tls = wire.makefile("rb"), True
                    elif verb == "AUTH":
                        say("334 ")
                        lines.readline()
                        say("235 2.7.0 ok")
                    elif verb == "DATA":
                        say("354 go")
                        while lines.readline() not in (b".\\r\\n", b""): pass
                        say("250 2.0.0 Ok: queued as T1")
                    elif verb == "QUIT":
                        say("221 bye")
                        break
                    else: say("250 ok")
                wire.close()
            except (OSError, ssl.SSLError) as error: print("error", type(error).__name__, flush=True)
        """
}
