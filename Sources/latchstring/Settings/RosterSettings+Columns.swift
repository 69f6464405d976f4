// Which columns of a roster stay outside.

import ArgumentParser
import Foundation
import Vocabulary

extension RosterSettings {
    /// The names of `--without-columns`.
    ///
    /// - Throws: `ValidationError` where one is empty, or the ID column's.
    static func withoutColumns(_ settings: Settings) throws -> [String] {
        guard let value = settings.value("without-columns") else { return [] }
        let names = value.texts.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
            .map { OwnColumns.folded(String($0)).isEmpty ? "" : $0.trimmingCharacters(in: .whitespaces) }
        guard !names.contains("") else {
            throw ValidationError(
                "\(value.origin): \"\(value.text)\" is not a list of columns' names such as pin,password"
            )
        }
        if let idColumn = settings.value("id-column"),
            names.contains(where: { OwnColumns.folded($0) == OwnColumns.folded(idColumn.text) })
        {
            throw ValidationError(
                "\(value.origin): \(idColumn.text) is the ID column of \(idColumn.origin), and cannot be left behind"
            )
        }
        return names
    }
}
