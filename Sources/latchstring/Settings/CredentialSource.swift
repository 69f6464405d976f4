// The API key: from a private file, a command or the environment, never from an argument.

import ArgumentParser
import Campaign
import Providers
import Model

/// Where the key comes from.
enum CredentialSource: Sendable {
    case none
    case variable(Secret<String>, origin: String)
    case file(String)
    case command(String)

    /// The source at the highest level that has one.
    ///
    /// - Parameter header: the `Authorization` header of the operator's own, where there is one.
    /// - Throws: `ValidationError` where two credentials are given at one level.
    init(_ settings: Settings) throws {
        let given = Self.given(settings)
        guard let highest = given.map(\.value.level).max() else {
            self = .none
            return
        }
        let meant = given.filter { $0.value.level == highest }
        guard meant.count == 1 else {
            let names = meant.map(\.value.origin).joined(separator: " and ")
            throw ValidationError("\(names) are both given: which credential is meant?")
        }
        self = meant[0].source
    }

    /// The level that the key comes from; nil where there is none.
    static func level(_ settings: Settings) -> SettingLevel? {
        given(settings).map(\.value.level).max()
    }

    private static func given(_ settings: Settings) -> [(value: SettingText, source: CredentialSource)] {
        let given: [(value: SettingText, source: CredentialSource)?] = [
            settings.given(\.server.apiKey).map { ($0, .variable(Secret($0.text), origin: $0.origin)) },
            settings.given(\.server.apiKeyFile).map { ($0, .file($0.text)) },
            settings.given(\.server.apiKeyCommand).map { ($0, .command($0.text)) },
        ]
        return given.compactMap { $0 }
    }

    /// Reads the key, and makes it one that can be read again where it comes from a file or a command.
    ///
    /// - Throws: `CommandFailure` where there is none to be had, or one that cannot do the work.
    func load(for provider: Provider) async throws -> Credential {
        guard let token = try await read(for: provider) else { return Credential(nil) }
        switch self {
        case .none, .variable: return Credential(token)
        case .file, .command:
            return Credential(token) { try await read(for: provider) ?? token }
        }
    }

    private func read(for provider: Provider) async throws -> BearerToken? {
        let (text, origin): (String, String)
        switch self {
        case .none: return nil
        case .variable(let value, let name): (text, origin) = (value.revealed, name)
        case .file(let path):
            (text, origin) = (
                try PrivateFile.text(at: path, "the API key file", isKey: true), "the API key file \(path)"
            )
        case .command(let command):
            (text, origin) = (
                try await ShellCommand(command, "the API key command").output(),
                "the output of --api-key-command"
            )
        }
        let token = try CredentialText.key(text, origin)
        if let refusal = provider.refusal(of: token) {
            throw CommandFailure(
                .credentialRefused,
                "\(origin) holds a key that \(provider) will refuse: \(refusal)"
            )
        }
        return token
    }
}
