// Whom to ask and how, checked: the provider, the server, the credential, headers and TLS.

import ArgumentParser
import Campaign
import Foundation
import Glibc
import HTTPTransport
import Providers
import Model

/// The kind of server, and what its customers may ask how often.
struct ProviderSettings: Sendable {
    let provider: Provider
    /// The plan whose limits hold unless others are given; nil where the provider has none.
    let plan: ServicePlan?

    /// - Parameter remembered: what holds where nothing is said.
    init(_ settings: Settings, remembered: RememberedServer? = nil) throws {
        let known = remembered?.provider.flatMap(Provider.named)
        let isGiven = settings.given(\.server.provider) != nil
        provider = try isGiven ? settings[\.server.provider] : known ?? settings[\.server.provider]
        plan = try Self.plan(settings, provider)
    }

    private static func plan(_ settings: Settings, _ provider: Provider) throws -> ServicePlan? {
        guard let text = settings.given(\.server.plan) else { return provider.defaultPlan }
        guard !provider.plans.isEmpty else {
            throw ValidationError("\(text.origin): \(provider.title) has no plans; --rate sets limits")
        }
        guard let plan = provider.plan(named: text.text) else {
            let names = provider.plans.map(\.name).joined(separator: ", ")
            throw text.isNot("a plan of \(provider.title): there are \(names)")
        }
        return plan
    }
}

/// The settings of everything that speaks to a server.
struct ServerSettings: Sendable {
    let provider: Provider
    let server: ServerURL
    let credential: CredentialSource
    let headers: [HTTPHeader]
    let tls: TLSFiles
    let proxy: CurlTransport.Configuration.Proxy
    /// Where the proxy is named, if a setting names one.
    let proxyOrigin: String?
    let timeout: Duration

    struct TLSFiles: Sendable {
        var clientCertificate: String?
        var clientKey: String?
        var authorities: String?

        /// Looks whether the files can be used, and the key by nobody else.
        ///
        /// - Throws: `CommandFailure`.
        func check() throws {
            if let key = clientKey ?? clientCertificate {
                // Only for whether others can read it: what is in it is libcurl's to read.
                _ = try PrivateFile.text(
                    at: key,
                    clientKey == nil ? "the client certificate" : "the client key"
                )
            }
            if let authorities, access(authorities, R_OK) != 0 {
                throw CommandFailure(
                    .error,
                    "the file of authorities \(authorities) cannot be read: "
                        + "\(String(cString: strerror(errno)))"
                )
            }
        }
    }

    /// - Parameters:
    ///   - needsCredential: whether a provider that wants a credential is going to be asked for anything.
    ///   - remembered: the campaign's server, which holds where none is given.
    init(
        _ settings: Settings,
        needsCredential: Bool = true,
        remembered: RememberedServer? = nil
    ) throws {
        let provider = try ProviderSettings(settings, remembered: remembered).provider
        self.provider = provider
        let allowsHTTP = try settings[\.server.allowHTTP]
        server = try Self.server(
            \.server.server,
            settings,
            allowsHTTP,
            remembered: remembered?.server
        ) { (text) throws(ServerURL.Refusal) in try provider.serverURL(text) }
        var headers = try Self.headers(settings)
        var credential = try CredentialSource(settings)
        // Of a key and an Authorization header the one at the higher level is meant.
        if let fileLevel = settings.given(\.server.headerFile)?.level,
            let keyLevel = CredentialSource.level(settings)
        {
            if fileLevel > keyLevel, headers.contains(where: \.isAuthorization) { credential = .none }
            if fileLevel < keyLevel { headers.removeAll(where: \.isAuthorization) }
        }
        try Self.check(credential, headers, provider, isNeeded: needsCredential)
        self.headers = headers
        self.credential = credential
        tls = try Self.tls(settings)
        proxy = try settings[\.server.proxy] ?? .environment
        proxyOrigin = settings.given(\.server.proxy)?.origin
        timeout = try settings[\.server.timeout]
    }

