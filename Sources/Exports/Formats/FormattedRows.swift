// Invitations one after the other into the files of a format.

import Ledger
package import Model
import Files

/// Remembers an address, and says which identity had it before.
///
/// The key is the address's hash of 16 bytes; memory must not grow with the addresses.
package typealias NoteAddress = (_ key: [UInt8], _ identity: IdentityID) throws -> IdentityID?

/// One export in a format, row by row.
final class FormattedRows {
    private let options: FormatOptions
    private let format: ExportFormat
    private let noteAddress: NoteAddress
    private var table: InvitationTable
    private let plan: FieldPlan
    private var csv: CSVFormat
    private var calls: CallBuilder?
    private let context: CallContext
    private let output: Output
    private var times: TimeFormat.Writer
    private var tally = FormatTally()
    private var callCount = 0
    private var duplicates = Offenders()
    private var unfit = Offenders()

    private var hasFailed: Bool { duplicates.count > 0 || unfit.count > 0 }

    /// Where rows go.
    private enum Output {
        case bytes(PartFiles)
        case workbooks(WorkbookFiles)
    }

    init(
        _ options: FormatOptions,
        _ table: InvitationTable,
        _ invitations: InvitationOptions,
        stagingIn folder: String,
        noteAddress: @escaping NoteAddress
    ) throws {
        let (format, plan) = (options.format, try FieldPlan(options, header: table.header))
        let context = CallContext(
            sender: options.sender,
            template: options.template ?? "",
            fields: plan.data.map { plan.outputs[$0].name }
        )
        let (rowsMax, bytesMax) = (
            options.rowsMax ?? format.limits.rowsMax, options.bytesMax ?? format.limits.bytesMax
        )
        var csv = CSVFormat(formulas: invitations.formulas)
        var calls: CallBuilder?
        var head: [UInt8] = []
        switch format.shape {
        case .csv(let shape):
            csv = CSVFormat(
                formulas: shape.protectsCells ? .keep : invitations.formulas,
                delimiter: shape.delimiter,
                lineEnd: shape.lineEnd
            )
            if shape.hasMark { head = [0xef, 0xbb, 0xbf] }
            Self.append(plan.header, shape, &csv, to: &head)
        case .lines, .workbook: break
        case .calls(let shape): calls = CallBuilder(shape, context, rowsMax: rowsMax)
        }
        self.options = options
        self.noteAddress = noteAddress
        self.table = table
        (self.format, self.plan, self.context) = (format, plan, context)
        (self.csv, self.calls) = (csv, calls)
        times = TimeFormat.Writer(invitations.times)
        if case .workbook = format.shape {
            output = .workbooks(
                WorkbookFiles(
                    folder,
                    header: plan.header,
                    zoneName: invitations.times.zoneName,
                    rowsMax: min(rowsMax ?? .max, format.limits.rowsMax ?? .max)
                )
            )
        } else {
            output = .bytes(PartFiles(folder, head: head, rowsMax: rowsMax, bytesMax: bytesMax))
        }
    }

    /// Takes in one invitation.
    func add(_ row: InvitationRow, _ manifest: inout FormatManifest) throws {
        let listed = (row.identityID, row.generation)
        func leaveOut(_ reason: FormatRemark, sameAs other: IdentityID? = nil) throws {
            tally.leftOut[reason, default: 0] += 1
            try manifest.list(listed, reason, isExported: false, sameAs: other)
        }
        guard let secret = try table.secret(of: row) else { return try leaveOut(.noCode) }
        let values = table.values(of: row, secret)
        var address = ""
        if format.needsAddress, let index = plan.address {
            switch Self.address(values[index], format) {
            case .usable(let checked): address = checked
            case .refused(let reason): return try leaveOut(reason)
            }
        }
        guard let fields = fields(of: values, address) else { return try leaveOut(.templateTag) }
        if format.needsAddress, let other = try noteAddress(MailAddress.key(of: address), row.identityID) {
            switch options.duplicates {
            case .fail: duplicates.add("\(row.identityID) (as \(other))")
            case .first: return try leaveOut(.duplicateAddress, sameAs: other)
            case .list:
                tally.duplicatesKept += 1
                try manifest.list(listed, .duplicateAddress, isExported: true, sameAs: other)
            }
        }
        guard checkLimits(fields, row.identityID), !hasFailed else { return }
        try write(fields, address, row)
        tally.rows += 1
    }

