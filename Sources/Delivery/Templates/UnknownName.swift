// Tags that name nothing, and what they may mean.

import Model

/// A tag whose name is neither a field nor a column of the campaign.
struct UnknownName {
    let place: String
    let message: Wording
    let advice: Wording

    private static let listedMax = 20

    init(_ tag: TemplateTag, in file: String, _ columns: MailColumns) {
        place = "\(file):\(tag.position.text)"
        message = "\"\(tag.name)\" is neither a field nor a column of this campaign"
        advice = Self.advice(tag.name, columns)
    }

    var error: MailTemplateError { MailTemplateError(.unknownName, at: place, message, advice: advice) }

    private static func advice(_ name: String, _ columns: MailColumns) -> Wording {
        if let field = MailField(rawValue: name) {
            return field == .name
                ? "there is no column with names: look one up by \(.columns), or name one by \(.nameColumn)"
                : "there is no column with such names: look one up by \(.columns)"
        }
        let names = columns.names
        let folded = simplified(name)
        let nearest = names.map { (name: $0, distance: distance(simplified($0), folded)) }
            .min { $0.distance < $1.distance }
        if let nearest, nearest.distance <= max(1, folded.count / 4) {
            return "write {{\(nearest.name)}}, if that is meant"
        }
        let listed = names.prefix(listedMax).joined(separator: ", ") + (names.count > listedMax ? ", …" : "")
        return "names are \(listed)"
    }

    private static func simplified(_ name: String) -> [Unicode.Scalar] {
        name.prefix(60).lowercased().unicodeScalars.filter { $0 != "_" && $0 != "-" && $0 != " " }
    }

    /// How many characters have to be changed, added or removed.
    private static func distance(_ first: [Unicode.Scalar], _ second: [Unicode.Scalar]) -> Int {
        var row = Array(0...second.count)
        for (index, scalar) in first.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (place, other) in second.enumerated() {
                let above = row[place + 1]
                row[place + 1] = scalar == other ? diagonal : 1 + min(diagonal, above, row[place])
                diagonal = above
            }
        }
        return row[second.count]
    }
}
