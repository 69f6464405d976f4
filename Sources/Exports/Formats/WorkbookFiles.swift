// Workbooks of one sheet, written aside row by row.

import CXlsxWriter
import Files
import Glibc
import Model

/// One cell of a sheet.
enum WorkbookCell {
    case text(String)
    /// Whole seconds since 1970 on a zone's clock.
    case time(Int64)
}

/// Writes rows into workbooks, each of which begins with the same header.
///
/// The library keeps the rows in files without a name in the folder, and packs them at the end.
final class WorkbookFiles {
    /// Columns are as wide as their texts in so many rows need.
    private static let measuredRows = 1000
    private static let widths = 8...60
    /// The time of a file without rows; a time of 0 would be the clock's.
    private static let earliest = Timestamp(milliseconds: 315_532_800_000)

    private let folder: String
    private let header: [String]
    private let timeFormat: String
    private let rowsMax: Int
    private var file: AtomicFile?
    private var book: OpaquePointer?
    private var rows = 0
    private var widths: [Int] = []
    private var latest = WorkbookFiles.earliest
    /// Those that are whole, by the names that they have in the folder.
    private var parts: [ExportedPart] = []

    /// - Parameters:
    ///   - folder: private, as the library's files are in it besides.
    ///   - zoneName: of the clock that times are on, which the sheet shows.
    init(_ folder: String, header: [String], zoneName: String, rowsMax: Int) {
        self.folder = folder
        self.header = header
        timeFormat = "yyyy-mm-dd hh:mm:ss \"\(zoneName)\""
        self.rowsMax = rowsMax
    }

    deinit {
        if let book { cxlsx_discard(book) }
    }

    /// Appends a row.
    ///
    /// - Parameter time: when its invitation was issued; a file says that it was made at the latest of them.
    func append(_ cells: [WorkbookCell], at time: Timestamp) throws {
        if rows == rowsMax { try close() }
        let book = try opened()
        rows += 1
        latest = max(latest, time)
        for (column, cell) in cells.enumerated() {
            var width = 0
            switch cell {
            case .text(""): continue
            case .text(let text):
                width = rows > Self.measuredRows ? 0 : text.unicodeScalars.count
                try check(cxlsx_text(book, UInt32(rows), UInt16(column), WorkbookText.escaped(text)))
            case .time(let seconds):
                width = timeFormat.utf8.count
                // 1970-01-01 is day 25569 of spreadsheets.
                let days = Double(seconds) / 86_400 + 25_569
                try check(cxlsx_time(book, UInt32(rows), UInt16(column), days))
            }
            widths[column] = max(widths[column], width)
        }
    }

    /// Ends the last part; there is one at least.
    func finish() throws -> [ExportedPart] {
        if parts.isEmpty { _ = try opened() }
        try close()
        return parts
    }

    private func opened() throws -> OpaquePointer {
        if let book { return book }
        try PartFiles.checkCount(parts.count)
        var file = try AtomicFile("\(folder)/\(parts.count + 1)")
        guard let book = cxlsx_begin(try file.flushed(), folder, timeFormat) else {
            throw FileError.current("write a temporary file in", folder)
        }
        self.book = book
        self.file = consume file
        (rows, latest) = (0, Self.earliest)
        widths = header.map { $0.unicodeScalars.count }
        for (column, name) in header.enumerated() {
            try check(cxlsx_head(book, UInt16(column), WorkbookText.escaped(WorkbookText.cleaned(name))))
        }
        return book
    }

    private func close() throws {
        guard let book, var file = file.take() else { return }
        for (column, width) in widths.enumerated() {
            let width = min(max(width + 2, Self.widths.lowerBound), Self.widths.upperBound)
            try check(cxlsx_width(book, UInt16(column), Double(width)))
        }
        let path = file.path
        self.book = nil
        try check(finish(book))
        let sum = try FileSum.sha256(ofFile: file.flushed())
        let stamp = try file.commit()
        parts.append(ExportedPart(path: path, rows: rows, bytes: stamp.size, sha256: sum))
    }

    private func finish(_ book: OpaquePointer) throws -> Int32 {
        let path = "\(folder)/room"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            let error = FileError.current("write", path)
            cxlsx_discard(book)
            throw error
        }
        defer {
            Glibc.close(descriptor)
            unlink(path)
        }
        return cxlsx_finish(book, descriptor, latest.milliseconds / 1000)
    }

    private func check(_ code: Int32) throws {
        if code < 0 { throw FileError.failed("write", "\(folder)/\(parts.count + 1)", -code) }
        guard code > 0 else { return }
        throw FormatError(
            .unwrittenWorkbook,
            "a workbook cannot be written: \(String(cString: cxlsx_error(code)))",
            advice: "give a smaller \(.splitRows)"
        )
    }
}

/// Texts in workbooks.
enum WorkbookText {
    /// The text with LF for its line breaks, and without what XML cannot hold.
    static func cleaned(_ text: String) -> String {
        guard !isClean(text) else { return text }
        var scalars = String.UnicodeScalarView()
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            defer { previous = scalar }
            if scalar == "\n", previous == "\r" { continue }
            if scalar == "\r" { scalars.append("\n") } else if isHeld(scalar) { scalars.append(scalar) }
        }
        return String(scalars)
    }

    static func isClean(_ text: String) -> Bool {
        // U+FFFE and U+FFFF begin with 0xef.
        guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0xef }) else { return true }
        return text.unicodeScalars.allSatisfy { $0 != "\r" && isHeld($0) }
    }

    /// The text with `_x005F_x0041_` for `_x0041_`, which would be read as an `A`.
    static func escaped(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.contains(UInt8(ascii: "_")) else { return text }
        var result: [UInt8] = []
        for index in bytes.indices {
            if isEscape(bytes[index...]) { result.append(contentsOf: "_x005F".utf8) }
            result.append(bytes[index])
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isEscape(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.count >= 7 && bytes.starts(with: "_x".utf8)
            && bytes[bytes.startIndex + 6] == UInt8(ascii: "_")
            && bytes[(bytes.startIndex + 2)..<(bytes.startIndex + 6)].allSatisfy(isHexDigit)
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        0x30...0x39 ~= byte || 0x41...0x46 ~= byte || 0x61...0x66 ~= byte
    }

    private static func isHeld(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0a: true
        case 0..<0x20, 0xfffe, 0xffff: false
        default: true
        }
    }
}
