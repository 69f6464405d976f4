// Which proxy libcurl takes from the environment, so that a refusal can name it: libcurl itself does not
// tell.

import Foundation
import Glibc
import HTTPTransport
import Providers

/// The proxy variables of the environment, read as libcurl reads them.
///
/// Facts: libcurl 7.88, `lib/url.c` (`detect_proxy`) and `lib/noproxy.c`: empty variables are none,
/// `HTTP_PROXY` is not read, the others in both cases, and the small letters first.
struct EnvironmentProxy {
    let environment: [String: String]

    /// The proxy for a URL, and the variable that names it; nil where there is none.
    ///
    /// - Parameter url: of a server, `https://host:port`.
    func proxy(for url: String) -> (url: String, variable: String)? {
        guard !isExempt(url) else { return nil }
        let own = url.hasPrefix("https:") ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"]
        for variable in own + ["all_proxy", "ALL_PROXY"] {
            if let text = text(variable) { return (text, variable) }
        }
        return nil
    }

    /// Whether `no_proxy` names the host: itself, a domain that it is in, its network, or everything.
    func isExempt(_ url: String) -> Bool {
        guard let list = text("no_proxy") ?? text("NO_PROXY") else { return false }
        if list == "*" { return true }
        guard var host = URLComponents(string: url)?.host?.lowercased(), !host.isEmpty else { return false }
        host = Self.trimmed(host)
        return list.lowercased().split { $0 == "," || $0.isWhitespace }.contains { entry in
            let entry = Self.trimmed(String(entry))
            guard !entry.isEmpty else { return false }
            return host == entry || (Self.address(host) == nil && host.hasSuffix(".\(entry)"))
                || Self.isInNetwork(host, entry)
        }
    }

    private func text(_ variable: String) -> String? {
        environment[variable].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Without the dots, and the brackets of IPv6, around it.
    private static func trimmed(_ name: String) -> String {
        name.trimmingCharacters(in: CharacterSet(charactersIn: ".[]"))
    }

    private static func address(_ text: String) -> UInt32? {
        var address = in_addr()
        return inet_pton(AF_INET, text, &address) == 1 ? UInt32(bigEndian: address.s_addr) : nil
    }

    /// Of networks IPv4 alone: `10.0.0.0/8`.
    private static func isInNetwork(_ host: String, _ entry: String) -> Bool {
        let parts = entry.split(separator: "/", maxSplits: 1)
        guard parts.count == 2, let bits = Int(parts[1]), (1...32).contains(bits),
            let network = address(String(parts[0])), let address = address(host)
        else { return false }
        return (network ^ address) >> (32 - bits) == 0
    }
}

extension ProxyInUse {
    /// A proxy by its URL, of which neither user nor password is kept.
    init(url: String, origin: String) {
        // Without a scheme curl takes it for an HTTP proxy.
        let whole = url.contains("://") ? url : "http://\(url)"
        self.init(
            url: CurlTransport.Configuration.Proxy.url(whole).description,
            origin: origin,
            hasUser: whole.contains("@")
        )
    }
}

extension ProxyInUse {
    /// The proxy between here and a server; nil where none is.
    ///
    /// - Parameter origin: where the setting stands that names one.
    init?(
        _ proxy: CurlTransport.Configuration.Proxy,
        named origin: String?,
        to server: ServerURL,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        guard server.unixSocketPath == nil else { return nil }
        let variables = EnvironmentProxy(environment: environment)
        switch proxy {
        case .none: return nil
        case .url(let url):
            guard !variables.isExempt(server.requestBase) else { return nil }
            self.init(url: url, origin: origin ?? "--proxy")
        case .environment:
            guard let found = variables.proxy(for: server.requestBase) else { return nil }
            self.init(url: found.url, origin: found.variable)
        }
    }
}
