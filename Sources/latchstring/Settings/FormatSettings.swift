// In which format an export is written, checked.

import ArgumentParser
import Exports

extension FormatOptions {
    /// Nil where no format is asked for.
    ///
    /// - Throws: `ValidationError` where settings do not go together.
    init?(_ settings: Settings, _ export: ExportSettings, isEncrypted: Bool) throws {
        guard let format = try settings[\.format.format] else {
            try Self.refuseWithoutFormat(settings)
            return nil
        }
        guard !isEncrypted else {
            throw ValidationError("--format: \(format.title) reads no encrypted file; leave --encrypt-to out")
        }
        guard !export.perUser else {
            throw ValidationError("--per-user and --format: the files of single users are csv")
        }
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
        guard format.needsSender else { return }
        guard sender != nil, let template else {
            throw ValidationError(
                "--format \(format.name) writes the bodies of calls, which name a sender and a template: give "
                    + "--from \"NAME <ADDRESS>\" and --template ID"
            )
        }
        guard !format.numbersTemplates || Int(template) != nil else {
            throw ValidationError("--template: \(format.title) knows a template by its number alone")
        }
    }

    /// Settings of formats that were typed say nothing without one.
    private static func refuseWithoutFormat(_ settings: Settings) throws {
        let typed = FormatGroup.records.map(\.facts).compactMap { settings.given($0) }
            .first { $0.level == .flag }
        if let typed { throw ValidationError("\(typed.origin) needs --format") }
    }
}
