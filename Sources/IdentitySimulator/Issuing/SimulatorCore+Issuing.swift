// Issuing: counts a request, decides on it, notes what was given out, and lets the fault plan have its way.

import Glibc
import Synchronization
import Model

extension SimulatorCore {
    /// What is known of an issuing request once it has been counted.
    private struct Arrival {
        var number: Int
        var isAdmitted: Bool
        var rateLines: String
        var exists = false
        var timesBefore: Int?
        /// How long the answer waits for the service and takes in it.
        var service = Duration.zero
    }

    func issue(_ request: SimulatedRequest, _ endpoint: IssuingEndpoint) -> Delivery {
        let time = now()
        let barred = doorkeeper(request, isIssuing: true)
        // A refused credential leaves no trace on the identity: what it is asked next must not depend on it.
        let (identity, verdict) = barred.map { (nil, .refuse($0)) } ?? rules.judge(request, endpoint)
        let arrival = arrive(identity)
        var outcome: IssuingOutcome
        if !arrival.isAdmitted {
            outcome = IssuingOutcome(.tooManyRequests(requestID: request.requestID))
        } else {
            outcome = self.outcome(request, endpoint, identity, verdict, arrival, time)
        }
        if !arrival.rateLines.isEmpty { outcome.add(arrival.rateLines) }
        note(outcome, request, endpoint, identity, arrival, time)
        guard arrival.service > .zero else { return outcome.delivery }
        return .hold(.time(arrival.service), then: outcome.delivery)
    }

    private func arrive(_ identity: IdentityID?) -> Arrival {
        state.withLock { state in
            // Read under the lock, so that the arrivals are in the order of their times.
            let now = max(Self.read(CLOCK_MONOTONIC), state.lastArrival)
            state.lastArrival = now
            state.statistics.requestsReceived += 1
            state.peaks.arrive(at: now)
            let decision = state.limiter.arrive(at: now)
            var arrival = Arrival(
                number: state.statistics.requestsReceived,
                isAdmitted: decision?.isAdmitted ?? true,
                rateLines: decision.map { state.limiter.headerLines($0, at: now) } ?? ""
            )
            // A refusal by the limiter doesn't count as asking either.
            if arrival.isAdmitted, let identity {
                let (isKnown, timesBefore) = state.directory.ask(for: identity)
                arrival.exists = state.exists(identity, inDirectory: isKnown)
                arrival.timesBefore = timesBefore
                let chance = hash.fraction(.service, UInt64(arrival.number))
                if let end = state.lanes?.arrive(at: now, chance: chance) {
                    arrival.service = .nanoseconds(end - now)
                }
            }
            if !arrival.isAdmitted { state.statistics.rateLimited += 1 }
            return arrival
        }
    }

    private func outcome(
        _ request: SimulatedRequest,
        _ endpoint: IssuingEndpoint,
        _ identity: IdentityID?,
        _ verdict: IssuingRules.Verdict,
        _ arrival: Arrival,
        _ time: GoTime
    ) -> IssuingOutcome {
        let requestID = request.requestID
        var fault: Fault?
        if let identity, identity != .null, let timesBefore = arrival.timesBefore {
            fault = configuration.faults
                .fault(seed: configuration.seed, identity: identity, timesBefore: timesBefore)
        }
        if let fault, !fault.kind.happensAfterIssuing { return IssuingOutcome(fault, requestID: requestID) }

        let wanted: IdentityID
        let validFor: GoDuration
        let isBrowser: Bool
        switch verdict {
        case .refuse(let refusal): return IssuingOutcome(refusal).hit(by: fault)
        case .issue(let identity, let duration, let asBrowser):
            (wanted, validFor, isBrowser) = (identity, duration, asBrowser)
        }
        guard arrival.exists else {
            return IssuingOutcome(.unknownIdentity(endpoint, requestID: requestID)).hit(by: fault)
        }
        let publicURL = currentEndpoints.publicURL
        let uiBase = configuration.hasRelativeLinks ? "/ui" : configuration.uiURL
        let issuer = Issuer(hash: hash, uiBase: uiBase, publicURL: publicURL)
        let occasion = UInt64(arrival.timesBefore ?? arrival.number)
        let expiry = time + validFor
        let record = IssuedRecord(
            request: arrival.number,
            endpoint: endpoint,
            identity: wanted,
            recoveryCode: endpoint == .code ? issuer.code(for: wanted, time: occasion) : nil,
            recoveryLink: issuer.link(endpoint, for: wanted, time: occasion),
            expiresAt: expiry.rfc3339Nano,
            requestID: requestID,
            fault: fault?.kind
        )
        if configuration.keepsIssued {
            state.withLock { remember(record, asBrowser: isBrowser, until: expiry, request, time, &$0) }
        }
        return IssuingOutcome(issuer.answer(record), record: record).hit(by: fault)
    }

    private func note(
        _ outcome: IssuingOutcome,
        _ request: SimulatedRequest,
        _ endpoint: IssuingEndpoint,
        _ identity: IdentityID?,
        _ arrival: Arrival,
        _ time: GoTime
    ) {
        let kind = outcome.fault?.kind
        let isSent = kind != .close && kind != .closeAfter
        let status = outcome.answer?.status
        state.withLock { state in
            state.statistics.byStatus[isSent ? status ?? 0 : 0, default: 0] += 1
            if let kind { state.statistics.byFault[kind.rawValue, default: 0] += 1 }
            guard let record = outcome.record else { return }
            state.statistics.issued += 1
            if configuration.keepsIssued { state.issued.append(record) }
        }
        let event = kind != nil ? "fault" : outcome.record != nil ? "issued" : "refused"
        let line = LogLine(
            time: time,
            request: arrival.number,
            event: event,
            endpoint: endpoint,
            identity: identity,
            status: status,
            fault: kind?.rawValue,
            record: outcome.record,
            requestID: request.requestID
        )
        log?.write(line.bytes)
    }

    func noteScripted(_ request: SimulatedRequest, _ endpoint: IssuingEndpoint, _ delivery: Delivery) {
        let arrival = arrive(nil)
        state.withLock { state in
            state.statistics.byStatus[delivery.status ?? 0, default: 0] += 1
            state.statistics.byFault["scripted", default: 0] += 1
        }
        let line = LogLine(
            time: now(),
            request: arrival.number,
            event: "fault",
            endpoint: endpoint,
            identity: request.identity,
            status: delivery.status,
            fault: "scripted",
            record: nil,
            requestID: request.requestID
        )
        log?.write(line.bytes)
    }
}
