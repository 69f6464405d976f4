// Grouped numbers.

import Testing
import Model

@Suite struct IntWordsTests {
    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (26_066, "26,066"), (354_000, "354,000"),
        (1_000_000, "1,000,000"), (-12_345, "-12,345"), (Int.max, "9,223,372,036,854,775,807"),
    ])
    func thousandsAreGrouped(_ number: Int, _ text: String) {
        #expect(number.grouped == text)
    }
}
