// The command that goes on after an early end, and what has to be corrected before it can.

import Campaign
import Glibc
import Providers
import Model
import Work

/// How a run is gone on with.
struct GoOn: Sendable {
    private let arguments: [String]
    /// Where each setting stands that may be at fault, by its name: `--server`, `LATCHSTRING_SERVER`, or a
    /// file's key.
    private let origins: [String: String]
    private let credential: CredentialSource
    /// Whether the roster can be read only once, as standard input and pipes can.
    private let readsOnce: Bool

    /// What stands in a command for a value that has to be found first.
    private enum Placeholder {
        static let server = "URL"
        static let columns = "NAME=PATH"
        static let maxFailures = "N"
    }

    /// - Parameter arguments: the command line, the program's own name first.
    init(_ arguments: [String], _ settings: Settings, _ run: RunSettings) {
        self.arguments = arguments
        origins = [
            "server": settings.given(\.server.server),
            "max-identities": settings.given(\.issuing.maxIdentities),
            "max-failures": settings.given(\.run.maxFailures), "verify": settings.given(\.issuing.verify),
            "columns": settings.given(\.issuing.columns),
            "return-to": settings.given(\.issuing.returnTo),
        ].compactMapValues { $0?.origin }
        credential = run.server.credential
        var status = stat()
        readsOnce =
            run.roster.map { roster in
                roster.path == "-" || stat(roster.path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
            } ?? false
    }

    /// The same command again, in a sentence.
    var again: String { Self.sentence(nil, arguments, readsOnce) }

    /// The same, once an error is mended that has been told.
    var whenMended: String {
        "\(rosterAgain)When that is mended, to go on: \(CommandText.again(arguments))"
    }

    private var rosterAgain: String { readsOnce ? Self.rosterAgain : "" }
    private static let rosterAgain = "The roster has to be given again, as it can be read only once. "

    /// What to correct, where anything is to be, and the command that goes on then.
    ///
    /// - Parameters:
    ///   - isServerBound: whether the server has ever given an answer that can be used: then its URL was
    ///     right.
    ///   - gotFurther: whether the run has ended anybody as issued or failed.
    func after(_ stop: StopReason, isServerBound: Bool, gotFurther: Bool) -> String {
        switch stop {
        case .signal: return again
        case .maxDuration:
            return gotFurther
                ? again : sentence("In this time nobody's turn came: allow more (--max-duration).")
        case .maxIdentities: return withoutMaxIdentities
        case .maxFailures:
            return sentence(
                "Correct the roster or the server where failures.csv shows that they are wrong, or allow "
                    + "more failures "
                    + "(\(origin("max-failures"))).",
                replacing: "max-failures",
                by: Placeholder.maxFailures
            )
        case .outage: return sentence("The server has to answer again first.")
        case .roster: return sentence("Correct the roster there first.")
        case .fenced: return sentence("The other run has to end first.")
        case .ledger: return sentence("Mend what is wrong with the ledger first.")
        case .fatal(let answer): return after(answer.code, isServerBound)
        }
    }

    private func after(_ code: FatalAnswer.Code, _ isServerBound: Bool) -> String {
        switch code {
        case .credentialRefused: return sentence(renewal)
        case .wrongURL, .publicPort, .redirected, .notKratos, .hostNotResolved, .plainHTTP:
            guard !isServerBound else { return sentence("Correct what is said above first.") }
            return sentence("Correct \(origin("server")) first.", replacing: "server", by: Placeholder.server)
        case .unreachable:
            guard !isServerBound else { return sentence("The server has to answer again first.") }
            return sentence(
                "Start the server, or correct \(origin("server")).",
                replacing: "server",
                by: Placeholder.server
            )
        case .methodDisabled:
            return sentence("Switch the method on at the server, or ask for another (--method), first.")
        case .certificateRefused:
            return sentence("Mend the server's certificate, or name its authorities (--ca-file), first.")
        case .clientCertificateRefused:
            return sentence("Give a certificate that the server takes (--client-cert, --client-key) first.")
        case .lookupUnsupported where !isServerBound, .lookupRefused where !isServerBound:
            return sentence(
                "Correct \(origin("server")), or leave out --verify and --columns.",
                replacing: "server",
                by: Placeholder.server
            )
        case .lookupUnsupported, .lookupRefused:
            return sentence(
                "Leave out --verify and --columns\(elsewhere(["verify", "columns"])).",
                removing: ["columns"],
                flags: ["verify"]
            )
        case .columnMissing:
            return sentence(
                "Correct \(origin("columns")) first.",
                replacing: "columns",
                by: Placeholder.columns
            )
        case .parameterRefused where origins["return-to"] != nil:
            return sentence(
                "Correct what is said above first.",
                replacing: "return-to",
                by: Placeholder.server
            )
        case .sameRefusal: return sentence("Correct first what the server refuses everybody for.")
        default: return sentence("Correct what is said above first.")
        }
    }

    private var renewal: String {
        switch credential {
        case .file(let path): "Put a new API key into \(path) first."
        case .variable(_, let origin): "Put a new API key into \(origin) first."
        case .command: "See to it first that --api-key-command prints a key that the server takes."
        case .none:
            "Give a credential that the server takes (--api-key-file, --api-key-command, "
                + "LATCHSTRING_API_KEY, or a header in --header-file) first."
        }
    }

    private var withoutMaxIdentities: String {
        guard let origin = origins["max-identities"], origin != "--max-identities" else {
            return sentence(nil, removing: ["max-identities"])
        }
        return sentence("Leave out \(origin).")
    }

    private func origin(_ setting: String) -> String { origins[setting] ?? "--\(setting)" }

    /// Names the settings that do not stand on the command line.
    private func elsewhere(_ settings: [String]) -> String {
        let places = settings.compactMap { origins[$0] }.filter { !$0.hasPrefix("--") }
        return places.isEmpty ? "" : " (\(places.joined(separator: ", ")))"
    }

    private func sentence(
        _ correction: String?,
        replacing option: String? = nil,
        by value: String = "",
        removing options: [String] = [],
        flags: [String] = []
    ) -> String {
        var arguments = arguments
        if let option { arguments = CommandText.replacing("--\(option)", by: value, in: arguments) }
        for option in options { arguments = CommandText.replacing("--\(option)", by: nil, in: arguments) }
        for flag in flags { arguments.removeAll { $0 == "--\(flag)" } }
        return Self.sentence(correction, arguments, readsOnce)
    }

    private static func sentence(_ correction: String?, _ arguments: [String], _ readsOnce: Bool) -> String {
        let first = correction.map { "\($0) " } ?? ""
        return "\(first)\(readsOnce ? rosterAgain : "")To go on: \(CommandText.again(arguments))"
    }
}

extension CommandText {
    /// The arguments with another value for an option wherever it is given, or without it.
    static func replacing(_ option: String, by value: String?, in arguments: [String]) -> [String] {
        var replaced: [String] = []
        var isValue = false
        for argument in arguments {
            if isValue {
                isValue = false
                if let value { replaced.append(value) }
            } else if argument == option {
                isValue = true
                if value != nil { replaced.append(argument) }
            } else if argument.hasPrefix("\(option)=") {
                if let value { replaced.append("\(option)=\(value)") }
            } else {
                replaced.append(argument)
            }
        }
        return replaced
    }
}
