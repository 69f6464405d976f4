// Rosters that are called as outputs are: which campaign is meant, nobody can tell by that.

package import Files
import Model

extension CampaignFolder {
    /// Whether a roster's file has the name of an output, which tells nothing of the campaign:
    /// `failures.csv`,
    /// `Invitations (1).csv`, `rejected - Copy.csv`.
    ///
    /// Browsers and file managers add such numbers and words to a file that they have had before.
    package static func isOutputName(ofRoster path: String) -> Bool {
        let stem =
            fileName(ofRoster: path).lowercased().split(separator: ".", maxSplits: 1).first.map(String.init)
            ?? ""
        return OwnColumns.outputNames.contains { name in
            stem.hasPrefix(name) && isCopyMark(stem.dropFirst(name.count))
        }
    }

    /// Whether text is what distinguishes copies of a file: nothing, ` (1)`, `-2`, ` - copy`, ` copy 3`.
    private static func isCopyMark(_ text: Substring) -> Bool {
        let words = text.split { !$0.isLetter && !$0.isNumber }
        return words.allSatisfy { word in
            ["copy", "kopie", "copie", "copia"].contains(word)
                || (word.utf8.count <= 2 && word.utf8.allSatisfy { 0x30...0x39 ~= $0 })
        } && text.unicodeScalars.allSatisfy { $0.isASCII }
    }

    /// The campaign in whose folder a roster's file lies; nil where that is no campaign's.
    package static func owner(ofRoster path: String) -> String? {
        let parts = path.split(separator: "/").map(String.init)
        guard parts.count >= 2 else { return nil }
        let folder = (path.hasPrefix("/") ? "/" : "") + parts.dropLast().joined(separator: "/")
        return PrivateFolder.exists("\(folder)/ledger.sqlite") ? parts[parts.count - 2] : nil
    }
}
