// Mails as files, to be opened and looked at.

import Files
import Glibc
package import Model

/// Writes the mails of some rows into a folder: `.eml` for mail programs, `.html` for browsers, and `.txt`.
package struct MailPreview: Sendable {
    private let renderer: MailRenderer
    private let compose: @Sendable (RenderedMail, MailSample) throws -> [UInt8]

    private static let prefix = "preview-"
    private static let endings = [".eml", ".html", ".txt"]

    /// - Parameter compose: makes the message of a mail, as it would be sent.
    package init(
        _ renderer: MailRenderer,
        compose: @escaping @Sendable (RenderedMail, MailSample) throws -> [UInt8]
    ) {
        self.renderer = renderer
        self.compose = compose
    }

    /// Writes the files, each whole or absent, and removes those of an earlier preview.
    ///
    /// The folder is made with mode 0700; nobody else may read one that is there. Nothing is written where
    /// one of the mails cannot be rendered.
    ///
    /// - Parameters:
    ///   - withCodes: whether the real codes and links are in them; otherwise they are made up.
    ///   - now: what the remaining time is reckoned from.
    /// - Returns: the paths of the files.
    /// - Throws: `MissingMailValues`, `FileError`, and what `compose` throws.
    package func write(
        _ samples: [MailSample],
        to folder: String,
        withCodes: Bool = false,
        at now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) throws -> [String] {
        var files: [(name: String, bytes: [UInt8])] = []
        for (index, sample) in samples.enumerated() {
            var sample = sample
            if !withCodes { sample.fields = sample.fields.madeUp(using: &generator) }
            let mail = try renderer.render(sample.fields, at: now)
            let name = name(of: sample, number: index + 1)
            files.append((name + ".eml", try compose(mail, sample)))
            if let html = mail.html { files.append((name + ".html", Array(html.revealed.utf8))) }
            files.append((name + ".txt", Array("\(mail.subject)\n\n\(mail.text.revealed)".utf8)))
        }
        try Self.prepare(folder)
        let written = Set(files.map(\.name))
        for name in try PrivateFolder.names(in: folder) where Self.isPreview(name) && !written.contains(name)
        {
            try AtomicFile.remove("\(folder)/\(name)")
        }
        return try files.map { file in
            var output = try AtomicFile("\(folder)/\(file.name)")
            try output.write { $0.append(contentsOf: file.bytes) }
            _ = try output.commit()
            return "\(folder)/\(file.name)"
        }
    }

    private static func prepare(_ folder: String) throws(FileError) {
        do throws(FileError) {
            try PrivateFolder.prepareCampaignFolder(folder)
        } catch  where error.code == .openToOthers {
            throw FileError(
                .openToOthers,
                at: folder,
                "others may look into this folder, and mails are private",
                advice: "chmod 700 it, or choose another folder"
            )
        }
    }

    /// As in `preview-01-de-longest`.
    private func name(of sample: MailSample, number: Int) -> String {
        let folder = renderer.templates.choice(for: sample.fields.locale).folder
        let reason = sample.reasons.first.flatMap { $0.hasPrefix("locale ") ? nil : $0 }
        let digits = (number < 10 ? "0" : "") + String(number)
        return Self.prefix + [digits, folder, reason].compactMap(\.self).joined(separator: "-")
    }

    private static func isPreview(_ name: String) -> Bool {
        name.hasPrefix(prefix) && endings.contains { name.hasSuffix($0) }
    }
}
