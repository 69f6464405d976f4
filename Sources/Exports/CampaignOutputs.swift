// What comes out of a campaign, in its folder: which files, and when each is written anew.

package import Ledger
package import Files
package import Model
package import Sealing

/// The files of a campaign's folder, written from the ledger alone.
///
/// A file is left alone when it still is what was last written and nothing that it shows has changed since:
/// the ledger remembers the revision, the options, and the file's size and time.
package struct CampaignOutputs: Sendable {
    let folder: CampaignFolder
    let ledger: any CampaignStore

    package init(folder: CampaignFolder, ledger: any CampaignStore) {
        self.folder = folder
        self.ledger = ledger
    }

    /// One file, and whether it was written now.
    package struct File: Hashable, Sendable {
        package let path: String
        package let wasWritten: Bool
        /// How many rows it has, its header aside.
        package let rows: Int
    }

    /// What an export came to.
    package struct Export: Sendable {
        package let invitations: File
        /// Fields that a spreadsheet would run as a formula.
        package let formulaFields: Int
        /// Links that are relative, and stayed so.
        package let relativeLinks: Int
        /// Invitations that are left out, since the ledger has no code for them any more.
        package let withoutCode: Int
        /// The same, as they are told of any file of invitations.
        package var remarks: InvitationRemarks {
            var remarks = InvitationRemarks()
            remarks.invitations = invitations.rows
            (remarks.formulaFields, remarks.relativeLinks) = (formulaFields, relativeLinks)
            remarks.withoutCode = withoutCode
            return remarks
        }
        /// The folder of the users' own files, when those were asked for, and how many are new.
        package let perUser: (path: String, filesWritten: Int)?

        init(
            invitations: File,
            _ remarks: [String: Int],
            perUser: (path: String, filesWritten: Int)? = nil
        ) {
            self.invitations = invitations
            formulaFields = remarks[Remark.formulaFields] ?? 0
            relativeLinks = remarks[Remark.relativeLinks] ?? 0
            withoutCode = remarks[Remark.withoutCode] ?? 0
            self.perUser = perUser
        }
    }

    /// What the reports came to.
    package struct Reported: Sendable {
        package let failures: File
        package let rejected: File
        package let summary: File
        /// Nil where nothing was ever mailed.
        package var deliveries: File?
    }

    /// Writes `invitations.csv` and, when asked, the files of single users.
    ///
    /// - Parameters:
    ///   - replacing: whether a file is replaced that may hold codes which the ledger has no more.
    ///   - key: opens a campaign that is sealed.
    /// - Throws: `StillHoldsCodes` where a file is left alone, once the rest is written; `SealError`,
    ///   `UnsealingError`; what the ledger and the files throw.
    package func export(
        _ options: InvitationOptions,
        perUser: Bool,
        replacing: Bool = false,
        unsealingWith key: PrivateKey? = nil
    ) throws -> Export {
        let options = try complete(options)
        let unsealing = try unsealing(with: key)
        let dependsOn =
            options.filter == .all
            ? "\(options.mark)\(try secretColumnsMark())" : InvitationOptions.filteredMark
        // What is not written anew loses nothing.
        if !replacing, try unchanged(Self.invitations, dependingOn: dependsOn) == nil,
            let holding = try codesOnly(in: Self.invitations)
        {
            if perUser { _ = try exportPerUser(options, unsealing) }
            throw holding
        }
        let (file, remarks) = try write(Self.invitations, dependingOn: dependsOn) { file in
            let found = try InvitationCSV.write(ledger, options: options, unsealing: unsealing, to: &file)
            // A purge may have come since.
            if !replacing, let holding = try codesOnly(in: Self.invitations) { throw holding }
            return Remark.all(of: found)
        }
        return Export(
            invitations: file,
            remarks,
            perUser: perUser ? try exportPerUser(options, unsealing) : nil
        )
    }

    /// Writes `failures.csv`, `rejected.csv`, `summary.json`, and `deliveries.csv` where there are any.
    ///
    /// - Throws: `ReportsUnwritten` where one of them cannot be written; the others are written all the same.
    package func report(_ summary: Summary, formulas: FormulaTreatment) throws -> Reported {
        let json = summary.json
        let failures = Result {
            try writeFailures(formulas)
        }
        let rejected = Result {
            try writeRejected(formulas)
        }
        let written = Result {
            try write("summary.json", dependingOn: json) { file in
                try file.write { $0.append(contentsOf: json.utf8) }
                return [Remark.rows: 1]
            }.0
        }
        let deliveries = Result {
            try writeDeliveries(formulas)
        }
        do {
            return Reported(
                failures: try failures.get(),
                rejected: try rejected.get(),
                summary: try written.get(),
                deliveries: try deliveries.get()
            )
        } catch {
            let results = [
                (Self.failures, failures.map(Optional.some)), (Self.rejected, rejected.map(Optional.some)),
                ("summary.json", written.map(Optional.some)), (Self.deliveries, deliveries),
            ]
            let names = results.filter { if case .failure = $0.1 { true } else { false } }.map(\.0)
            throw ReportsUnwritten(names, describing: error)
        }
    }

    func writeFailures(_ formulas: FormulaTreatment) throws -> File {
        let dependsOn = "\(formulas.rawValue)\(try secretColumnsMark())"
        return try write(Self.failures, dependingOn: dependsOn) { file in
            [Remark.rows: try FailureCSV.write(ledger, formulas: formulas, to: &file)]
        }.0
    }

    /// Writes `deliveries.csv`; nil, and nothing, where nothing was ever mailed.
    package func writeDeliveries(_ formulas: FormulaTreatment) throws -> File? {
        let mark = try ledger.deliveriesMark()
        guard try !ledger.deliveryCounts().isEmpty else { return nil }
        return try write(Self.deliveries, dependingOn: "\(formulas.rawValue) \(mark)", atAnyRevision: true) {
            [Remark.rows: try DeliveryCSV.write(ledger, formulas: formulas, to: &$0)]
        }.0
    }

    func writeRejected(_ formulas: FormulaTreatment) throws -> File {
        let dependsOn = "\(formulas.rawValue)\(try secretColumnsMark())"
        return try write(Self.rejected, dependingOn: dependsOn) { file in
            [Remark.rows: try RejectedCSV.write(ledger, formulas: formulas, to: &file)]
        }.0
    }
}

