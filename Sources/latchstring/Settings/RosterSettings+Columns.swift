// Which columns of a roster stay outside.

import ArgumentParser
import Foundation
import Model

extension RosterSettings {
    /// The names of `--without-columns`.
    ///
    /// - Throws: `ValidationError` where one is empty, or the ID column's.
    static func withoutColumns(_ settings: Settings) throws -> [String] {
        let names = try settings[\.roster.withoutColumns]
        if let value = settings.given(\.roster.withoutColumns),
            let idColumn = settings.given(\.roster.idColumn),
            names.contains(where: { OwnColumns.folded($0) == OwnColumns.folded(idColumn.text) })
        {
            throw ValidationError(
                "\(value.origin): \(idColumn.text) is the ID column of \(idColumn.origin), and cannot be "
                    + "left behind"
            )
        }
        return names
    }
}
