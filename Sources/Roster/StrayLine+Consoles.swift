// What psql, mysql, sqlite3, sqlcmd and their like print above and below the rows.

extension StrayLine {
    /// Whether a line is a rule (`-----`, `---,---`, `+----+`) or one that a database's console prints.
    static func isConsoleLine(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let line = bytes.trimmingBlanks
        guard !line.isEmpty else { return false }
        if isRule(UnsafeBufferPointer(rebasing: line)) { return true }
        let text = String(decoding: line.prefix(200), as: UTF8.self).lowercased()
            .trimmingPrefix { $0 == "\"" || $0 == "(" }
        if wholeLines.contains(String(text)) { return true }
        if beginnings.contains(where: { text.hasPrefix($0) }) { return true }
        return isCount(text) || isTag(text)
    }

    /// Whether a line has nothing but what tables are ruled with.
    static func isRule(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        var dashes = 0
        var position = 0
        while position < line.count {
            switch line[position] {
            case UInt8(ascii: "-"), UInt8(ascii: "="), UInt8(ascii: "_"), UInt8(ascii: "~"),
                UInt8(ascii: "*"):
                dashes += 1
            case UInt8(ascii: "+"), UInt8(ascii: "|"), UInt8(ascii: ":"), UInt8(ascii: "\""),
                0x20, 0x09, UInt8(ascii: ","), UInt8(ascii: ";"):
                break
            // Box drawing, U+2500 to U+257F.
            case 0xe2 where position + 2 < line.count && 0x94...0x95 ~= line[position + 1]:
                dashes += 1
                position += 2
            default: return false
            }
            position += 1
        }
        return dashes >= 2
    }

    /// `(2 rows)`, `2 rows in set (0.00 sec)`, `(1,204 rows affected)`.
    private static func isCount(_ text: some StringProtocol) -> Bool {
        let rest = text.drop { $0.isNumber || ".,' \u{a0}".contains($0) }
        guard rest.startIndex > text.startIndex, text.first?.isNumber == true else { return false }
        let word = rest.prefix { $0.isLetter }
        guard countedWords.contains(String(word)) else { return false }
        let end = rest[word.endIndex...]
        return end.isEmpty || [" ", ")", ".", ",", ";", "("].contains(end.first)
    }

    /// `COPY 2`, `INSERT 0 1`: a command and numbers.
    private static func isTag(_ text: some StringProtocol) -> Bool {
        let words = text.split(whereSeparator: { " ;".contains($0) })
        guard let command = words.first, words.count > 1, words.count <= 3 else { return false }
        return commands.contains(String(command))
            && words.dropFirst().allSatisfy { $0.allSatisfy(\.isNumber) }
    }

    private static let countedWords: Set = [
        "row", "rows", "record", "records", "result", "results", "rec", "recs", "tuple", "tuples",
    ]

    private static let commands: Set = [
        "copy", "select", "insert", "update", "delete", "fetch", "move", "merge", "set",
    ]

    private static let wholeLines: Set = [
        "set", "begin", "commit", "rollback", "bye", "go", "database changed", "empty set", "timing is on.",
        "timing is off.", "no rows selected", "no rows selected.", "session altered.",
    ]

    private static let beginnings = [
        "time: ", "time elapsed: ", "elapsed: ", "elapsed time", "run time: ", "execution time",
        "query took ",
        "mysql: [", "mysqldump: [", "mariadb: [", "mysql: ", "mariadb: ", "psql: ", "psql (", "sqlcmd: ",
        "sqlite> ",
        "mysql> ", "mariadb [", "sql> ", "1> ", "warning: ", "notice: ", "error: ", "warning (code",
        "note (code",
        "pager usage is ", "default pager is ", "pager is used", "pager set to ", "default footer is ",
        "tuples only is ", "output format is ", "field separator is ", "record separator is ",
        "expanded display is ", "null display is ", "border style is ", "locale-adjusted ",
        "showing only tuples",
        "title is ", "target width is ", "changed database context to", "changed language setting to",
        "you are now connected ", "query ok", "empty set (", "reading table information", "you can turn off ",
        "rows affected: ", "rows matched: ", "row count: ", "rows: ", "total rows: ", "records: ",
        "completion time: ", "network packet size", "clock time (ms", "waiting on bqjob", "current status: ",
        "data scanned: ", "run time (s): ", "welcome to the ", "disconnected from ", "connected to ",
        "using a password on the command line",
        "did not find any relation", "type \"help\"",
    ]
}