/// Reports that could not be written; the problem is the first one's.
package struct ReportsUnwritten: ProblemError {
    package enum Code: String, Sendable, CaseIterable {
        /// An error that has no code of its own.
        case failed = "reports_unwritten"
    }

    package let names: [String]
    package let problem: Problem

    init(_ names: [String], describing error: any Error) {
        self.names = names
        problem = (error as? any ProblemError)?.problem ?? Problem(Code.failed.rawValue, "\(error)")
    }
}

extension InvitationOptions {
    /// What the ledger remembers of a table of some invitations alone, which is always written anew.
    fileprivate static let filteredMark = "filtered"

    /// What a table depends on; its number is that of its columns.
    fileprivate var mark: String {
        "\(formulas.rawValue) \(linkBase?.text ?? "") columns:2 \(times.text) \(times.zoneName)"
    }
}

extension CampaignOutputs {
    /// What the ledger remembers of a file besides its size and time.
    enum Remark {
        static let rows = "rows"
        static let formulaFields = "formula_fields"
        static let relativeLinks = "relative_links"
        static let withoutCode = "without_code"

        static func all(of remarks: InvitationRemarks) -> [String: Int] {
            [
                rows: remarks.invitations, formulaFields: remarks.formulaFields,
                relativeLinks: remarks.relativeLinks, withoutCode: remarks.withoutCode,
            ]
        }
    }

    static let invitations = "invitations.csv"
    static let usersFolder = "invitations"
    static let failures = "failures.csv"
    static let rejected = "rejected.csv"
    static let deliveries = "deliveries.csv"

    func path(of name: String) -> String { "\(folder.path)/\(name)" }

    /// How a file was written last, where it still is what was written then.
    func record(of name: String) throws -> OutputRecord? {
        guard let last = try ledger.output(named: name), let stamp = FileStamp(fileAt: path(of: name)),
            stamp == FileStamp(size: last.size, modifiedNanoseconds: last.modifiedNanoseconds)
        else { return nil }
        return last
    }

    /// How a file was written last, where it would come out the same.
    private func unchanged(
        _ name: String,
        dependingOn options: String,
        atAnyRevision: Bool = false
    ) throws -> OutputRecord? {
        guard options != InvitationOptions.filteredMark else { return nil }
        let revision = try ledger.campaign().revision
        return try record(of: name).flatMap { last in
            (atAnyRevision || last.revision == revision) && last.options == options ? last : nil
        }
    }

    /// Writes one file, unless it is there as it was written last and would come out the same.
    private func write(
        _ name: String,
        dependingOn options: String,
        atAnyRevision: Bool = false,
        _ body: (inout AtomicFile) throws -> [String: Int]
    ) throws -> (File, remarks: [String: Int]) {
        let path = path(of: name)
        if let last = try unchanged(name, dependingOn: options, atAnyRevision: atAnyRevision) {
            return (File(path: path, wasWritten: false, rows: last.remarks[Remark.rows] ?? 0), last.remarks)
        }
        // Read before the rows are: what changes in between is written next time.
        let revision = try ledger.campaign().revision
        var file = try AtomicFile(path)
        let remarks = try body(&file)
        let stamp = try file.commit()
        try ledger.noteOutput(
            OutputRecord(
                name: name,
                revision: revision,
                options: options,
                size: stamp.size,
                modifiedNanoseconds: stamp.modifiedNanoseconds,
                remarks: remarks
            )
        )
        return (File(path: path, wasWritten: true, rows: remarks[Remark.rows] ?? 0), remarks)
    }

    /// The options, with the campaign's own base for links where none is given.
    package func complete(_ options: InvitationOptions) throws -> InvitationOptions {
        var options = options
        if options.linkBase == nil {
            options.linkBase = try ledger.campaign().linkBase.flatMap(LinkBase.init)
        }
        return options
    }

    private func exportPerUser(_ options: InvitationOptions, _ unsealing: Unsealing?) throws -> (
        path: String, filesWritten: Int
    ) {
        let path = path(of: Self.usersFolder)
        let written = try PerUserCSV.write(ledger, options: options, unsealing: unsealing, folder: path)
        return (path, written)
    }
}
