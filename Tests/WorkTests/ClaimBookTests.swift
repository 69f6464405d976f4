// Claims, their results and their commits, by themselves.

import Ledger
import Testing

@testable import Work

@Suite struct ClaimBookTests {
    private func book(due: Int = 100, isEnrolling: Bool = false, identitiesMax: Int? = nil) -> ClaimBook<
        String
    > {
        ClaimBook(due: due, isEnrolling: isEnrolling, identitiesMax: identitiesMax)
    }

    private func result(_ numbers: Int...) -> StageResult<String> {
        StageResult(
            claims: numbers.map { .numbered($0) },
            outcome: .done("code"),
            isAmbiguous: false,
            requestID: "r"
        )
    }

    @Test func claimsAreOpenUntilTheirEndIsCommitted() {
        var book = book()
        let first = book.beginCommit(claiming: 4, RunProgress())
        #expect(book.isCommitting && book.open == 0)
        book.committed(first, claims: 4)
        #expect(!book.isCommitting && book.open == 4 && book.total == 4 && !book.isExhausted)
        book.end(result(1, 2), at: .seconds(1))
        book.add(result(3), at: .seconds(2))
        #expect(book.ending == 2 && book.left == 2 && book.resultsSince == .seconds(1))
        let second = book.beginCommit(claiming: 0, RunProgress())
        #expect(second.ending == 2 && second.results.count == 2)
        #expect(book.results.isEmpty && book.ending == 0 && book.open == 4)
        book.committed(second, claims: 0)
        #expect(book.open == 2)
    }

    @Test func fewerClaimsThanWantedAreTheLast() {
        var book = book(due: 3)
        book.committed(book.beginCommit(claiming: 4, RunProgress()), claims: 3)
        #expect(book.isExhausted && !book.hasOthers && !book.isDone)
        book.end(result(1, 2, 3), at: .zero)
        book.committed(book.beginCommit(claiming: 0, RunProgress()), claims: 0)
        #expect(book.isDone)
    }

    /// What is enrolled while a commit is under way is not seen by it.
    @Test func whatIsEnrolledMeanwhileIsLookedForAgain() {
        var book = book(due: 0, isEnrolling: true)
        let commit = book.beginCommit(claiming: 4, RunProgress())
        book.enrolled(2)
        book.committed(commit, claims: 0)
        #expect(book.mayClaim && !book.isExhausted && book.hasOthers)
        book.committed(book.beginCommit(claiming: 4, RunProgress()), claims: 2)
        #expect(!book.mayClaim && !book.isExhausted, "there is nothing more for now")
        book.enrolmentEnded()
        #expect(book.mayClaim && !book.hasOthers)
        book.committed(book.beginCommit(claiming: 4, RunProgress()), claims: 0)
        #expect(book.isExhausted)
    }

    @Test func noMoreThanWantedAreClaimed() {
        var book = book(identitiesMax: 6)
        #expect(book.claimable(4) == 4 && book.claimable(-1) == 0)
        book.committed(book.beginCommit(claiming: 4, RunProgress()), claims: 4)
        #expect(book.claimable(4) == 2 && !book.hasReachedMax)
        book.committed(book.beginCommit(claiming: 2, RunProgress()), claims: 2)
        #expect(book.hasReachedMax && book.isExhausted)
    }

    @Test func aCommitThatFailsIsTriedOnceMoreWithAllThereIs() {
        var book = book()
        book.committed(book.beginCommit(claiming: 3, RunProgress()), claims: 3)
        book.end(result(1), at: .zero)
        let commit = book.beginCommit(claiming: 1, RunProgress())
        book.end(result(2), at: .seconds(1))
        book.failed(commit)
        #expect(book.hasFailed && book.unrecorded.isEmpty && book.ending == 2)
        #expect(book.results.map(\.claims) == [[.numbered(1)], [.numbered(2)]])
        book.failed(book.beginCommit(claiming: 0, RunProgress()))
        #expect(book.unrecorded.count == 2 && book.results.isEmpty && book.ending == 0)
        // They stay claimed in the ledger; the third was not sent.
        let works = (1...3).map { StageWork(claims: [.numbered($0, wasInDoubt: true)]) }
        #expect(book.unsent(works) == [.numbered(3, wasInDoubt: true)])
    }

    @Test func whatWasAskedForIsInDoubtNoMore() {
        var asked = StageWork(claims: [.numbered(1, wasInDoubt: true), .numbered(2)])
        asked.requests = 1
        #expect(book().unsent([asked]) == [.numbered(1), .numbered(2)])
    }
}
