// The summary as JSON, its fields always in the same order.

package import Ledger
package import Model

extension Summary {
    /// One JSON object, over several lines, with a line break at its end.
    package var json: String { json(adding: []) }

    /// The same, with further fields at its end.
    package func json(adding further: JSONMembers) -> String {
        JSONWriter.document(fields + further)
    }

    private var fields: JSONMembers {
        [
            ("campaign", .text(campaign)),
            ("roster", .optional(roster)),
            ("server", .optional(isServerBound ? server : nil)),
            ("rows_read", .number(enrolment.rowsRead)),
            ("enrolled", .number(enrolment.enrolled)),
            ("enrolled_new", .number(enrolledNew)),
            ("duplicates", .number(enrolment.duplicates)),
            ("rejected", .number(enrolment.rejected)),
            ("identities", .number(identities)),
            ("issued", .number(issued)),
            ("failed", .number(failed)),
            ("pending", .number(pending)),
            ("in_doubt", .number(inDoubt)),
            ("absent", .number(absent)),
            ("valid", .number(funnel.valid)),
            ("expired", .number(funnel.expired)),
            ("redeemed", .number(funnel.redeemed)),
            ("activated", .number(funnel.activated)),
            ("given_up", .number(funnel.givenUp)),
            ("handed_over", .number(funnel.handedOver)),
            ("reissued", .number(funnel.reissued)),
            ("activation_seconds_median", .seconds(funnel.activationTime?.median)),
            ("activation_seconds_90_percent", .seconds(funnel.activationTime?.ninetyPercent)),
            ("purged", .number(purged)),
            ("sealed_to", .optional(sealedTo)),
            ("requests", .number(run.requests)),
            ("retries", .number(run.retries)),
            ("ambiguous_attempts", .number(ambiguousAttempts)),
            ("rate_limited_answers", .number(run.rateLimitedAnswers)),
            ("limit_in_force", .optional(run.limitInForce)),
            ("limited_by", .optional(run.limitedBy?.rawValue)),
            ("started_at", .optional(startedAt?.rfc3339)),
            ("finished_at", .optional(finishedAt?.rfc3339)),
            ("elapsed_seconds", .decimal(elapsedSeconds)),
            ("issued_per_second", .decimal(issuedPerSecond)),
            ("stopped_because", .optional(stoppedBecause)),
            ("failures", .counts(failures)),
        ] + (deliveries.isEmpty ? [] : [("deliveries", .object(deliveries.fields))])
    }
}

extension DeliveryCounts {
    /// As members of a JSON object.
    package var fields: JSONMembers {
        [
            ("sent", .number(sent)), ("sent_again", .number(sentAgain)), ("claimed", .number(claimed)),
            ("in_doubt", .number(inDoubt)), ("later", .number(later)), ("failed", .number(failed)),
            ("left_out", .number(leftOut)), ("not_handed_over", .number(notHandedOver)),
            ("next_due_at", .optional(nextDue?.rfc3339)), ("failures_by_reply", .counts(failures)),
            ("left_out_by_reason", .counts(reasons)),
        ]
    }
}

extension JSONValue {
    fileprivate static func seconds(_ duration: Duration?) -> JSONValue {
        duration.map { .decimal($0.inSeconds) } ?? .null
    }
}
