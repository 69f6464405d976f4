// The templates of a campaign's mails, and which of them a user gets.

import Model
import Synchronization

/// Subjects, texts and HTML, by language.
package struct MailTemplates: Sendable {
    /// The names of the locale folders, sorted; empty where there are none.
    package let locales: [String]
    /// The locale of users whose own has none; nil where there are no folders and no fallback was named.
    package let fallback: String?
    let sets: [MailTemplateSet]
    private let fallbackIndex: Int
    private let chooser: MailLocaleChooser

    /// Reads all files, each once.
    ///
    /// - Parameters:
    ///   - folder: `de/subject.txt`, `de/text.mustache`, `de/html.mustache` and so on, or these files without
    ///     folders of languages.
    ///   - fallbackLocale: whose templates users get whose own language has none; needed where there are
    ///     several.
    /// - Throws: `MailTemplateError`: the first of what is wrong, with its file, line and column.
    package init(folder: String, fallbackLocale: String? = nil) throws(MailTemplateError) {
        let files = try MailTemplateFolder(folder)
        if let error = files.errors.first { throw error }
        try self.init(files.sets, fallbackLocale: fallbackLocale)
    }

    init(_ sets: [MailTemplateSet], fallbackLocale: String?) throws(MailTemplateError) {
        self.sets = sets
        locales = sets.compactMap(\.folder)
        if locales.isEmpty {
            fallbackIndex = 0
            fallback = fallbackLocale
        } else {
            fallbackIndex = try Self.fallback(fallbackLocale, locales)
            fallback = locales[fallbackIndex]
        }
        chooser = MailLocaleChooser(
            folders: locales,
            fallback: fallbackIndex,
            language: fallback ?? sets[0].html?.languageOfHTML
        )
    }

    /// Every name that a tag uses.
    package var names: Set<String> {
        Set(sets.flatMap(\.all).flatMap(\.source.tags).filter { $0.kind != .comment }.map(\.name))
    }

    /// Which templates a user gets; the exact locale's, then the language's, then the fallback's.
    package func choice(for locale: String?) -> MailLocaleChoice { chooser.choice(for: locale).choice }

    /// The same with the templates' index.
    func indexedChoice(for locale: String?) -> (index: Int, choice: MailLocaleChoice) {
        chooser.choice(for: locale)
    }

    private static func fallback(_ name: String?, _ locales: [String]) throws(MailTemplateError) -> Int {
        let list = locales.joined(separator: ", ")
        guard let name else {
            if locales.count == 1 { return 0 }
            throw MailTemplateError(
                .chooseLocale,
                "there are mails in \(locales.count) languages (\(list)), and nothing says which of "
                    + "them users of other languages get",
                advice: "name one of them by \(.fallbackLocale)"
            )
        }
        let key = LocaleTag(name)?.key
        guard let index = locales.firstIndex(where: { LocaleTag($0)?.key == key }), key != nil else {
            throw MailTemplateError(
                .chooseLocale,
                "there are no mails in \"\(name)\"; there are \(list)",
                advice: "name one of them by \(.fallbackLocale)"
            )
        }
        return index
    }
}

/// Which templates a user gets, and why.
package struct MailLocaleChoice: Hashable, Sendable {
    package enum Match: String, Hashable, Sendable {
        case exact
        /// As `de` for `de-AT`.
        case language
        /// Nothing says the user's language.
        case unspecified
        /// There are no templates in the user's language: the fallback is used.
        case missing
    }

    package var match: Match
    /// nil where there are no locale folders.
    package var folder: String?
    /// The locale of dates and of the remaining time, which is of the language of the templates.
    package var formatLocale: String
}

/// Remembers which templates each spelling of a locale leads to.
private final class MailLocaleChooser: Sendable {
    private let indexes: [String: Int]
    private let folders: [String]
    private let fallback: Int
    private let language: String
    private let known = Mutex<[String: (Int, MailLocaleChoice)]>([:])

    /// A roster may have anything in the column.
    private static let knownMax = 1000
    private static let bytesMax = 100

    init(folders: [String], fallback: Int, language: String?) {
        indexes = Dictionary(
            folders.enumerated().compactMap { index, name in LocaleTag(name).map { ($0.key, index) } }
        ) { first, _ in first }
        self.folders = folders
        self.fallback = fallback
        self.language = language ?? "en"
    }

    func choice(for locale: String?) -> (index: Int, choice: MailLocaleChoice) {
        let locale = locale ?? ""
        if let known = known.withLock({ $0[locale] }) { return known }
        let choice = made(for: locale)
        guard locale.utf8.count <= Self.bytesMax else { return choice }
        known.withLock {
            if $0.count >= Self.knownMax { $0.removeAll() }
            $0[locale] = choice
        }
        return choice
    }

    private func made(for locale: String) -> (Int, MailLocaleChoice) {
        let isEmpty = locale.withoutBlanksAround.isEmpty
        let tag = LocaleTag(locale)
        if folders.isEmpty {
            // Of the templates' language, dates are as the user's country writes them.
            let isOfLanguage = tag?.language == LocaleTag(language)?.language
            let format = isOfLanguage ? tag?.key ?? language : language
            let choice = MailLocaleChoice(
                match: isEmpty ? .unspecified : isOfLanguage ? .language : .missing,
                folder: nil,
                formatLocale: format
            )
            return (0, choice)
        }
        for (place, key) in (tag?.keys ?? []).enumerated() {
            guard let index = indexes[key] else { continue }
            let choice = MailLocaleChoice(
                match: place == 0 ? .exact : .language,
                folder: folders[index],
                formatLocale: tag?.key ?? key
            )
            return (index, choice)
        }
        let choice = MailLocaleChoice(
            match: isEmpty ? .unspecified : .missing,
            folder: folders[fallback],
            formatLocale: LocaleTag(folders[fallback])?.key ?? "en"
        )
        return (fallback, choice)
    }
}
