// The files of a folder of templates, read and parsed.

import Files
import Glibc
import Model

/// The templates of one language: a subject, a text, and mostly HTML.
struct MailTemplateSet: Sendable {
    /// The locale folder's name; nil where the files are directly in the folder of templates.
    let folder: String?
    let subject: MailTemplate
    let text: MailTemplate
    let html: MailTemplate?

    var all: [MailTemplate] { [subject, text] + (html.map { [$0] } ?? []) }
}

/// A folder of templates as far as it can be read.
struct MailTemplateFolder: Sendable {
    /// Sorted by their folders.
    private(set) var sets: [MailTemplateSet] = []
    /// What keeps the others from being used, in the order of the files.
    private(set) var errors: [MailTemplateError] = []

    static let fileBytesMax = 1 << 20
    static let localesMax = 200
    static let subjectName = "subject.txt"
    static let textName = "text.mustache"
    static let htmlName = "html.mustache"
    private static let fileNames = [subjectName, textName, htmlName]

    /// Reads every file once.
    ///
    /// - Throws: `MailTemplateError` where there is no such folder, or no template in it.
    init(_ path: String) throws(MailTemplateError) {
        guard Self.kind(of: path) == S_IFDIR else {
            throw MailTemplateError(
                .noFolder,
                at: path,
                "there is no such folder",
                advice: "name a folder with subject.txt and text.mustache, or with a folder for each language"
            )
        }
        let names = try Self.names(in: path)
        let locales = names.filter { name in
            Self.fileNames.contains { Self.kind(of: "\(path)/\(name)/\($0)") != nil }
        }
        let hasFiles = names.contains { Self.fileNames.contains($0) }
        if locales.isEmpty {
            guard hasFiles else {
                throw MailTemplateError(
                    .noTemplates,
                    at: path,
                    "there are no templates in this folder",
                    advice: "put subject.txt and text.mustache there, or into a folder for each language"
                )
            }
            read(path, nil)
            return
        }
        if hasFiles {
            errors.append(
                MailTemplateError(
                    .wrongFiles,
                    at: path,
                    "there are templates both in the folder itself and in folders of languages",
                    advice: "move those in the folder itself into a folder such as en"
                )
            )
        }
        check(locales, path)
        for locale in locales.prefix(Self.localesMax) { read(path, locale) }
    }

    /// Whether the folders' names are languages, each once.
    private mutating func check(_ locales: [String], _ path: String) {
        var seen: [String: String] = [:]
        for name in locales {
            guard let tag = LocaleTag(name) else {
                errors.append(
                    MailTemplateError(
                        .wrongFiles,
                        at: name,
                        "there are templates in a folder whose name is no language",
                        advice: "call it as in de or de-AT, or move it elsewhere"
                    )
                )
                continue
            }
            if let other = seen.updateValue(name, forKey: tag.key) {
                errors.append(
                    MailTemplateError(
                        .wrongFiles,
                        at: name,
                        "the folder \(other) is for the same language",
                        advice: "remove one of them"
                    )
                )
            }
        }
        if locales.count > Self.localesMax {
            errors.append(
                MailTemplateError(
                    .wrongFiles,
                    at: path,
                    "there are \(locales.count) folders of languages, more than \(Self.localesMax)"
                )
            )
        }
    }

    private mutating func read(_ path: String, _ locale: String?) {
        let prefix = locale.map { "\($0)/" } ?? ""
        guard Self.kind(of: "\(path)/\(prefix)\(Self.textName)") != nil else {
            let hasHTML = Self.kind(of: "\(path)/\(prefix)\(Self.htmlName)") != nil
            errors.append(
                MailTemplateError(
                    .wrongFiles,
                    at: prefix + Self.textName,
                    hasHTML
                        ? "there is HTML without a text, which is also for whoever cannot see HTML"
                        : "there is no such file",
                    advice: "write the mail's text into it"
                )
            )
            return
        }
        let subject = template(path, prefix + Self.subjectName)
        let text = template(path, prefix + Self.textName)
        var html: MailTemplate?
        if Self.kind(of: "\(path)/\(prefix)\(Self.htmlName)") != nil {
            guard let template = template(path, prefix + Self.htmlName) else { return }
            html = template
        }
        guard let subject, let text else { return }
        sets.append(MailTemplateSet(folder: locale, subject: subject, text: text, html: html))
    }

    private mutating func template(_ path: String, _ file: String) -> MailTemplate? {
        do throws(MailTemplateError) {
            var text = try TemplateText.read("\(path)/\(file)", as: file)
            if file.hasSuffix(Self.subjectName) { text = try Self.oneLine(text, file) }
            return try MailTemplate(TemplateSource(text, file: file))
        } catch {
            errors.append(error)
            return nil
        }
    }

    private static func oneLine(_ text: String, _ file: String) throws(MailTemplateError) -> String {
        let line = text.withoutBlanksAround
        guard !line.utf8.contains(UInt8(ascii: "\n")), !line.utf8.contains(UInt8(ascii: "\r")) else {
            let before = text.utf8.prefix { $0 <= 0x20 }.count { $0 == UInt8(ascii: "\n") }
            throw MailTemplateError(
                .syntax,
                at: "\(file):\(before + 2)",
                "a subject is one line",
                advice: "write it on one line"
            )
        }
        return line
    }

    private static func names(in path: String) throws(MailTemplateError) -> [String] {
        do throws(FileError) {
            return try PrivateFolder.names(in: path).sorted()
        } catch {
            throw MailTemplateError(.unreadable, error.message, advice: error.advice)
        }
    }

    /// What a path leads to, through symbolic links; nil where there is nothing.
    private static func kind(of path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    }
}
