import Ledger
import Files
import Sealing
import TestSupport
import Testing
import Model

@testable import Exports

@Suite struct UnsealingTests {
    private let campaign: LedgerFixture
    private let key = PrivateKey()

    init() throws { campaign = try LedgerFixture() }

    /// Issues to as many as there are sealers, each its number as the code; `change` may spoil what is
    /// sealed.
    private func issue(
        _ sealers: [Sealer],
        change: (Int, inout [UInt8], IdentityID) throws -> Void = { _, _, _ in }
    ) throws {
        try campaign.enrol(1...sealers.count)
        let run = try campaign.beginRun()
        for (index, claim) in try campaign.claim(sealers.count, run).enumerated() {
            let sealer = sealers[index]
            let seal = try campaign.ledger.seal(
                to: sealer.publicKey.bytes,
                encapsulatedKey: sealer.encapsulatedKey,
                at: LedgerFixture.now
            )
            var sealed = try sealer.seal(code: "\(index + 1)", link: "/l\(index + 1)", of: claim.identityID)
            try change(index, &sealed, claim.identityID)
            var invitation = IssuedInvitation.sample(index + 1)
            invitation.secret = .sealed(seal, sealed)
            try campaign.record(.issued(invitation), [claim], run)
        }
    }

    private func export(_ unsealing: Unsealing?) throws -> [[String]] {
        let path = campaign.folder("invitations.csv")
        var file = try AtomicFile(path)
        let base = LinkBase("https://b.example")
        _ = try InvitationCSV.write(
            campaign.ledger,
            options: InvitationOptions(linkBase: base),
            unsealing: unsealing,
            to: &file
        )
        _ = try file.commit()
        return readCSV(try #require(text(ofFile: path)))
    }

    @Test func valuesOfSeveralRunsOpen() throws {
        let (first, second) = (try Sealer(to: key.publicKey), try Sealer(to: key.publicKey))
        try issue([first, second, first, second])
        let rows = try export(Unsealing(try campaign.ledger.seals(), with: key)).dropFirst()
        #expect(rows.map(\.[1]) == ["1", "2", "3", "4"])
        #expect(rows.map(\.[2]) == (1...4).map { "https://b.example/l\($0)" })
    }

    @Test func oneThatDoesNotOpenIsNamedAndThereIsNoFile() throws {
        let sealer = try Sealer(to: key.publicKey)
        // The second has what the third was given: moved from one identity to another.
        try issue([sealer, sealer, sealer]) { index, sealed, _ in
            if index == 1 { sealed = try sealer.seal(code: "3", link: "l", of: id(3)) }
        }
        let unsealing = Unsealing(try campaign.ledger.seals(), with: key)
        let error = #expect(throws: UnsealingError.self) { try export(unsealing) }
        #expect(error?.identityID == id(2))
        #expect(error?.description.contains(id(2).text) == true)
        #expect(throws: UnsealingError.self) {
            try PerUserCSV.write(
                campaign.ledger,
                options: InvitationOptions(),
                unsealing: unsealing,
                folder: campaign.folder("invitations")
            )
        }
        #expect(
            try names(inFolder: campaign.folder.path).filter { !$0.hasPrefix("ledger") } == ["invitations"]
        )
        #expect(text(ofFile: campaign.folder("invitations/a0/\(id(1).text).csv")) == nil)
    }

    @Test func withoutAKeyNothingOpens() throws {
        try issue([try Sealer(to: key.publicKey)])
        #expect(throws: UnsealingError(identityID: id(1))) { try export(nil) }
        #expect(throws: UnsealingError(identityID: id(1))) {
            try export(Unsealing(try campaign.ledger.seals(), with: PrivateKey()))
        }
        #expect(throws: UnsealingError(identityID: id(1))) { try export(Unsealing([], with: key)) }
    }
}
