// A roster read ahead on a thread of its own, while what was read before goes into the ledger.

package import Roster
import Work

/// The batches of one roster, for one task.
///
/// `@unchecked Sendable`: the reader is used on `queue` alone, one piece of work after the other, and the
/// rest by one task.
package final class RosterStream: @unchecked Sendable {
    private let reader: any RosterItems
    private let queue = SerialQueue(label: "roster")
    private let batchMax: Int
    private var next: Task<Batch, any Error>?

    /// Rows that belong together, and what is known of their roster by then.
    package struct Batch: Sendable {
        /// Empty at the roster's end.
        package let items: [RosterItem]
        package let idColumnName: String
        package let columnNames: [String]
    }

    /// - Parameter batchMax: the most rows in one batch.
    package init(_ reader: any RosterItems, batchMax: Int) {
        self.reader = reader
        self.batchMax = batchMax
    }

    /// The next batch; the one after it is read meanwhile.
    ///
    /// - Throws: what the reader throws.
    package func nextBatch() async throws -> Batch {
        let batch = try await (next ?? reading()).value
        next = batch.items.isEmpty ? nil : reading()
        return batch
    }

    /// The fingerprint and size of the whole roster, once it has been read to its end.
    package func whole() async throws -> (fingerprint: String, bytes: Int64) {
        try await queue.perform { [self] in (reader.fingerprint, reader.bytesRead) }
    }

    private func reading() -> Task<Batch, any Error> {
        Task { [queue] in
            try await queue.perform { [self] in
                let items = try reader.next(max: batchMax)
                return Batch(items: items, idColumnName: reader.idColumnName, columnNames: reader.columnNames)
            }
        }
    }
}