    /// Ends the last file.
    ///
    /// - Throws: `FormatError` where rows were found that nothing may be written for.
    func finish() throws -> (tally: FormatTally, parts: [ExportedPart], calls: Int?) {
        if duplicates.count > 0 {
            throw FormatError(
                .duplicateAddresses,
                "\(duplicates.count) invitations have an address that another one before has, and "
                    + "\(format.title) tells users apart by it: \(duplicates.words); nothing was written",
                advice:
                    "mend the roster, or give \(.onDuplicateAddress, "first") to leave the others out, or "
                    + "\(.onDuplicateAddress, "list") to write all; both list them in the manifest"
            )
        }
        if unfit.count > 0 {
            throw FormatError(
                .unfitValue,
                "\(unfit.count) values are more than \(format.title) takes: \(unfit.words); "
                    + "nothing was written",
                advice: "choose other fields by \(.fields), such as the code without the link"
            )
        }
        if (calls?.rows ?? 0) > 0 { try endCall() }
        let parts = try finishedParts()
        tally.relativeLinks = table.remarks.relativeLinks
        // What is protected is no formula of anybody's.
        if case .csv(let shape) = format.shape, shape.protectsCells {
        } else {
            tally.formulaFields = csv.formulaFields
        }
        return (tally, parts, calls == nil ? nil : callCount)
    }

    private func finishedParts() throws -> [ExportedPart] {
        switch output {
        case .workbooks(let workbooks): return try workbooks.finish()
        case .bytes(let files):
            try files.finish()
            return files.parts
        }
    }
}

// MARK: - Values

extension FormattedRows {
    private enum CheckedAddress {
        case usable(String)
        case refused(FormatRemark)
    }

    private static func address(_ text: String, _ format: ExportFormat) -> CheckedAddress {
        guard text.contains(where: { !$0.isWhitespace }) else { return .refused(.noAddress) }
        guard let address = MailAddress.checked(text) else { return .refused(.impossibleAddress) }
        guard !format.limits.asciiLocalPart || MailAddress.hasASCIILocalPart(address) else {
            return .refused(.nonASCIIAddress)
        }
        return .usable(address)
    }

    /// The values of the outputs; nil where one of them has a template tag.
    private func fields(of values: [String], _ address: String) -> [String]? {
        var fields: [String] = []
        fields.reserveCapacity(plan.outputs.count)
        for output in plan.outputs {
            let value = Self.value(output.source, values, address)
            guard output.nature != .own, format.cleaning != .nothing else {
                fields.append(value)
                continue
            }
            var cleaned =
                format.cleaning == .workbook ? WorkbookText.cleaned(value) : FieldText.cleaned(value)
            if case .csv(let shape) = format.shape, shape.quotesAll {
                cleaned = cleaned.replacing("\"", with: "\u{201d}")
            }
            if cleaned != value { tally.cleanedValues += 1 }
            if FieldText.hasTag(cleaned, format.tags, endingWith: format.tagEnd) {
                guard output.nature == .name else { return nil }
                cleaned = FieldText.withoutTags(cleaned, format.tags)
                tally.escapedNames += 1
            }
            fields.append(cleaned)
        }
        return fields
    }

    private static func value(_ source: FieldPlan.Source, _ values: [String], _ address: String) -> String {
        switch source {
        case .address: address
        case .column(let index): values[index]
        case .joined(let indices): indices.map { values[$0] }.filter { !$0.isEmpty }.joined(separator: " ")
        case .absent: ""
        }
    }

    /// Whether no value is too long for the system; those that are, are noted.
    private func checkLimits(_ fields: [String], _ identity: IdentityID) -> Bool {
        var fits = true
        if let limit = format.limits.valueBytesMax {
            for (output, field) in zip(plan.outputs, fields) where field.utf8.count > limit {
                unfit.add("\(output.name) of \(identity) (\(field.utf8.count) of \(limit) bytes)")
                fits = false
            }
        }
        if let limit = format.limits.valueUnitsMax {
            for (output, field) in zip(plan.outputs, fields) {
                if field.utf8.count > limit, field.utf16.count > limit {
                    unfit.add("\(output.name) of \(identity) (\(field.utf16.count) of \(limit) characters)")
                    fits = false
                } else if output.nature == .own, !WorkbookText.isClean(field) {
                    unfit.add("\(output.name) of \(identity) (control characters)")
                    fits = false
                }
            }
        }
        if let limit = format.limits.nameCharactersMax, let index = plan.person["name"],
            fields[index].unicodeScalars.count > limit
        {
            let count = fields[index].unicodeScalars.count
            unfit.add("the name of \(identity) (\(count) of \(limit) characters)")
            fits = false
        }
        return fits
    }
}

