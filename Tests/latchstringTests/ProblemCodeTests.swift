// The codes of problems: programs tell them apart by these.

import Campaign
import Delivery
import Exports
import Files
import Ledger
import Model
import Providers
import Roster
import Testing

@testable import latchstring

@Suite struct ProblemCodeTests {
    /// The codes of every type of problem.
    private static let codes: [[String]] = [
        codes(of: BatchError.self), codes(of: CampaignError.self), codes(of: CommandFailure.self),
        codes(of: FatalAnswer.self),
        codes(of: FileError.self), codes(of: FormatError.self), codes(of: HeaderRefusal.self),
        codes(of: LedgerError.self), codes(of: MailSettingError.self),
        codes(of: MailTemplateError.self), codes(of: MissingMailValues.self),
        codes(of: ReportsUnwritten.self), codes(of: RosterError.self), codes(of: SealError.self),
        codes(of: ServerURL.Refusal.self), codes(of: StillHoldsCodes.self), codes(of: UnsealingError.self),
    ]

    private static func codes<Problem: ProblemError>(of type: Problem.Type) -> [String] {
        Problem.Code.allCases.map(\.rawValue)
    }

    @Test func everyCodeIsOneProblemsOwn() {
        let all = Self.codes.flatMap(\.self)
        let counts = Dictionary(all.map { ($0, 1) }, uniquingKeysWith: +)
        #expect(counts.filter { $0.value > 1 }.isEmpty)
        #expect(Self.codes.allSatisfy { !$0.isEmpty })
    }

    @Test func everyCodeIsInSnakeCase() {
        for code in Self.codes.flatMap(\.self) {
            #expect(code.wholeMatch(of: #/[a-z][a-z0-9]*(_[a-z0-9]+)*/#) != nil, "\(code)")
        }
    }

    @Test func aCommandThatFailsKeepsTheCodeOfItsReason() {
        let error = FileError(.notAFolder, "x is not a folder", advice: "choose another")
        let failure = CommandFailure(describing: error)
        #expect(failure.problem == error.problem && failure.problem.code == "not_a_folder")
        #expect(failure.description == "x is not a folder: choose another")
        #expect(CommandFailure(.usage, "no").problem.code == "usage_error")
        #expect(CommandFailure(.inUse, "no").problem.code == "campaign_in_use")
    }

    @Test func settingsInAProblemAreSpelledByTheCommandLine() {
        let failure = CommandFailure(.error, "gone", advice: "use another \(.campaign)")
        #expect(failure.wording.inOptions == "gone: use another --campaign")
    }
}
