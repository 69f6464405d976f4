// Folders of templates for tests.

import Delivery
import Foundation
import Model
import TestSupport

/// A folder of templates that is gone with the value.
struct TemplateFiles {
    let folder: TemporaryFolder

    /// - Parameter files: texts by paths in the folder, as in `de/text.mustache`.
    init(_ files: [String: String]) throws {
        folder = try TemporaryFolder()
        for (path, text) in files {
            let url = URL(filePath: folder(path))
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: url)
        }
    }

    /// One mail without folders of languages.
    init(subject: String = "Your account", text: String, html: String? = nil) throws {
        var files = ["subject.txt": subject, "text.mustache": text]
        files["html.mustache"] = html
        try self.init(files)
    }

    var path: String { folder.path }

    func renderer(
        _ columns: [String] = ["email", "first_name"],
        fallback: String? = nil,
        zone: TimeZone = .gmt
    ) throws -> MailRenderer {
        try MailRenderer(MailTemplates(folder: path, fallbackLocale: fallback), columns: columns, zone: zone)
    }

    /// What a mail of this text says.
    static func text(_ template: String, _ fields: MailFields = .ann, columns: [String]? = nil) throws
        -> String
    {
        let files = try TemplateFiles(text: template)
        let renderer = try files.renderer(columns ?? fields.columns.keys.sorted())
        return try renderer.render(fields, at: .noon).text.revealed
    }
}

extension Timestamp {
    /// 2026-11-28T12:00:00Z.
    static let noon = Timestamp(milliseconds: 1_795_867_200_000)
}

extension MailFields {
    static let ann = MailFields(
        code: "000331",
        link: "https://id.example.org/recovery?flow=1&token=a",
        expiresAt: Timestamp(milliseconds: Timestamp.noon.milliseconds + 23 * 3_600_000),
        locale: nil,
        columns: ["email": "ann@example.org", "first_name": "Ann"]
    )

    static func ann(
        code: String = "000331",
        link: String = "https://id.example.org/recovery?flow=1&token=a",
        locale: String? = nil,
        expiresIn: Duration = .seconds(23 * 3600),
        _ columns: [String: String] = ["email": "ann@example.org", "first_name": "Ann"]
    ) -> MailFields {
        MailFields(
            code: code,
            link: link,
            expiresAt: Timestamp.noon.advanced(by: expiresIn),
            locale: locale,
            columns: columns
        )
    }
}
