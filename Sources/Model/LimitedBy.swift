// Who holds a run up.

/// What requests wait for; the raw values are part of the format of reports, ledgers and spill files.
package enum LimitedBy: String, Hashable, Codable, Sendable {
    /// For the rates that the operator asked for.
    case `operator`
    /// For what the server announced, or made known by refusing.
    case server
    /// For no rate: for places among the requests in flight, or for nothing at all.
    case concurrency
}
