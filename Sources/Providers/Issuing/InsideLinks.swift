// Links that only the server's own machine or cluster can open, which users are neither in nor on.

import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Where a host can be reached from.
enum HostReach: Hashable, Sendable {
    /// From the machine itself only.
    case machine
    /// From within a cluster, or among containers.
    case cluster
    /// From within a private network.
    case inside
    case anywhere

    /// - Parameter host: in lower case, an IPv6 address in brackets.
    init(host: String) {
        var host = host[...]
        while host.hasSuffix(".") { host.removeLast() }
        if host.hasPrefix("["), host.hasSuffix("]") {
            self = Self.ofIPv6(String(host.dropFirst().dropLast()))
        } else if let address = Self.ipv4(String(host)) {
            self = Self.ofIPv4(address)
        } else if host == "localhost" || Self.machineSuffixes.contains(where: host.hasSuffix) {
            self = .machine
        } else if Self.isOfCluster(host) {
            self = .cluster
        } else if Self.privateSuffixes.contains(where: host.hasSuffix) {
            self = .inside
        } else {
            self = .anywhere
        }
    }

    private static let machineSuffixes = [".localhost", ".localdomain"]

    /// A name without a dot; Kubernetes (`*.svc`, with its cluster's domain behind it); clouds and Docker
    /// (`*.internal`); Consul.
    private static func isOfCluster(_ host: Substring) -> Bool {
        !host.contains(".") || host.contains(".svc.")
            || [".svc", ".cluster.local", ".internal", ".consul"].contains(where: host.hasSuffix)
    }

    /// RFC 6762 and 8375, and what private networks are usually called (RFC 6762, appendix G).
    private static let privateSuffixes = [
        ".local", ".home.arpa", ".intranet", ".lan", ".private", ".corp", ".home",
    ]

    /// As browsers read it: one to four numbers, decimal, octal or hexadecimal.
    private static func ipv4(_ host: String) -> UInt32? {
        guard let first = host.utf8.first, (0x30...0x39).contains(first) else { return nil }
        var address = in_addr()
        return inet_aton(host, &address) == 0 ? nil : UInt32(bigEndian: address.s_addr)
    }

    private static func ofIPv4(_ address: UInt32) -> HostReach {
        switch (address >> 24, address >> 16 & 0xff) {
        case (0, _), (127, _): .machine
        case (10, _), (172, 16...31), (192, 168), (169, 254), (100, 64...127): .inside
        default: .anywhere
        }
    }

    private static func ofIPv6(_ host: String) -> HostReach {
        var address = in6_addr()
        guard inet_pton(AF_INET6, String(host.prefix { $0 != "%" }), &address) == 1 else { return .anywhere }
        let bytes = withUnsafeBytes(of: address) { Array($0) }
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10...11].allSatisfy { $0 == 0xff }
        if isMapped { return ofIPv4(bytes[12...].reduce(0) { $0 << 8 | UInt32($1) }) }
        if bytes[..<15].allSatisfy({ $0 == 0 }) { return bytes[15] <= 1 ? .machine : .anywhere }
        // Link-local, and RFC 4193's own addresses.
        let isLinkLocal = bytes[0] == 0xfe && bytes[1] & 0xc0 == 0x80
        return isLinkLocal || bytes[0] & 0xfe == 0xfc ? .inside : .anywhere
    }
}

/// Looks whether users can open the links of a run.
final class InsideLinks: Sendable {
    private let server: String
    private let serverReach: HostReach
    /// How the last link began that was looked at, with the slash before its path.
    private let known = Mutex<[UInt8]?>(nil)

    init(server: ServerURL) {
        let host = server.unixSocketPath == nil ? LinkHosts.host(of: server.text) : nil
        self.server = host ?? "localhost"
        serverReach = HostReach(host: host ?? "localhost")
    }

    /// A remark where the link leads to this machine, or into a cluster, and the server is elsewhere.
    func remark(on link: String) -> AnswerRemark? {
        // There is one for each identity, and nearly all begin alike.
        if let beginning = known.withLock({ $0 }), link.utf8.starts(with: beginning) { return nil }
        guard let host = LinkHosts.host(of: link) else { return nil }
        if let beginning = LinkHosts.beginning(of: link) { known.withLock { $0 = beginning } }
        let reach = HostReach(host: host)
        let isElsewhere =
            switch reach {
            case .machine: serverReach != .machine
            // A port that is forwarded to this machine leads into the cluster for nobody else.
            case .cluster: serverReach == .machine || serverReach == .anywhere
            // A private network may have the server and its users.
            case .inside: serverReach == .anywhere
            case .anywhere: false
            }
        return isElsewhere ? .insideHost(host, server: server) : nil
    }
}