// MARK: - Bytes

extension FormattedRows {
    private func write(_ fields: [String], _ address: String, _ row: InvitationRow) throws {
        let identity = row.identityID
        switch format.shape {
        case .csv(let shape):
            let cells = plan.places.map { place in
                switch place {
                case .value(_, let index): fields[index]
                case .bag(_, let range): JSONWriter.line(.object(members(range, fields)))
                }
            }
            var bytes: [UInt8] = []
            Self.append(cells, shape, &csv, to: &bytes)
            try put(bytes, identity)
        case .lines:
            var writer = JSONWriter()
            writer.line(.object(members(plan.data, fields)))
            writer.append("\n")
            try put(writer.bytes, identity)
        case .calls(let shape): try addToCall(shape, fields, address, identity)
        case .workbook:
            guard case .workbooks(let workbooks) = output else { return }
            let cells = plan.data.map { index in
                switch plan.outputs[index].source {
                case .column(FieldColumns.expiresAt): time(row.invitation.expiresAt, fields[index])
                case .column(FieldColumns.issuedAt): time(row.invitation.issuedAt, fields[index])
                default: WorkbookCell.text(fields[index])
                }
            }
            try workbooks.append(cells, at: row.invitation.issuedAt)
        }
    }

    /// A time as a spreadsheet has it, and as text where it is before 1900.
    private func time(_ time: Timestamp, _ text: String) -> WorkbookCell {
        let seconds = times.localSeconds(of: time)
        return seconds > -2_208_988_800 ? .time(seconds) : .text(text)
    }

    private static func append(
        _ cells: [String],
        _ shape: ExportFormat.CSVShape,
        _ csv: inout CSVFormat,
        to bytes: inout [UInt8]
    ) {
        guard shape.quotesAll else {
            csv.append(row: shape.protectsCells ? cells.map(SpreadsheetCell.text) : cells, to: &bytes)
            return
        }
        let quoted = cells.map { "\"\($0.replacing("\"", with: "\"\""))\"" }
        bytes.append(contentsOf: "\(quoted.joined(separator: ","))\(shape.lineEnd)".utf8)
    }

    private func put(_ bytes: [UInt8], _ identity: IdentityID) throws {
        guard case .bytes(let parts) = output else { return }
        guard !parts.isTooLarge(bytes.count) else { throw tooLarge(bytes.count, identity) }
        try parts.append(bytes, rows: 1)
    }

    private func members(_ indices: some Sequence<Int>, _ fields: [String]) -> JSONMembers {
        indices.map { (plan.outputs[$0].name, .text(fields[$0])) }
    }

    private func addToCall(
        _ shape: CallShape,
        _ fields: [String],
        _ address: String,
        _ identity: IdentityID
    ) throws {
        let person = ["first_name", "last_name", "locale"].compactMap { key in
            plan.person[key].map { (name: key, value: JSONValue.text(fields[$0])) }
        }
        let entry = shape.entry(
            CallEntry(
                address: address,
                name: plan.person["name"].map { fields[$0] } ?? "",
                identityID: identity.text,
                data: members(plan.data, fields),
                person: person.filter { if case .text("") = $0.value { false } else { true } }
            ),
            context
        )
        let size = entry.reduce(0) { $0 + $1.utf8.count }
        if let limit = format.limits.entryBytesMax, size > limit {
            return unfit.add("all of \(identity) (\(size) of \(limit) bytes)")
        }
        let bytesMax = options.bytesMax ?? format.limits.bytesMax
        if calls?.isFull(for: entry, address, bytesMax: bytesMax) == true { try endCall() }
        if let calls, calls.rows == 0, case .bytes(let parts) = output {
            let whole = calls.bytes(with: entry)
            guard !parts.isTooLarge(whole), whole <= shape.bytesMax ?? .max else {
                throw tooLarge(whole, identity)
            }
        }
        calls?.add(entry, address)
    }

    private func endCall() throws {
        guard case .bytes(let parts) = output, let (bytes, rows) = calls?.take() else { return }
        callCount += 1
        try parts.append(bytes, rows: rows)
    }

    private func tooLarge(_ size: Int, _ identity: IdentityID) -> FormatError {
        FormatError(
            .rowTooLarge,
            "what is said of identity \(identity) takes \(size) bytes, more than a file or a call may have",
            advice: "give a larger \(.splitBytes), or choose fewer fields by \(.fields)"
        )
    }
}
