// Where the items of a JSON roster begin and end, without holding more than one of them.

import Model

/// Finds the items in a stream of JSON documents of every shape that identities come in.
///
/// A document is an array of items, a page (an object with a list of items among its members, such as
/// `identities` or `data`), or an item itself. Documents follow one another, with or without line breaks
/// between them, or are the elements of one array. Items are only delimited here, not checked.
final class JSONItemScanner {
    enum Item {
        /// The item's text; valid until the next call of `next`.
        case text(UnsafeBufferPointer<UInt8>)
        /// Longer than the row bound, and skipped; the text is its start.
        case tooLong
        /// A page's member `error` or `errors` beside its list, as an object's text.
        case pageError([UInt8])
    }

    enum Frame {
        case array(isFirst: Bool)
        /// An object whose lists are read; `error` is its member of that name.
        case page(error: [UInt8]?)
    }

    enum Step {
        case item(Item)
        /// Nothing is found yet, and the scan is further on.
        case moved
        case end
    }

    /// How many items there were so far.
    var itemCount = 0

    let window: TextWindow
    /// The ID column that the operator names, in lower case.
    let wanted: [UInt8]?
    /// What the scan is within; empty between documents.
    var frames: [Frame] = []
    var hasDocument = false
    /// Where in the window the scan is.
    ///
    /// What is before it, from the window's start, is the item, unless `skips`.
    var cursor = 0
    var skips = false
    var itemStart: Int64 = 0
    /// How far a look ahead may go; nil when the scan itself goes on.
    var lookaheadEnd: Int?
    /// The name of the member at the cursor; of a long one the first bytes.
    var name: [UInt8] = []

    static let depthMax = 512
    static let lookaheadBytes = 256 << 10
    /// So many lists of one object are looked at; one of those is a page's, if any is.
    static let listsMax = 16

    init(window: TextWindow, wanted: String? = nil) {
        self.window = window
        self.wanted = wanted.map { Array($0.lowercased().utf8) }
    }

    /// The next item, nil after the last; throws a `RosterError` where the text is no JSON or ends too early.
    func next() throws -> Item? {
        while true {
            discard()
            skips = false
            let step =
                switch frames.last {
                case nil: try document()
                case .array(let isFirst): try element(isFirst)
                case .page(let error): try afterList(error)
                }
            switch step {
            case .item(let item): return item
            case .moved: continue
            case .end: return nil
            }
        }
    }

    func document() throws -> Step {
        guard let byte = try peekDocument() else {
            guard hasDocument else { throw malformed("it is empty") }
            return .end
        }
        let isFirst = !hasDocument
        hasDocument = true
        switch byte {
        case UInt8(ascii: "["): return enterArray()
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "\""), 0x30...0x39, UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
            guard isFirst else { return .item(try value()) }
        default: break
        }
        throw malformed(
            isFirst ? "expected an array or an object" : "text follows after the end of the JSON"
        )
    }

    func enterArray() -> Step {
        cursor += 1
        frames.append(.array(isFirst: true))
        return .moved
    }

    func element(_ isFirst: Bool) throws -> Step {
        var byte = try require(peek())
        if byte == UInt8(ascii: "]") {
            cursor += 1
            frames.removeLast()
            return .moved
        }
        if !isFirst {
            guard byte == UInt8(ascii: ",") else { throw malformed("expected a comma or ] after the item") }
            cursor += 1
            byte = try require(peek())
            guard byte != UInt8(ascii: "]") else { throw malformed("expected an item after the comma") }
        }
        frames[frames.count - 1] = .array(isFirst: false)
        discard()
        // What `jq -s` makes of several documents is one array of them.
        if frames.count == 1 {
            if byte == UInt8(ascii: "{") { return try object() }
            if byte == UInt8(ascii: "["), holdsObject() { return enterArray() }
        }
        return .item(try value())
    }

    /// Delimits the value at the cursor as an item.
    func value() throws -> Item {
        discard()
        itemStart = window.position
        try skipValue()
        return ended()
    }

    func ended() -> Item {
        skips = false
        itemCount += 1
        let length = window.position + Int64(cursor) - itemStart
        guard length <= Int64(RosterBounds.rowBytesMax) else { return .tooLong }
        return .text(UnsafeBufferPointer(rebasing: window.bytes[..<cursor]))
    }
}
