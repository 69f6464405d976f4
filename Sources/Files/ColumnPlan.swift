// Which column of a roster goes into which column of an output.

/// The further columns of an output, from rosters whose columns may differ.
///
/// A column that two rosters share by name is one column; where a roster has a name twice, so has the output.
/// A name that the output's own columns use already gets the prefix `roster_`.
package struct ColumnPlan<Source: Hashable & Comparable & Sendable>: Sendable {
    /// The names in the output's header, after its own columns.
    package let names: [String]
    /// For each source, where each of its columns goes.
    private let places: [Source: [Int]]

    package init(own: [String], sources: [Source: [String]]) {
        var columns: [Column: Int] = [:]
        var order: [String] = []
        places = sources.sorted { $0.key < $1.key }.reduce(into: [:]) { places, source in
            var seen: [String: Int] = [:]
            places[source.key] = source.value.map { name in
                let occurrence = seen[name, default: 0]
                seen[name] = occurrence + 1
                let column = Column(name: name, occurrence: occurrence)
                if let place = columns[column] { return place }
                columns[column] = order.count
                order.append(name)
                return order.count - 1
            }
        }
        let all = Set(order)
        names = order.map { name in
            var shown = name
            while own.contains(shown) || (shown != name && all.contains(shown)) { shown = "roster_" + shown }
            return shown
        }
    }

    /// A row's values in the output's order; empty where it has none.
    package func arrange(_ values: [String], from source: Source) -> [String] {
        guard let places = places[source] else { return [String](repeating: "", count: names.count) }
        if places.count == names.count, values.count == names.count, isPlain(places) { return values }
        var arranged = [String](repeating: "", count: names.count)
        for (value, place) in zip(values, places) { arranged[place] = value }
        return arranged
    }

    private func isPlain(_ places: [Int]) -> Bool {
        places.enumerated().allSatisfy { $0 == $1 }
    }

    private struct Column: Hashable {
        let name: String
        let occurrence: Int
    }
}
