// Where a campaign lives on disk: the layout of its folder, and what it may be called.

import Foundation

/// The folder of one campaign: `<output folder>/<name>/`.
package struct CampaignFolder: Hashable, Sendable {
    package let outputFolder: String
    package let name: String

    package var path: String { "\(outputFolder)/\(name)" }
    package var ledgerPath: String { "\(path)/ledger.sqlite" }
    /// What happened in the campaign's runs, unless another file is named for it.
    package var logPath: String { "\(path)/run.log" }
    /// Answers that the ledger did not take.
    package var spillPath: String { "\(path)/ledger.spill" }

    /// - Parameter name: must pass `isValid`.
    package init(outputFolder: String, name: String) {
        precondition(Self.isValid(name: name), "a campaign's name is checked where it is typed")
        self.outputFolder = outputFolder
        self.name = name
    }
}

extension CampaignFolder {
    /// Makes the folders where they are missing and refuses them when others could read or change them.
    ///
    /// - Throws: `FileError`, in words.
    package func prepare() throws(FileError) {
        try PrivateFolder.prepareOutputFolder(outputFolder)
        try PrivateFolder.prepareCampaignFolder(path)
    }

    /// Whether there is a campaign.
    ///
    /// - Throws: `FileError` where it cannot be told.
    package func exists() throws(FileError) -> Bool {
        try PrivateFolder.mayExist(ledgerPath)
    }
}

extension CampaignFolder {
    /// The longest name that every file system takes, in bytes of UTF-8.
    package static let nameLengthMax = 200

    /// The same name in the one spelling that is used (NFC): macOS spells file names otherwise.
    package static func normalized(_ name: String) -> String { name.precomposedStringWithCanonicalMapping }

    /// Letters and digits of any script, `.`, `_` and `-`, in NFC; not `.` or `..`.
    package static func isValid(name: String) -> Bool {
        (1...nameLengthMax).contains(name.utf8.count) && name != "." && name != ".."
            && allowed(name).allSatisfy(\.isAllowed)
            && name.unicodeScalars.elementsEqual(normalized(name).unicodeScalars)
    }

    /// Each scalar, and whether a name may have it there: a mark only behind its letter.
    package static func allowed(_ text: String) -> [(scalar: Unicode.Scalar, isAllowed: Bool)] {
        var isBehindLetter = false
        return text.unicodeScalars.map { scalar in
            isBehindLetter = scalar.isLetter || (isBehindLetter && scalar.isMark)
            return (scalar, isBehindLetter || scalar.isDigit || "._-".unicodeScalars.contains(scalar))
        }
    }
}

extension Unicode.Scalar {
    package var isLetter: Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: false
        }
    }

    package var isDigit: Bool {
        switch properties.generalCategory {
        case .decimalNumber, .letterNumber: true
        default: false
        }
    }

    fileprivate var isMark: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark: true
        default: false
        }
    }
}
