// The counters of a simulated server.

/// What a simulated server has seen and done so far.
package struct SimulatorStatistics: Hashable, Sendable {
    /// Requests that arrived at the issuing endpoints, whatever became of them.
    package internal(set) var requestsReceived = 0
    package internal(set) var issued = 0
    /// Requests of every kind refused because of a rate limit; those hit by a 429 fault are not among them.
    package internal(set) var rateLimited = 0
    /// Answers to issuing requests by status; 0 counts those that got no answer.
    package internal(set) var byStatus: [Int: Int] = [:]
    package internal(set) var byFault: [String: Int] = [:]
    /// The most issuing requests that arrived within any second.
    package internal(set) var peakInSecond = 0
    /// The most issuing requests that arrived within any 60 seconds.
    package internal(set) var peakInMinute = 0
    package internal(set) var connectionsAccepted = 0
    /// Requests for identities, in lists or one by one, whatever became of them.
    package internal(set) var identityReads = 0
    /// Requests that create, change or delete identities, whatever became of them.
    package internal(set) var identityWrites = 0
    /// The most requests for identities that arrived within any second.
    package internal(set) var readPeakInSecond = 0
    /// The most requests for identities that arrived within any 60 seconds.
    package internal(set) var readPeakInMinute = 0

    /// The JSON document of `GET /simulator/stats`.
    package var json: String {
        let statuses = byStatus.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
        let faults = byFault.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
        return
            #"{"requests_received":\#(requestsReceived),"issued":\#(issued),"rate_limited":\#(rateLimited),"#
            + #""by_status":{\#(statuses.joined(separator: ","))},"#
            + #""by_fault":{\#(faults.joined(separator: ","))},"#
            + #""peak_1s":\#(peakInSecond),"peak_60s":\#(peakInMinute),"#
            + #""connections_accepted":\#(connectionsAccepted),"#
            + #""identity_reads":\#(identityReads),"identity_writes":\#(identityWrites),"#
            + #""read_peak_1s":\#(readPeakInSecond),"read_peak_60s":\#(readPeakInMinute)}"# + "\n"
    }
}
