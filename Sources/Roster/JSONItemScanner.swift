// Where the items of a JSON roster begin and end, without holding more than one of them.

import Vocabulary

/// Finds the items in a stream of JSON documents of every shape that identities come in.
///
/// A document is an array of items, a page (an object with a list of items among its members, such as `identities`
/// or `data`), or an item itself. Documents follow one another, with or without line breaks between them, or are the
/// elements of one array. Items are only delimited here, not checked.
final class JSONItemScanner {
    enum Item {
        /// The item's text; valid until the next call of `next`.
        case text(UnsafeBufferPointer<UInt8>)
        /// Longer than the row bound, and skipped; the text is its start.
        case tooLong
        /// A page's member `error` or `errors` beside its list, as an object's text.
        case pageError([UInt8])
    }

    private enum Frame {
        case array(isFirst: Bool)
        /// An object whose lists are read; `error` is its member of that name.
        case page(error: [UInt8]?)
    }

    private enum Step {
        case item(Item)
        /// Nothing is found yet, and the scan is further on.
        case moved
        case end
    }

    /// How many items there were so far.
    private(set) var itemCount = 0

    private let window: TextWindow
    /// The ID column that the operator names, in lower case.
    private let wanted: [UInt8]?
    /// What the scan is within; empty between documents.
    private var frames: [Frame] = []
    private var hasDocument = false
    /// Where in the window the scan is.
    ///
    /// What is before it, from the window's start, is the item, unless `skips`.
    private var cursor = 0
    private var skips = false
    private var itemStart: Int64 = 0
    /// How far a look ahead may go; nil when the scan itself goes on.
    private var lookaheadEnd: Int?
    /// The name of the member at the cursor; of a long one the first bytes.
    private var name: [UInt8] = []

    private static let depthMax = 512
    private static let lookaheadBytes = 256 << 10

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

