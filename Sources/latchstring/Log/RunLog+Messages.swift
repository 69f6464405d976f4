// The messages of a run's log: one for each kind of event.

import Campaign
import Exports
import Providers
import Ledger
import Logging
import Files
import Model
import Work

extension RunLog {
    static func log(_ event: RunEvent, with logger: Logger) {
        switch event {
        case .step(let step): logger.debug("step begun", metadata: ["step": "\(step)"])
        case .rosterNote(let note): logger.notice("roster noted", metadata: ["note": "\(note)"])
        case .onNetworkFileSystem(_, let kind):
            logger.warning("folder is on a network file system", metadata: ["kind": "\(kind)"])
        case .waitingForLock(let holder, let limit):
            logger.notice(
                "waiting for the campaign",
                metadata: ["holder": "\(holder)", "limit_seconds": .seconds(limit)]
            )
        case .locked(let waited):
            logger.info(
                "campaign taken",
                metadata: ["waited_seconds": .seconds(waited)]
            )
        case .spillTaken(let taken):
            for text in taken.notes + taken.warnings {
                logger.warning("answers of an earlier run taken in", metadata: ["note": "\(text)"])
            }
        case .spillWaits(let text): logger.warning("answers wait", metadata: ["note": "\(text)"])
        case .secretColumns(let names):
            logger.warning(
                "ledger holds columns with codes",
                metadata: ["columns": .array(names.map { "\($0)" })]
            )
        case .began(let start, let server):
            logger.info(
                "run begun",
                metadata: [
                    "process": "\(start.process)", "version": "\(start.version)", "server": "\(server)",
                    "takes_absent": .flag(start.takesAbsent), "retries_failed": .flag(start.retryFailed),
                ]
            )
        case .enrolled(let enrolment): log(enrolment, logger)
        case .lookedUp(let verification): log(verification, logger)
        case .synced(let tally):
            logger.info(
                "activations asked for",
                metadata: [
                    "asked": .number(tally.asked), "activated": .number(tally.activated),
                    "redeemed": .number(tally.redeemed), "requests": .number(tally.requests),
                ]
            )
        case .reissuing(let tally):
            logger.info(
                "reissue prepared",
                metadata: [
                    "prepared": .number(tally.prepared), "given_up": .number(tally.givenUp),
                    "left_out": .number(tally.left.values.reduce(0, +) + tally.unasked),
                    "unknown_ids": .number(tally.unknownIDs),
                ]
            )
        case .outlastsValidity(let least, let validity):
            logger.warning(
                "codes expire before the last is issued",
                metadata: ["least_seconds": .seconds(least), "validity_seconds": .seconds(validity)]
            )
        case .handedOver(let written):
            logger.info(
                "batch written",
                metadata: [
                    "batch": .number(written.batch.number), "kind": "\(written.batch.kind.rawValue)",
                    "rows": .number(written.batch.rows), "path": "\(written.path)",
                ]
            )
        case .batchDropped(let number): logger.warning("batch undone", metadata: ["batch": .number(number)])
        case .purged(let count): logger.info("expired codes purged", metadata: ["count": .number(count)])
        case .invitationsKept(let path):
            logger.warning("purged invitations kept", metadata: ["path": "\(path)"])
        case .stage(let event): log(event, logger)
        case .keyRenewed(let times): logger.notice("API key renewed", metadata: ["times": .number(times)])
        case .stopping(let signal): logger.notice("stopping", metadata: ["signal": "\(signal)"])
        case .stoppedAtOnce(let signal): logger.warning("stopped at once", metadata: ["signal": "\(signal)"])
        case .unrecorded(let answers): log(answers, logger)
        case .seriesIncomplete(let text):
            logger.warning("time series incomplete", metadata: ["error": "\(text)"])
        case .stopUntold(let text): logger.error("run stops", metadata: ["reason": "\(text.inOptions)"])
        case .ledgerRescued(let path): logger.error("ledger rescued", metadata: ["path": "\(path)"])
        case .ledgerNotRescued(let text):
            logger.error("ledger not rescued", metadata: ["error": "\(text.inOptions)"])
        case .ended(let conclusion): log(conclusion, logger)
        case .failed(let status, let problem):
            logger.error(
                "run failed",
                metadata: [
                    "code": "\(problem.code)", "error": "\(problem.sentence.inOptions)",
                    "exit_code": .number(Int(status.rawValue)),
                ]
            )
        case .deliveryBegan, .mailPutOff, .waitingForMails, .delivered: logDelivery(event, logger)
        case .progress, .progressAsked, .enrolling, .lookingUp, .planning, .delivering: break
        }
    }

    /// No address, and no reply's text, which may hold one.
    private static func logDelivery(_ event: RunEvent, _ logger: Logger) {
        switch event {
        case .deliveryBegan(let relay, let inDoubt):
            logger.info("mailing begun", metadata: ["relay": "\(relay)", "in_doubt": .number(inDoubt)])
        case .mailPutOff(let identity, let reply, let due):
            var metadata: Logger.Metadata = [
                "identity": .personal(identity.text), "due_at": "\(due.rfc3339)",
            ]
            if let code = reply.code { metadata["reply_code"] = .number(code) }
            if let enhanced = reply.enhanced { metadata["enhanced_code"] = "\(enhanced)" }
            logger.info("mail put off", metadata: metadata)
        case .waitingForMails(let until):
            logger.info("waiting for mails that were put off", metadata: ["until": "\(until.rfc3339)"])
        case .delivered(let tally, let status, let stop):
            var metadata: Logger.Metadata = [
                "exit_code": .number(Int(status.rawValue)), "sent": .number(tally.sent),
                "sent_again": .number(tally.sentAgain), "put_off": .number(tally.putOff),
                "in_doubt": .number(tally.inDoubt), "failed": .number(tally.failed),
                "left_out": .number(tally.leftOut.values.reduce(0, +)),
                "passed_by": .number(tally.passedBy.values.reduce(0, +)),
            ]
            if let stop { metadata["stopped_because"] = "\(stop)" }
            logger.info("mailing ended", metadata: metadata)
        default: break
        }
    }

