// What has come of an answer so far, within its bounds.

/// The status line, header and body of one answer, as libcurl hands them over piece by piece.
struct CurlAnswer {
    private enum Part { case statusLine, fields, body }

    private var part = Part.statusLine
    private var headerBytes = 0
    private var headerLines = 0

    /// The status of the last status line, interim ones (1xx) included; 0 before the first.
    private(set) var status = 0
    private(set) var version = HTTPResponse.Version.http1_1
    /// The fields below the last status line.
    private(set) var fields: [UInt8] = []
    private(set) var body: [UInt8] = []
    private(set) var isHeaderTooLarge = false
    private(set) var isBodyTruncated = false

    /// Whether the header of the final answer was read to its end.
    ///
    /// libcurl does not tell: a connection closed within the header is a success to it, with an empty body.
    var isHeaderComplete: Bool { part == .body }

    /// The status, if it is a final one.
    var finalStatus: Int? { status >= 200 ? status : nil }

    mutating func reset() {
        part = .statusLine
        headerBytes = 0
        headerLines = 0
        status = 0
        fields = []
        body = []
        isHeaderTooLarge = false
        isBodyTruncated = false
    }

    /// Takes a line with its end; false where the header is beyond its limits.
    mutating func addHeaderLine(_ line: UnsafeRawBufferPointer, limits: CurlTransfer.Limits) -> Bool {
        headerBytes += line.count
        headerLines += 1
        guard headerBytes <= limits.headerBytes, headerLines <= limits.headerLines else {
            isHeaderTooLarge = true
            return false
        }
        switch part {
        case .statusLine:
            readStatusLine(line)
            fields.removeAll(keepingCapacity: true)
            part = .fields
        case .fields where line.first == UInt8(ascii: "\r") || line.first == UInt8(ascii: "\n"):
            let isInterim = (100..<200).contains(status) && status != 101
            part = isInterim ? .statusLine : .body
        case .fields:
            if fields.isEmpty { fields.reserveCapacity(512) }
            fields.append(contentsOf: line)
        case .body:
            break  // A trailer: nobody asked for it, and it may not pass for a field of the header.
        }
        return true
    }

    /// Takes a decoded piece of the body; false where it is beyond the limit, which it is kept up to.
    mutating func addBody(_ piece: UnsafeRawBufferPointer, bytesMax: Int) -> Bool {
        let room = bytesMax - body.count
        body.append(contentsOf: piece.prefix(room))
        isBodyTruncated = piece.count > room
        return !isBodyTruncated
    }

    /// Reads `HTTP/1.1 201 Created`; a status that is no number of three digits counts as 0.
    private mutating func readStatusLine(_ line: UnsafeRawBufferPointer) {
        status = 0
        guard let blank = line.firstIndex(of: UInt8(ascii: " ")) else { return }
        version =
            if line[..<blank].elementsEqual("HTTP/1.1".utf8) {
                .http1_1
            } else if line[..<blank].elementsEqual("HTTP/1.0".utf8) {
                .http1_0
            } else if line[..<blank].starts(with: "HTTP/2".utf8) {
                .http2
            } else {
                .http3
            }
        let digits = line[(blank + 1)...].prefix { (0x30...0x39).contains($0) }
        if digits.count == 3 { status = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } }
    }
}