    private func document() throws -> Step {
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

    private func enterArray() -> Step {
        cursor += 1
        frames.append(.array(isFirst: true))
        return .moved
    }

    private func element(_ isFirst: Bool) throws -> Step {
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
    private func value() throws -> Item {
        discard()
        itemStart = window.position
        try skipValue()
        return ended()
    }

    private func ended() -> Item {
        skips = false
        itemCount += 1
        let length = window.position + Int64(cursor) - itemStart
        guard length <= Int64(RosterBounds.rowBytesMax) else { return .tooLong }
        return .text(UnsafeBufferPointer(rebasing: window.bytes[..<cursor]))
    }
}

// MARK: - Pages

extension JSONItemScanner {
    /// What a member's name says about the object.
    private enum Role {
        case list, id, error, other
    }

    private var role: Role {
        // The length tells nearly all names apart: the others cost nothing.
        switch name.count {
        case 2 where isNamed("id"), 8 where isNamed("identity"), 11 where isNamed("identity_id"): .id
        case 5 where isNamed("error"), 6 where isNamed("errors"): .error
        case 4 where isNamed("data"), 5 where isNamed("users") || isNamed("items"),
            8 where isNamed("sessions"), 9 where isNamed("resources"), 10 where isNamed("identities"):
            .list
        case let count where wanted.map { $0.count == count && name.lowercasedASCII == $0 } ?? false: .id
        default: .other
        }
    }

    private func isNamed(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { name.lowercasedASCII.elementsEqual($0) }
    }

    /// Passes an object as an item, or enters the first of its lists where it is a page.
    private func object() throws -> Step {
        do {
            return try members()
        } catch let error as RosterError where error.code == .malformedJSON && !skips {
            // Where its brackets match, what is wrong within it concerns it alone.
            cursor = 0
            return .item(try value())
        }
    }

    /// An object with an ID of its own is an item, whatever lists it has.
    private func members() throws -> Step {
        itemStart = window.position
        cursor += 1
        var (isFirst, hasID, hasEmptyList) = (true, false, false)
        var error: [UInt8]?
        while try !endsObject(isFirst: isFirst) {
            isFirst = false
            try key()
            let byte = try require(peek())
            switch role {
            case .list where byte == UInt8(ascii: "[") && !hasID:
                switch listKind() {
                case .page:
                    skips = false
                    frames.append(.page(error: error))
                    return enterArray()
                case .empty: hasEmptyList = true
                case .member: break
                }
                try skipValue()
            case .id:
                guard try skippedValue().map(isID) ?? false else { continue }
                hasID = true
                guard !skips else { continue }
                // Nothing else in it can matter, so it needs no looking into.
                cursor = 0
                return .item(try value())
            case .error: error = try skippedValue().flatMap(errorText) ?? error
            case .list, .other: try skipValue()
            }
        }
        if hasEmptyList, !hasID, error == nil, !skips, try hasPageMembersOnly() { return .moved }
        return .item(ended())
    }

    /// Goes on after a page's list: to its next one, or to its end.
    private func afterList(_ error: [UInt8]?) throws -> Step {
        var error = error
        skips = true
        while try !endsObject(isFirst: false) {
            try key()
            let byte = try require(peek())
            switch role {
            case .list where byte == UInt8(ascii: "["):
                frames[frames.count - 1] = .page(error: error)
                return enterArray()
            case .error:
                discard()
                skips = false
                error = try skippedValue().flatMap(errorText) ?? error
                skips = true
            default: try skipValue()
            }
        }
        frames.removeLast()
        guard let error else { return .moved }
        itemCount += 1
        return .item(.pageError(error))
    }

    /// Passes a value and returns its text; nil where it was too long to be kept.
    private func skippedValue() throws -> UnsafeBufferPointer<UInt8>? {
        let (start, wasSkipping) = (cursor, skips)
        try skipValue()
        return wasSkipping || skips ? nil : UnsafeBufferPointer(rebasing: window.bytes[start..<cursor])
    }

    /// Whether a member's value is an identity's ID, or an object with one.
    private func isID(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        switch text.first {
        case UInt8(ascii: "\""):
            text.count > 2 && IdentityID(utf8: UnsafeBufferPointer(rebasing: text[1..<text.count - 1])) != nil
        case UInt8(ascii: "{"):
            (try? JSONItem(text))?["id"].flatMap { IdentityID($0.value) } != nil
        default: false
        }
    }

    /// The text of an object with the error alone; nil where it says that there is none.
    private func errorText(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard text.count <= 64 << 10 else { return Array("{\"errors\":{}}".utf8) }
        let object = Array("{\"errors\":".utf8) + text + Array("}".utf8)
        let item = object.withUnsafeBufferPointer { try? JSONItem($0) }
        return item?.marks.contains(.error) ?? true ? object : nil
    }

    private enum ListKind {
        /// A list of identities.
        case page
        case empty
        /// A list of an item's own.
        case member
    }

    /// Looks at the list at the cursor, and at what comes after it in its object.
    private func listKind() -> ListKind {
        let isListing = isNamed("identities")
        var (count, found, hasID) = (0, false, false)
        let isWhole: Void? = lookingAhead(Self.lookaheadBytes) { end in
            cursor += 1
            while try require(peek()) != UInt8(ascii: "]") {
                let start = cursor
                try skipValue()
                guard cursor <= end else { return }
                count += 1
                found = found || isIdentity(UnsafeBufferPointer(rebasing: window.bytes[start..<cursor]))
                if try require(peek()) == UInt8(ascii: ",") { cursor += 1 }
            }
            cursor += 1
            while try !endsObject(isFirst: false) {
                try key()
                let isOfID = role == .id
                _ = try peek()
                let start = cursor
                try skipValue()
                guard isOfID, cursor <= end else { continue }
                hasID = hasID || isID(UnsafeBufferPointer(rebasing: window.bytes[start..<cursor]))
            }
        }
        if hasID { return .member }
        if count == 0 { return isWhole == nil ? .page : .empty }
        return found || isListing ? .page : .member
    }

    /// Whether a list's element has an identity's ID where one can stand.
    private func isIdentity(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let item = try? JSONItem(text) else { return false }
        switch item.shape {
        case .string(let text): return IdentityID(text) != nil
        case .other: return false
        case .object: break
        }
        let names = SampledColumn.idNames + (wanted.map { [String(decoding: $0, as: UTF8.self)] } ?? [])
        return item.isImport
            || item.members.contains {
                names.contains($0.name.lowercased()) && IdentityID($0.value) != nil
            }
    }

    /// Whether the object that ends at the cursor says nothing of a person: an empty page.
    private func hasPageMembersOnly() throws -> Bool {
        let end = cursor
        defer { cursor = end }
        cursor = 1
        var isFirst = true
        while try !endsObject(isFirst: isFirst) {
            isFirst = false
            try key()
            guard role != .other || isPageMember(String(decoding: name, as: UTF8.self).lowercased()) else {
                return false
            }
            try skipValue()
        }
        return true
    }

    private func isPageMember(_ name: String) -> Bool {
        let parts = ["page", "total", "cursor", "offset", "limit"]
        return parts.contains(where: name.contains) || name.hasPrefix("next") || name.hasPrefix("prev")
            || [
                "count", "schemas", "startindex", "meta", "links", "_links", "has_more", "hasmore", "object",
                "kind", "etag", "success", "ok", "self", "first", "last", "size", "status", "code",
            ].contains(name)
    }

    /// Whether the array at the cursor begins with an object.
    private func holdsObject() -> Bool {
        lookingAhead(4096) { _ in
            cursor += 1
            return try peek() == UInt8(ascii: "{")
        } ?? false
    }

    /// What `look` finds without going further than so many bytes; the scan stays where it is.
    ///
    /// Nil where the text ends, or breaks off, within them: the scan itself comes to that place and tells.
    private func lookingAhead<T>(_ bytes: Int, _ look: (_ end: Int) throws -> T) -> T? {
        let (start, wasSkipping, listName) = (cursor, skips, name)
        let end = start + bytes
        (lookaheadEnd, skips) = (end, false)
        defer { (lookaheadEnd, skips, cursor, name) = (nil, wasSkipping, start, listName) }
        // However much of the text is in memory already, the answer is the same.
        guard let found = try? look(end), cursor <= end else { return nil }
        return found
    }
}

// MARK: - Bytes

extension JSONItemScanner {
    private struct LookaheadEnd: Error {}

    /// Forgets what is before the cursor, and blanks after it.
    private func discard() {
        window.discard(cursor)
        cursor = 0
    }

    /// More text beyond the cursor, which is at the window's end; false at the source's end.
    private func more() throws -> Bool {
        if window.isAtEnd { return false }
        if let lookaheadEnd {
            guard cursor <= lookaheadEnd else { throw LookaheadEnd() }
        } else {
            if !skips, cursor > RosterBounds.rowBytesMax { skips = true }
            if skips { discard() }
        }
        try window.fill()
        return cursor < window.count
    }

    /// The next byte that is no blank, which is not passed; nil at the source's end.
    private func peek() throws -> UInt8? {
        while true {
            let bytes = window.bytes
            while cursor < bytes.count {
                let byte = bytes[cursor]
                guard byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else { return byte }
                cursor += 1
            }
            guard try more() else { return nil }
        }
    }

    /// The first byte of the next document; what files that were joined have between them is passed.
    private func peekDocument() throws -> UInt8? {
        skips = true
        defer { discard(); skips = false }
        while let byte = try peek() {
            discard()
            switch byte {
            case 0x1e: cursor += 1
            case 0xef:
                while window.count < 3, try more() {}
                guard window.bytes.starts(with: [0xef, 0xbb, 0xbf]) else { return byte }
                cursor += 3
            default: return byte
            }
        }
        return nil
    }

    private func require(_ byte: UInt8?) throws -> UInt8 {
        guard let byte else { throw truncated() }
        return byte
    }

    /// Passes what is between two members; true at the object's end, which is passed too.
    private func endsObject(isFirst: Bool) throws -> Bool {
        let byte = try require(peek())
        if byte == UInt8(ascii: "}") {
            cursor += 1
            return true
        }
        if isFirst { return false }
        guard byte == UInt8(ascii: ",") else { throw malformed("expected a comma or } after the member") }
        cursor += 1
        return false
    }

    /// Passes a key and its colon, and keeps the key in `name`.
    private func key() throws {
        guard try require(peek()) == UInt8(ascii: "\"") else {
            throw malformed("expected a member's name in quotes")
        }
        cursor += 1
        name.removeAll(keepingCapacity: true)
        var isEscaped = false
        passing: while true {
            let bytes = window.bytes
            while cursor < bytes.count {
                let byte = bytes[cursor]
                cursor += 1
                if byte == UInt8(ascii: "\""), !isEscaped { break passing }
                isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
                if name.count < 64 { name.append(byte) }
            }
            guard try more() else { throw truncated() }
        }
        guard try require(peek()) == UInt8(ascii: ":") else {
            throw malformed("expected a colon after a member's name")
        }
        cursor += 1
    }

    /// Passes a value: its brackets must match, the rest is checked when the item is taken apart.
    private func skipValue() throws {
        let first = try require(peek())
        switch first {
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""): break
        case UInt8(ascii: "-"), 0x30...0x39, UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
            return try skipWord()
        default: throw malformed("expected a value")
        }
        var closers: [UInt8] = []
        var (isInString, isEscaped) = (false, false)
        while true {
            let bytes = window.bytes
            while cursor < bytes.count {
                let byte = bytes[cursor]
                cursor += 1
                if isInString {
                    if isEscaped {
                        isEscaped = false
                    } else if byte == UInt8(ascii: "\\") {
                        isEscaped = true
                    } else if byte == UInt8(ascii: "\"") {
                        isInString = false
                        if closers.isEmpty { return }
                    }
                    continue
                }
                switch byte {
                case UInt8(ascii: "\""): isInString = true
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    guard closers.count < Self.depthMax else { throw malformed("it is nested too deeply") }
                    closers.append(byte + 2)
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    guard closers.popLast() == byte else { throw malformed("the brackets do not match") }
                    if closers.isEmpty { return }
                default: break
                }
            }
            guard try more() else { throw truncated() }
        }
    }

    private func skipWord() throws {
        while true {
            let bytes = window.bytes
            while cursor < bytes.count {
                switch bytes[cursor] {
                case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), 0x20, 0x0a, 0x0d, 0x09: return
                default: cursor += 1
                }
            }
            guard try more() else {
                // A word that is a document of its own ends with the text.
                if frames.isEmpty { return }
                throw truncated()
            }
        }
    }

    private func malformed(_ words: String) -> RosterError {
        let place = itemCount == 0 ? "before its first item is complete" : "after item \(itemCount)"
        return RosterError(
            .malformedJSON,
            "is not valid JSON \(place), at byte \(window.position + Int64(cursor)): \(words); export it again"
        )
    }

    private func truncated() -> RosterError {
        RosterError(
            .malformedJSON,
            "ends in the middle of its JSON, at byte \(window.position + Int64(cursor)), after \(itemCount) "
                + "complete \(itemCount == 1 ? "item" : "items"); it was cut off: export it again"
        )
    }
}

extension [UInt8] {
    fileprivate var lowercasedASCII: [UInt8] {
        map { 0x41...0x5a ~= $0 ? $0 + 0x20 : $0 }
    }
}
