// What the files of a format are called, of a campaign or of a batch.

/// `invitations.listmonk.csv` with `invitations.listmonk.manifest.json`, and the like.
struct FormatFileNames {
    static let ofCampaign = "invitations"

    let format: String
    private let stem: String
    private let ending: String

    /// - Parameter stem: a batch's, or `invitations`.
    init(_ format: ExportFormat, stem: String = ofCampaign) {
        self.format = format.name
        self.stem = stem
        ending = format.fileEnding
    }

    var manifest: String { "\(stem).\(format).manifest.json" }
    var staging: String { ".\(stem).\(format).partial" }

    /// `invitations.listmonk.csv`; of several `invitations.listmonk.0001.csv` and so on.
    func part(_ index: Int, of count: Int) -> String {
        guard count > 1 else { return "\(stem).\(format).\(ending)" }
        let digits = String(index + 1)
        let number = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        return "\(stem).\(format).\(number).\(ending)"
    }

    /// Whether a file of that name is one of them, the manifest aside.
    func isPart(_ name: String) -> Bool { Self.format(ofPart: name, stem: stem) == format }

    /// The format of a file of that name; nil where it is none's.
    static func format(ofPart name: String, stem: String = ofCampaign) -> String? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard (3...4).contains(parts.count), parts[0] == stem,
            let format = ExportFormat.named(parts[1]), parts.last == format.fileEnding,
            parts.count == 3 || (parts[2].utf8.count == 4 && Int(parts[2]) != nil)
        else { return nil }
        return format.name
    }
}
