// Batches: who was handed over, when, and in which file.

package import Model

/// The record of what was handed over.
///
/// A batch is chosen and undone in steps of bounded size, so that a run that is on can commit in between.
/// What a killed process leaves is unfinished, and the next one goes on with it. Two processes that hand over
/// take turns: their callers see to that.
package protocol HandOverStore: LedgerReader {
    /// Begins a batch, with the next number.
    ///
    /// - Throws: `LedgerError` where another one is unfinished.
    func beginBatch(_ start: BatchStart) throws -> BatchRecord

    /// Chooses more members for an open batch: of current invitations, those that are not handed over, or
    /// that a reminder is due for.
    ///
    /// Nobody comes into two batches of kind `new` in one generation.
    func fillBatch(_ number: Int) throws -> BatchFilling

    /// Notes what a batch's file is going to be, before it has its name.
    func noteBatchFile(_ number: Int, sha256: [UInt8]) throws

    /// Notes that a batch's files are there; also of one that was written before.
    func finishBatch(_ number: Int, sha256: [UInt8], files: BatchFiles, at time: Timestamp) throws

    /// Takes members out of a batch: invitations that are still current are new again.
    ///
    /// - Returns: whether the batch has none left, and is undone.
    /// - Throws: `LedgerError` where there is no such batch, or another one is unfinished.
    func undoBatch(_ number: Int) throws -> Bool

    /// All batches by number.
    func batches() throws -> [BatchRecord]

    /// How many current invitations were not handed over.
    func notHandedOverCount() throws -> Int

    /// The invitations of a batch, in roster order, each with the code of the generation that it was chosen
    /// in.
    func forEachMember(ofBatch number: Int, _ body: (InvitationRow) throws -> Void) throws

    /// Who is not in a batch, in roster order.
    func forEachLeftOut(ofBatch number: Int, _ body: (LeftOutRecord) throws -> Void) throws
}
