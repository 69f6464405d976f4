import Files
import Testing

@Suite struct ColumnPlanTests {
    private let own = ["identity_id", "recovery_code"]

    @Test(arguments: [
        ([[]], []),
        ([["name", "city"]], ["name", "city"]),
        ([["identity_id", "name"]], ["roster_identity_id", "name"]),
        // The prefixed name is taken too: another prefix.
        (
            [["identity_id", "roster_identity_id"]],
            ["roster_roster_identity_id", "roster_identity_id"]
        ),
        ([["Identity_ID"]], ["Identity_ID"]),
        ([["name", "name", "x"]], ["name", "name", "x"]),
        ([["name", "city"], ["city", "mail"]], ["name", "city", "mail"]),
        ([["name"], ["name", "name"]], ["name", "name"]),
        ([["", ""]], ["", ""]),
    ])
    func namesTheColumnsOfAllSources(_ sources: [[String]], _ names: [String]) {
        #expect(plan(sources).names == names)
    }

    @Test(arguments: [
        ([["name", "city"]], 0, ["Ann", "Bonn"], ["Ann", "Bonn"]),
        ([["name", "city"], ["city", "mail"]], 0, ["Ann", "Bonn"], ["Ann", "Bonn", ""]),
        ([["name", "city"], ["city", "mail"]], 1, ["Bonn", "a@b"], ["", "Bonn", "a@b"]),
        ([["city", "name"], ["name", "city"]], 1, ["Ann", "Bonn"], ["Bonn", "Ann"]),
        ([["name", "name"], ["name"]], 0, ["Ann", "Bob"], ["Ann", "Bob"]),
        ([["name", "name"], ["name"]], 1, ["Ann"], ["Ann", ""]),
        // A row shorter than its roster came to be in the end.
        ([["name", "city"]], 0, ["Ann"], ["Ann", ""]),
        // A source that was not there when the plan was made.
        ([["name", "city"]], 7, ["x", "y"], ["", ""]),
        ([[]], 0, [], []),
    ])
    func putsEachValueIntoItsColumn(_ sources: [[String]], _ source: Int, _ values: [String], _ row: [String])
    {
        #expect(plan(sources).arrange(values, from: source) == row)
    }

    private func plan(_ sources: [[String]]) -> ColumnPlan<Int> {
        ColumnPlan(own: own, sources: Dictionary(uniqueKeysWithValues: sources.enumerated().map { ($0, $1) }))
    }
}
