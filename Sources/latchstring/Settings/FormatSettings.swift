// In which format an export is written, checked.

import ArgumentParser
import Exports
import Model

extension FormatOptions {
    /// Nil where no format is asked for.
    ///
    /// - Throws: `ValidationError` where settings do not go together.
    init?(_ settings: Settings, _ export: ExportSettings, isEncrypted: Bool) throws {
        guard case .other(let format) = try settings[\.format.format] else {
            try Self.refuseWithoutFormat(settings)
            return nil
        }
        guard !isEncrypted else {
            throw ValidationError("--format: \(format.title) reads no encrypted file; leave --encrypt-to out")
        }
        guard !export.perUser else {
            throw ValidationError("--per-user and --format: the files of single users are csv")
        }
        try self.init(format, settings)
    }

    /// Of a run, whose batch is written in it; nil where there is no batch.
    ///
    /// - Throws: `ValidationError` where settings do not go together.
    init?(ofRun settings: Settings, handsOver: Bool, isEncrypted: Bool) throws {
        guard handsOver else {
            let typed = Self.typed(settings).first
            if let typed { throw ValidationError("\(typed.origin) needs --hand-over in a run") }
            return nil
        }
        guard case .other(let format) = try settings[\.format.format] else {
            try Self.refuseWithoutFormat(settings)
            return nil
        }
        guard !isEncrypted else {
            throw ValidationError("--format: \(format.title) reads no encrypted file; leave --encrypt-to out")
        }
        try self.init(format, settings)
    }

    private init(_ format: ExportFormat, _ settings: Settings) throws {
        self.init(format)
        addressColumn = try settings[\.format.emailColumn]
        nameColumn = try settings[\.format.nameColumn]
        localeColumn = try settings[\.format.localeColumn]
        let fields = try settings[\.format.fields]
        self.fields = fields.isEmpty ? nil : fields
        names = Dictionary(uniqueKeysWithValues: try settings[\.format.map].map { ($0.field, $0.name) })
        duplicates = try settings[\.format.onDuplicateAddress]
        rowsMax = try settings[\.format.splitRows]
        bytesMax = try settings[\.format.splitBytes]
        sender = try settings[\.format.from]
        template = try settings[\.format.template]
        guard bytesMax == nil || !format.isPacked else {
            throw ValidationError(
                "--split-bytes: \(format.title) packs a file, and its size is not known before it is whole; "
                    + "give --split-rows"
            )
        }
        guard format.needsSender else { return }
        guard sender != nil, let template else {
            throw ValidationError(
                "--format \(format.name) writes the bodies of calls, which name a sender and a template: "
                    + "give --from \"NAME <ADDRESS>\" and --template ID"
            )
        }
        guard !format.numbersTemplates || Int(template) != nil else {
            throw ValidationError("--template: \(format.title) knows a template by its number alone")
        }
    }

    /// Settings of formats that were typed say nothing without one.
    private static func refuseWithoutFormat(_ settings: Settings) throws {
        let typed = typed(settings).first { $0.origin != "--format" }
        if let typed { throw ValidationError("\(typed.origin) needs --format, of another system than csv") }
    }

    private static func typed(_ settings: Settings) -> [SettingText] {
        FormatGroup.records.map(\.facts).compactMap { settings.given($0) }.filter { $0.level == .flag }
    }
}
