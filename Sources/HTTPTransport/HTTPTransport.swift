// What the modules above know of the network: one request in, one answer or one error out.

/// Sends HTTP requests, one at a time or many at once.
///
/// Each call of ``send(_:)`` puts at most one request on the wire: nothing is retried and no redirect is
/// followed, so that whoever counts requests, and codes, can trust the count.
package protocol HTTPTransport: Sendable {
    /// Sends one request and awaits its answer.
    ///
    /// Cancelling the task does not abort it: an answer on its way is always awaited, because it may hold a
    /// code. The wait is bounded by the request's timeout.
    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse

    /// Where tasks run at the least cost that do little but send requests; nil where that is anywhere.
    ///
    /// What runs there holds up every request: it must neither block nor compute for long.
    var executor: (any TaskExecutor)? { get }
}

extension HTTPTransport {
    package var executor: (any TaskExecutor)? { nil }
}
