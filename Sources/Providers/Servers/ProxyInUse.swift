// The proxy between here and a server, for whoever has to find out that there is one.

package import Model

/// The proxy that requests go through, and where it was named.
package struct ProxyInUse: Hashable, Sendable {
    /// Without user and password: `http://proxy.example.com:3128`.
    package let url: String
    /// The option, the variable or the file that names it, such as `https_proxy`.
    package let origin: String
    /// Whether a user name goes along.
    package let hasUser: Bool

    package init(url: String, origin: String, hasUser: Bool) {
        self.url = url
        self.origin = origin
        self.hasUser = hasUser
    }
}

extension ProxyInUse: CustomStringConvertible {
    /// What to do about a proxy that has no address.
    package static let checkSettings: Wording =
        "check \(.proxy), \(variable: .proxy) and the proxy variables of the environment"

    package var description: String { "the proxy \(url) (from \(origin))" }
}

extension ProxyInUse? {
    /// `the proxy http://proxy.example.com:3128 (from https_proxy)`.
    package var named: String { self?.description ?? "a proxy that is named nowhere here" }

    /// What to do about a proxy that refuses us.
    ///
    /// - Parameter wantsUser: whether it is about a user name and a password.
    package func advice(wantsUser: Bool) -> Wording {
        let without: Wording = "\(variable: .proxy, "none") goes without a proxy"
        guard wantsUser else {
            return "check what it lets through; \(variable: .proxy) names another proxy, and \(without)"
        }
        let wants = self?.hasUser == true ? "it refuses the user name and password" : "it wants a user name"
        let isOption = self?.origin.hasPrefix("-") == true
        let first: Wording = isOption ? "leave out \(.proxy) and put" : "put"
        return "\(wants): \(first) http://USER:PASSWORD@HOST:PORT into \(variable: .proxy); \(without)"
    }
}