    private static func log(_ enrolment: Enrolment, _ logger: Logger) {
        logger.info(
            "roster enrolled",
            metadata: [
                "rows_read": .number(enrolment.counts.rowsRead),
                "enrolled": .number(enrolment.counts.enrolled),
                "enrolled_new": .number(enrolment.enrolledNew),
                "duplicates": .number(enrolment.counts.duplicates),
                "rejected": .number(enrolment.counts.rejected),
                "was_known": .flag(enrolment.wasKnown),
            ]
        )
    }

    private static func log(_ verification: Verification, _ logger: Logger) {
        logger.info(
            "identities looked up",
            metadata: [
                "looked_up": .number(verification.lookedUp), "unknown": .number(verification.unknown),
                "inactive": .number(verification.inactive), "requests": .number(verification.requests),
                "without_address": .number(verification.withoutAddress),
                "batch_size": .number(verification.batchSize),
            ]
        )
    }

    private static func log(_ answers: Unrecorded, _ logger: Logger) {
        switch answers {
        case .spilled(let count, let path):
            logger.error(
                "answers kept beside the ledger",
                metadata: ["count": .number(count), "path": "\(path)"]
            )
        case .spillFailed(let text): logger.error("answers not kept", metadata: ["error": "\(text)"])
        case .lost(let count): logger.error("answers lost", metadata: ["count": .number(count)])
        }
    }

    private static func log(_ conclusion: RunConclusion, _ logger: Logger) {
        let (run, counts) = (conclusion.progress, conclusion.counts)
        var metadata: Logger.Metadata = [
            "exit_code": .number(Int(conclusion.status.rawValue)),
            "requests": .number(run.requests), "retries": .number(run.retries),
            "issued": .number(run.issued), "failed": .number(run.failed),
            "ambiguous_attempts": .number(run.ambiguousAttempts),
            "rate_limited_answers": .number(run.rateLimitedAnswers),
            "campaign_identities": .number(counts.identities), "campaign_issued": .number(counts.issued),
            "campaign_failed": .number(counts.failed), "campaign_pending": .number(counts.pending),
            "campaign_in_doubt": .number(counts.inDoubt), "rejected_rows": .number(counts.rejected),
        ]
        if let stop = conclusion.stop { metadata["stopped_because"] = "\(stop)" }
        logger.info("run ended", metadata: metadata)
    }
}

// MARK: - Stages

extension RunLog {
    private static func log(_ event: StageEvent, _ logger: Logger) {
        switch event {
        case .attempted(_, let failed): log(failed, logger)
        // One that is no use to try again is in the line of its attempt; looking up has none for each.
        case .identityFailed(_, let failure) where failure.isPermanent && !failure.requestID.isEmpty: break
        case .identityFailed(let identity, let failure):
            var metadata: Logger.Metadata = [
                "identity": .personal(identity.text), "kind": "\(failure.kind)",
            ]
            if failure.requestID.isEmpty {
                metadata["reason"] = "\(failure.reason)"
            } else {
                metadata["request_id"] = "\(failure.requestID)"
            }
            logger.warning("identity failed", metadata: metadata)
        case .remark(let remark):
            logger.warning("invitation is odd", metadata: ["remark": "\(remark.text.inOptions)"])
        case .paused(let duration):
            logger.notice(
                "server asks to wait",
                metadata: ["seconds": .seconds(duration)]
            )
        case .outageBegan(let duration):
            logger.warning("outage begun", metadata: ["failing_seconds": .seconds(duration)])
        case .outageEnded(let duration):
            logger.notice("outage ended", metadata: ["failing_seconds": .seconds(duration)])
        case .limitChanged(let rates):
            logger.notice("limit changed", metadata: ["limits": .array(rates.map { "\($0)" })])
        case .concurrencyChanged(let count):
            logger.info("concurrency changed", metadata: ["concurrency": .number(count)])
        case .commitFailed(let text):
            logger.error("results not recorded", metadata: ["error": "\(text.inOptions)"])
        case .committed(let figures):
            logger.trace(
                "results recorded",
                metadata: [
                    "results": .number(figures.results), "ended": .number(figures.ended),
                    "claimed": .number(figures.claimed),
                ]
            )
        case .stopped(let reason):
            var metadata: Logger.Metadata = ["because": "\(reason.code)"]
            if let sentence = reason.sentence { metadata["reason"] = "\(sentence.inOptions)" }
            logger.notice("stopped early", metadata: metadata)
        }
    }

    private static func log(_ attempt: FailedAttempt?, _ logger: Logger) {
        // Without a kind nothing is wrong: the request goes out again.
        guard let attempt, let kind = attempt.kind else { return }
        var metadata: Logger.Metadata = [
            "identity": .personal(attempt.identityID.text), "kind": "\(kind)",
            "reason": "\(attempt.reason.inOptions)", "next": "\(attempt.sequel.rawValue)",
            "request_id": "\(attempt.requestID)", "ambiguous": .flag(attempt.mayBeDone),
        ]
        if attempt.identities > 1 { metadata["identities"] = .number(attempt.identities) }
        if let status = attempt.httpStatus { metadata["http_status"] = .number(status) }
        if let id = attempt.errorID { metadata["error_id"] = "\(id)" }
        if let hold = attempt.holdFor { metadata["hold_seconds"] = .seconds(hold) }
        logger.info("attempt failed", metadata: metadata)
    }
}
