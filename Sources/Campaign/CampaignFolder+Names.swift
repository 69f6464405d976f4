// What a campaign may be called, and what a roster's file makes of it.

package import Ledger
package import Files
import Model

extension CampaignFolder {
    /// The name for a roster file: without its folder and its ending, other characters made `-`; nil where
    /// that has no letter and no digit.
    package static func name(forRoster path: String) -> String? {
        let stem = stem(ofRoster: path)
        var scalars = String.UnicodeScalarView()
        for (scalar, isAllowed) in allowed(normalized(String(stem))) {
            scalars.append(isAllowed ? scalar : "-")
        }
        var name = ""
        var length = 0
        for character in String(scalars) {
            length += character.utf8.count
            guard length <= nameLengthMax else { break }
            name.append(character)
        }
        let isNamed = name.unicodeScalars.contains { $0.isLetter || $0.isDigit }
        return isNamed && isValid(name: name) ? name : nil
    }

    /// The name that earlier versions made of a roster file: only ASCII was kept.
    static func earlierName(forRoster path: String) -> String {
        let stem = stem(ofRoster: path)
        let name = stem.unicodeScalars.map { scalar in
            let isAllowed =
                scalar.isASCII && (scalar.isLetter || scalar.isDigit || "._-".unicodeScalars.contains(scalar))
            return isAllowed ? Character(scalar) : "-"
        }
        return String(name.prefix(nameLengthMax))
    }

    /// The campaign that a roster file names.
    ///
    /// One that an earlier version has made of the same file under another name goes on under that.
    ///
    /// - Returns: nil where the file's name has no letter and no digit.
    package static func named(after path: String, in outputFolder: String) -> CampaignFolder? {
        let name = name(forRoster: path)
        let folder = name.map { CampaignFolder(outputFolder: outputFolder, name: $0) }
        let earlierName = earlierName(forRoster: path)
        guard name != earlierName, isValid(name: earlierName) else { return folder }
        let earlier = CampaignFolder(outputFolder: outputFolder, name: earlierName)
        guard folder.map({ !PrivateFolder.exists($0.path) }) ?? true,
            PrivateFolder.exists(earlier.ledgerPath),
            let names = try? earlier.openLedger().rosterNames(),
            names.contains(where: { fileName(ofRoster: $0) == fileName(ofRoster: path) })
        else { return folder }
        return earlier
    }

    /// The last part of a roster's path, without its ending.
    private static func stem(ofRoster path: String) -> Substring {
        let file = fileName(ofRoster: path)
        return file.lastIndex(of: ".").map { $0 == file.startIndex ? file[...] : file[..<$0] } ?? file[...]
    }

    /// The last part of a roster's path.
    package static func fileName(ofRoster path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// Whether a roster comes from standard input, or another descriptor of this process: it has no name
    /// then.
    package static func isUnnamed(roster path: String) -> Bool {
        if path == "-" { return true }
        let parts = path.split(separator: "/").filter { $0 != "." }
        guard path.hasPrefix("/"), let last = parts.last else { return false }
        switch parts.dropLast() {
        case ["dev"]: return ["stdin", "stdout", "stderr"].contains(last)
        case ["dev", "fd"]: return true
        case let folder where folder.first == "proc" && folder.last == "fd": return true
        default: return false
        }
    }

    /// Holds the file that a campaign would be named after against the files that it was made from.
    ///
    /// - Throws: `CampaignError` where it was made from files of other names: another roster's name may come
    ///   to the same.
    package func check(rosterFile path: String, against ledger: any LedgerReader) throws {
        let names = try ledger.rosterNames()
        let file = Self.fileName(ofRoster: path)
        // Two spellings of one text are equal.
        guard let latest = names.first, !names.contains(where: { Self.fileName(ofRoster: $0) == file }) else {
            return
        }
        let known = Self.isUnnamed(roster: latest) ? "standard input" : Self.fileName(ofRoster: latest)
        throw CampaignError(
            .foreignRoster,
            "the roster \(file.showingInvisible()) leads to the campaign \(name) by its name, and that was "
                + "made from \(known.showingInvisible())",
            advice: "give \(.campaign, name) where this roster belongs to it too, or another \(.campaign)"
        )
    }
}
