// Looking at the rows of a sample, which is in memory.

extension CSVRowReader {
    /// Reads a sample of a roster.
    ///
    /// - Parameter layout: how its lines are cut where a delimiter cannot tell; then the delimiter does not
    ///   matter.
    convenience init(
        sample text: [UInt8],
        delimiter: Delimiter?,
        quotes: CSVQuotes = .doubled,
        layout: TableLayout? = nil
    ) {
        let window = TextWindow(MemoryByteSource(text))
        if let layout {
            self.init(window: window, layout: layout)
        } else {
            self.init(window: window, delimiter: delimiter, quotes: quotes)
        }
    }

    /// The next event; nil at the end.
    ///
    /// Reading from memory does not fail: an error could only end the sample, too.
    func nextOfSample() -> Event? {
        guard let event = try? next() else { return nil }
        if case .end = event { return nil }
        return event
    }
}