    /// A server's URL, encrypted unless it is this machine or told not to be.
    static func server(
        _ setting: KeyPath<SettingCatalogue, Setting<String?>>,
        _ settings: Settings,
        _ allowsHTTP: Bool,
        remembered: String? = nil,
        _ read: (String) throws(ServerURL.Refusal) -> ServerURL
    ) throws -> ServerURL {
        let known = remembered.map {
            SettingText(texts: [$0], origin: "the campaign's server", level: .standard)
        }
        guard let value = settings.given(setting) ?? known else {
            let name = SettingCatalogue.all[keyPath: setting].facts.name
            throw ValidationError("--\(name) is required: the base URL of the server")
        }
        let server: ServerURL
        do {
            server = try read(value.text)
        } catch {
            throw ValidationError("\(value.origin): \(error.sentence)")
        }
        guard server.isConfidential || allowsHTTP else {
            throw ValidationError(
                "\(value.origin): \(server) is not encrypted, and every code is a key to an account: use "
                    + "https, or --allow-http where the network between is yours alone"
            )
        }
        return server
    }

    private static func tls(_ settings: Settings) throws -> TLSFiles {
        let files = TLSFiles(
            clientCertificate: try settings[\.server.clientCert],
            clientKey: try settings[\.server.clientKey],
            authorities: try settings[\.server.caFile]
        )
        if files.clientKey != nil, files.clientCertificate == nil {
            throw ValidationError(
                "--client-key is given without --client-cert: the certificate that it belongs to"
            )
        }
        return files
    }
}

// MARK: - Headers and credentials

extension ServerSettings {
    /// The operator's headers: those in the open, then those of the private file.
    private static func headers(_ settings: Settings) throws -> [HTTPHeader] {
        var headers = try settings[\.server.header]
        if let path = try settings[\.server.headerFile] { headers += try self.headers(inFile: path) }
        var names: Set<String> = []
        for header in headers where !names.insert(header.name.lowercased()).inserted {
            throw ValidationError("the header \(header.name) is given twice")
        }
        return headers
    }

    /// One header a line; empty lines, and those that begin with a `#`, are none.
    private static func headers(inFile path: String) throws -> [HTTPHeader] {
        let text = try PrivateFile.text(at: path, "the header file")
        return try text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap {
            item in
            let line = String(item.element.hasSuffix("\r") ? item.element.dropLast() : item.element)
            guard !line.allSatisfy({ $0 == " " || $0 == "\t" }), !line.hasPrefix("#") else { return nil }
            do {
                return try HTTPHeader(line: line)
            } catch {
                throw ValidationError("line \(item.offset + 1) of the header file \(path): \(error)")
            }
        }
    }

    private static func check(
        _ source: CredentialSource,
        _ headers: [HTTPHeader],
        _ provider: Provider,
        isNeeded: Bool
    ) throws {
        let header = headers.first(where: \.isAuthorization)
        let hasHeader = header != nil
        if let key = header?.value.split(separator: " ").last.flatMap({ BearerToken(String($0)) }),
            let refusal = provider.refusal(of: key)
        {
            throw CommandFailure(
                .credentialRefused,
                "the Authorization header holds a key that \(provider) will refuse: \(refusal)"
            )
        }
        switch source {
        case .none where isNeeded && provider.requiresCredential && !hasHeader:
            throw ValidationError(
                "\(provider.title) wants a credential: give one by --api-key-file, --api-key-command or "
                    + "LATCHSTRING_API_KEY"
            )
        case .none: break
        default:
            guard !hasHeader else {
                throw ValidationError(
                    "an API key and an Authorization header are both given: which credential is meant?"
                )
            }
        }
    }
}

// MARK: - Connecting

