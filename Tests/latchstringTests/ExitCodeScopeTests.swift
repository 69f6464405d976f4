import Ledger
import Testing

@testable import Campaign
@testable import latchstring

@Suite struct ExitCodeScopeTests {
    @Test func whoWasGivenUpHasNotFailed() {
        var news = RosterNews()
        news.failures = ["not_activated": 5, "timeout": 2]
        news.newFailures = ["not_activated": 1, "timeout": 1]
        news.failuresInRun = ["not_activated": 1]
        #expect(
            news.words(.roster)
                == "2 identities are failed (2 timeout), 1 of them in this run; 5 identities are given up"
        )
        #expect(news.words(.run) == "1 identity is given up in this run")
        news.failures = ["not_activated": 1]
        #expect(news.words(.roster) == "1 identity is given up")
    }
}
