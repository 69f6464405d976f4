// What the nights of a round leave to judge by, and what must hold. Pure.

package import Model

/// What all nights of a round come to.
package struct NightsEvidence: Sendable {
    package var plan: NightsPlan
    package var roster: PlannedRoster
    package var issued: [IssuedCode]
    /// Those who have activated, and after which request nobody may issue for them any more, as the night
    /// after their activation had begun by then.
    package var activated: [IdentityID: Int]
    /// The invitations in the end.
    package var exported: [InvitationLine]
    /// Those of them that are valid by the clock of the last runs.
    package var isValid: @Sendable (InvitationLine) -> Bool
    /// All batches that are recorded as written, in the end.
    package var batches: [HandedBatch]
    /// The numbers of those whose members the last `export --new` has chosen, after a sync of everybody.
    package var chosenLast: Set<Int>
    /// What `handovers` counts in the end.
    package var notHandedOver: Int
    /// What `status` tells in the end.
    package var end: SummaryFigures

    package init(
        plan: NightsPlan,
        roster: PlannedRoster,
        issued: [IssuedCode],
        activated: [IdentityID: Int],
        exported: [InvitationLine],
        isValid: @escaping @Sendable (InvitationLine) -> Bool,
        batches: [HandedBatch],
        chosenLast: Set<Int>,
        notHandedOver: Int,
        end: SummaryFigures
    ) {
        self.plan = plan
        self.roster = roster
        self.issued = issued
        self.activated = activated
        self.exported = exported
        self.isValid = isValid
        self.batches = batches
        self.chosenLast = chosenLast
        self.notHandedOver = notHandedOver
        self.end = end
    }

    /// Codes that the server gave out and that were no invitation in any generation.
    ///
    /// Whose code is purged is left out, as its generation is not exported any more.
    package var doubled: Int {
        let given = codesByIdentity
        return exported.reduce(0) { sum, line in
            sum + max(0, (IdentityID(line.identity).flatMap { given[$0]?.count } ?? 0) - line.generation)
        }
    }

    private var codesByIdentity: [IdentityID: [IssuedCode]] { Dictionary(grouping: issued, by: \.identity) }

    /// Everything that is wrong; empty where all is well.
    package func violations() -> [Violation] {
        afterActivation() + generations() + batches.violations() + handedOver() + leftOver() + funnel()
    }

    /// Nobody who has activated got another code in a later night.
    func afterActivation() -> [Violation] {
        issued.compactMap { code in
            guard let last = activated[code.identity], code.request > last else { return nil }
            return Violation(
                .issuedAfterActivation,
                "\(code.identity) had activated before request \(last), and was issued a code by "
                    + "\(code.request)"
            )
        }
    }

    /// Nobody has a later generation than the server has given codes, or than is allowed; codes beside the
    /// generations are accounted for.
    func generations() -> [Violation] {
        var found: [Violation] = []
        let given = codesByIdentity
        for line in exported {
            let codes = IdentityID(line.identity).flatMap { given[$0] } ?? []
            if !(1...plan.reissueMax + 1).contains(line.generation) || codes.count < line.generation {
                found.append(
                    Violation(
                        .generations,
                        "\(line.identity) has generation \(line.generation), and was given "
                            + "\(codes.count) codes"
                    )
                )
            }
        }
        if doubled > end.ambiguousAttempts {
            found.append(
                Violation(
                    .doubledCodes,
                    "\(doubled) codes are of no generation, \(end.ambiguousAttempts) ambiguous attempts"
                )
            )
        }
        let reissued = exported.count { $0.generation > 1 }
        if end.purged == 0, end.reissued != reissued {
            found.append(Violation(.generations, "\(end.reissued) reissued, \(reissued) exported"))
        }
        return found
    }

    /// What is in a batch was issued for that identity, later generations by later requests, and the current
    /// one is what is exported.
    func handedOver() -> [Violation] {
        var found: [Violation] = []
        let given = codesByIdentity
        let current = Dictionary(exported.map { ($0.identity, $0) }) { first, _ in first }
        var requests: [String: [Int: Int]] = [:]
        for batch in batches {
            for line in batch.lines ?? [] {
                let code = IdentityID(line.identity).flatMap { given[$0] }?.first {
                    $0.code == line.code && $0.link == line.link && $0.expiresAt == line.expiresAt
                }
                let isExported = current[line.identity].map {
                    $0.generation > line.generation || $0 == line
                }
                guard let code, isExported ?? (end.purged > 0) else {
                    found.append(
                        Violation(
                            .exportUnlikeLog,
                            "\(line.identity) is in batch \(batch.entry.batch) with what is not its "
                                + "invitation"
                        )
                    )
                    continue
                }
                requests[line.identity, default: [:]][line.generation] = code.request
            }
        }
        for (identity, numbers) in requests {
            let ordered = numbers.sorted { $0.key < $1.key }.map(\.value)
            if ordered != ordered.sorted() {
                found.append(Violation(.generations, "\(identity) was issued for in another order"))
            }
        }
        return found
    }

    /// Everybody with a valid invitation has been handed over by the last batch, and whom it chose is valid
    /// and has not activated.
    func leftOver() -> [Violation] {
        var found: [Violation] = []
        let handed = Set(batches.flatMap { $0.lines ?? [] }.map(Invitation.init))
        let unhanded = exported.filter { !handed.contains(Invitation($0)) }
        for line in unhanded where isValid(line) && !hasActivated(line) {
            found.append(Violation(.handedOverNever, "\(line.identity), generation \(line.generation)"))
        }
        for batch in batches where chosenLast.contains(batch.entry.batch) {
            for line in batch.lines ?? [] where !isValid(line) || hasActivated(line) {
                found.append(
                    Violation(.handedOverInVain, "\(line.identity) is in batch \(batch.entry.batch)")
                )
            }
        }
        if end.purged == 0, notHandedOver != unhanded.count {
            found.append(
                Violation(.accounting, "\(notHandedOver) not handed over, \(unhanded.count) in no batch")
            )
        }
        return found
    }

    /// The funnel is as the server knows it, and everybody can come in, has activated, or is given up.
    func funnel() -> [Violation] {
        var found: [Violation] = []
        func require(_ holds: Bool, _ what: @autoclosure () -> String) {
            if !holds { found.append(Violation(.accounting, what())) }
        }
        let invited = Set(exported.map(\.identity))
        require(
            end.valid + end.expired + end.activated == exported.count + end.purged,
            "\(end.valid) valid, \(end.expired) expired, \(end.activated) activated are not the "
                + "\(exported.count) exported and \(end.purged) purged"
        )
        require(
            end.activated == activated.count,
            "\(end.activated) activated, \(activated.count) at the server"
        )
        let valid = exported.count { isValid($0) && !hasActivated($0) }
        require(end.valid == valid, "\(end.valid) valid, \(valid) exported that are")
        if end.purged == 0 {
            let missing = roster.known.filter { !invited.contains($0.text) }
            require(missing.isEmpty, "\(missing.count) have lost their invitation: \(missing.prefix(3))")
        }
        for line in exported
        where !isValid(line) && !hasActivated(line) && line.generation <= plan.reissueMax {
            found.append(
                Violation(
                    .unfinished,
                    "\(line.identity), generation \(line.generation), has expired and is not issued anew"
                )
            )
        }
        return found
    }

    private func hasActivated(_ line: InvitationLine) -> Bool {
        IdentityID(line.identity).map { activated[$0] != nil } ?? false
    }

    /// One identity's invitation of one generation.
    private struct Invitation: Hashable {
        let identity: String
        let generation: Int

        init(_ line: InvitationLine) { (identity, generation) = (line.identity, line.generation) }
    }
}
