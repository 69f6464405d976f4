// The settings that say which server is asked, and how it is spoken to.

import ArgumentParser
import Foundation
import HTTPTransport
import Providers

/// Which server, and how it is spoken to.
struct ServerGroup: SettingGroup {
    static let heading = "Server"

    let provider = Setting(
        "provider",
        .parsed(
            "a provider: there are \(Provider.all.map(\.name).joined(separator: ", "))",
            "name",
            Provider.named
        ),
        default: "kratos"
    )
    .help("The kind of server: kratos, ory-network or connhex.")

    /// Read by `ServerSettings`: what is good depends on the provider and on `allow-http`.
    let server = Setting("server", .text("url"))
        .help(
            """
            The base URL of the server's admin API, or unix:/path. Required, unless the campaign knows its \
            own.
            """,
            more: """
                Of Ory Network the project's URL or slug, or a custom domain. https, unless the host is this \
                machine.
                """
        )
        .example("https://kratos-admin.example.com")

    /// Read by `ProviderSettings`: the plans are the provider's.
    let plan = Setting("plan", .text("name"), otherwise: "developer")
        .help(
            """
            The plan of Ory Network whose limits hold unless --rate is given: developer, production, growth, \
            enterprise or staging.
            """
        )
        .example("growth")

    /// The key itself: never an argument, and never in a file that is read for something else.
    let apiKey = Setting("api-key", .text("key")).help("A bearer token that the server takes.")
        .example("ory_pat_…").only(on: [.environment]).secret

    let apiKeyFile = Setting("api-key-file", .path())
        .help(
            "A file with a bearer token, which nobody else can read; else LATCHSTRING_API_KEY.",
            more: "Read again when the server refuses the token in the middle of a run."
        )
        .example("/srv/latchstring/key")

    /// Secret, for there may be a password in the command.
    let apiKeyCommand = Setting("api-key-command", .text("command"))
        .help("A command for sh that prints a bearer token; run again when the token is refused.")
        .example("pass show kratos").secret

    let header = Setting(list: "header", .each(.header))
        .help("A header to send along, 'Name: value', that is no secret; may be given several times.")
        .example("X-Tenant: blue").secret

    let headerFile = Setting("header-file", .path())
        .help("A file with headers to send along, one 'Name: value' a line, which nobody else can read.")
        .example("/srv/latchstring/headers")

    let clientCert = Setting("client-cert", .path()).help("A client certificate, PEM.").example("client.pem")

    let clientKey = Setting("client-key", .path())
        .help("Its private key, PEM, without a passphrase; else the certificate's file has it.")
        .example("client.key")

    let caFile = Setting("ca-file", .path())
        .help("The certificates of the authorities to trust, PEM; else the system's.").example("ca.pem")

    let allowHTTP = Setting(switch: "allow-http")
        .help("Let codes and keys travel unencrypted to a server that is not this machine.")

    let proxy = Setting("proxy", .proxy)
        .help("A proxy's URL, or none; else the environment's, as curl has it.")
        .example("http://proxy.example.com:3128")
        .note(
            """
            A user name and a password are taken from the variable or the file only, and are never shown. \
            When a proxy refuses, the error names it and the place where it is set.
            """
        )
        .secret

    let timeout = Setting(
        "timeout",
        .duration("a duration such as 30s, up to 1h") { $0 > .zero && $0 <= .seconds(3600) },
        default: "30s"
    )
    .help("For one request, whole; at most 1h.")
}

extension SettingForm where Value == HTTPHeader {
    /// A header whose value everybody may see.
    fileprivate static var header: SettingForm {
        SettingForm(placeholder: "header") { text in
            let header: HTTPHeader
            do { header = try HTTPHeader(line: text.text) } catch {
                throw ValidationError("\(text.origin): \(error)")
            }
            guard !header.isCredential else {
                throw ValidationError(
                    "\(text.origin): \(header.name) looks like a secret, which others could see there: put "
                        + "it into a file (chmod 600) and name that by --header-file"
                )
            }
            return header
        }
    }
}

extension SettingForm where Value == CurlTransport.Configuration.Proxy {
    /// A proxy's URL, or the word for no proxy.
    fileprivate static var proxy: SettingForm {
        SettingForm(placeholder: "url|none") { text in
            if text.text == "none" { return .none }
            // Without a scheme curl takes it for an HTTP proxy.
            let url = URLComponents(string: text.text.contains("://") ? text.text : "http://\(text.text)")
            guard let url, url.host?.isEmpty == false else { throw text.isNot("a proxy's URL, or none") }
            guard text.level != .flag || (url.user == nil && url.password == nil) else {
                throw ValidationError(
                    "\(text.origin): a user name or password there shows in the process list; put it into "
                        + "LATCHSTRING_PROXY"
                )
            }
            return .url(text.text)
        }
    }
}