extension ServerSettings {
    /// The connection that these settings describe; its transport has to be stopped by the caller.
    ///
    /// - Throws: `CommandFailure` where the credential is not to be had, a file cannot be read.
    func connect(
        concurrency: Int,
        now: @escaping @Sendable () -> Timestamp
    ) async throws -> (connection: ServerConnection, transport: CurlTransport) {
        let credential = try await credential.load(for: provider)
        let transport = try startTransport(to: server, connections: concurrency)
        let connection = ServerConnection(
            provider: provider,
            server: server,
            credential: credential,
            headers: headers,
            timeout: timeout,
            proxy: ProxyInUse(proxy, named: proxyOrigin, to: server),
            transport: transport,
            now: now
        )
        return (connection, transport)
    }

    /// A transport to a server with these settings, which has to be stopped by the caller.
    ///
    /// - Throws: `CommandFailure` where a file that it needs is not what it should be.
    func startTransport(to server: ServerURL, connections: Int) throws -> CurlTransport {
        try tls.check()
        do {
            return try CurlTransport(configuration: transport(to: server, connections: connections))
        } catch {
            throw CommandFailure(.error, Wording(error.message))
        }
    }

    /// How to reach a server with these settings.
    private func transport(to server: ServerURL, connections: Int) -> CurlTransport.Configuration {
        var configuration = CurlTransport.Configuration(
            userAgent: "latchstring/\(latchstringVersion)",
            maxConnections: connections,
            proxy: proxy
        )
        configuration.unixSocketPath = server.unixSocketPath
        configuration.caFile = tls.authorities
        configuration.clientCertificateFile = tls.clientCertificate
        configuration.clientKeyFile = tls.clientKey
        return configuration
    }
}

// MARK: - The public port

/// How the server's public port is reached: as its users do, without anything that is the operator's.
struct PublicPortSettings: Sendable {
    let provider: Provider
    let server: ServerURL
    fileprivate let proxy: CurlTransport.Configuration.Proxy
    fileprivate let proxyOrigin: String?
    fileprivate let authorities: String?
    fileprivate let timeout: Duration

    /// A connection, which has to be stopped by its transport; no credential, header or client certificate
    /// goes there.
    func connect(
        keepingCookies: Bool,
        now: @escaping @Sendable () -> Timestamp
    ) throws -> (connection: ServerConnection, transport: CurlTransport) {
        let configuration = CurlTransport.Configuration(
            userAgent: "latchstring/\(latchstringVersion)",
            maxConnections: 1,
            proxy: proxy,
            caFile: authorities,
            unixSocketPath: server.unixSocketPath,
            keepsCookies: keepingCookies
        )
        let transport: CurlTransport
        do {
            transport = try CurlTransport(configuration: configuration)
        } catch {
            throw CommandFailure(.error, Wording(error.message))
        }
        let connection = ServerConnection(
            provider: provider,
            server: server,
            credential: Credential(nil),
            timeout: timeout,
            proxy: ProxyInUse(proxy, named: proxyOrigin, to: server),
            transport: transport,
            now: now
        )
        return (connection, transport)
    }
}

extension ServerSettings {
    /// The server of a `--public-server`, read by the rules of `--server`.
    static func publicPort(
        _ setting: KeyPath<SettingCatalogue, Setting<String?>>,
        _ settings: Settings,
        _ provider: Provider
    ) throws -> PublicPortSettings {
        let allowsHTTP = try settings[\.server.allowHTTP]
        let server = try server(setting, settings, allowsHTTP) {
            (text) throws(ServerURL.Refusal) in try provider.serverURL(text)
        }
        return PublicPortSettings(
            provider: provider,
            server: server,
            proxy: try settings[\.server.proxy] ?? .environment,
            proxyOrigin: settings.given(\.server.proxy)?.origin,
            authorities: try tls(settings).authorities,
            timeout: try settings[\.server.timeout]
        )
    }
}

extension HTTPHeader {
    fileprivate var isAuthorization: Bool { name.lowercased() == "authorization" }
}
