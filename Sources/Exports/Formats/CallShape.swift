// Bodies of calls that send many mails, or import many contacts, at once.

import Model

/// How the rows of a call become one JSON document.
///
/// The document is made of fixed pieces, and between them the entries of its rows with commas: one list for
/// most systems, two for Mailgun.
struct CallShape: Sendable {
    /// The most users of a call.
    let rowsMax: Int
    /// The most bytes of a call; nil where rows bind first.
    var bytesMax: Int?
    var needsSender = true
    /// Whether the system knows templates by numbers alone.
    var numbersTemplates = false
    /// Whether the system refuses, or merges, two rows of one address in a call.
    var addressOncePerCall = false
    /// The fixed pieces; one more than an entry has.
    let pieces: @Sendable (CallContext) -> [String]
    let entry: @Sendable (CallEntry, CallContext) -> [String]
}

/// What the calls of one export have in common.
struct CallContext: Sendable {
    let sender: MailSender?
    let template: String
    /// The names of the data fields.
    let fields: [String]

    /// The template as a number where it is one.
    var templateNumber: JSONValue { Int(template).map(JSONValue.number) ?? .text(template) }

    /// The sender's address and name, by the system's words for them.
    func sender(_ address: String, _ name: String) -> JSONValue {
        var members: JSONMembers = [(address, .text(sender?.address ?? ""))]
        if let text = sender?.name, !text.isEmpty { members.append((name, .text(text))) }
        return .object(members)
    }
}

/// What a call says of one user.
struct CallEntry {
    let address: String
    /// Empty where it is not known.
    let name: String
    let identityID: String
    let data: JSONMembers
    /// `first_name`, `last_name`, `locale`, where the campaign has them.
    let person: JSONMembers

    /// The address and the name, by the system's words for them.
    func recipient(_ address: String, _ name: String) -> JSONValue {
        var members: JSONMembers = [(address, .text(self.address))]
        if !self.name.isEmpty { members.append((name, .text(self.name))) }
        return .object(members)
    }
}

/// Collects rows until a call is full.
struct CallBuilder {
    private let shape: CallShape
    private let rowsMax: Int
    private let pieces: [String]
    private let fixedBytes: Int
    private var lists: [[UInt8]]
    private var addresses: Set<String> = []
    private(set) var rows = 0

    /// - Parameter rowsMax: of a file, which no call may exceed.
    init(_ shape: CallShape, _ context: CallContext, rowsMax: Int?) {
        self.shape = shape
        self.rowsMax = min(shape.rowsMax, rowsMax ?? .max)
        pieces = shape.pieces(context)
        fixedBytes = pieces.reduce(1) { $0 + $1.utf8.count }
        lists = Array(repeating: [], count: pieces.count - 1)
    }

    /// Whether the entry has to go into the next call.
    func isFull(for entry: [String], _ address: String, bytesMax: Int?) -> Bool {
        guard rows > 0 else { return false }
        if rows >= rowsMax { return true }
        if shape.addressOncePerCall, addresses.contains(address.lowercased()) { return true }
        let limit = min(shape.bytesMax ?? .max, bytesMax ?? .max)
        return bytes(with: entry) > limit
    }

    /// The size of the call with one more entry, its line break included.
    func bytes(with entry: [String]) -> Int {
        fixedBytes + lists.reduce(0) { $0 + $1.count + 1 } + entry.reduce(0) { $0 + $1.utf8.count }
    }

    mutating func add(_ entry: [String], _ address: String) {
        for index in lists.indices {
            if rows > 0 { lists[index].append(UInt8(ascii: ",")) }
            lists[index].append(contentsOf: entry[index].utf8)
        }
        if shape.addressOncePerCall { addresses.insert(address.lowercased()) }
        rows += 1
    }

    /// The call's line, and an empty call afterwards.
    mutating func take() -> (bytes: [UInt8], rows: Int) {
        var bytes: [UInt8] = []
        for (index, piece) in pieces.enumerated() {
            bytes.append(contentsOf: piece.utf8)
            if index < lists.count {
                bytes.append(contentsOf: lists[index])
                lists[index].removeAll(keepingCapacity: true)
            }
        }
        bytes.append(UInt8(ascii: "\n"))
        defer {
            rows = 0
            addresses.removeAll(keepingCapacity: true)
        }
        return (bytes, rows)
    }
}
