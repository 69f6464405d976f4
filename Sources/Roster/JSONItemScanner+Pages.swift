// Objects that are pages: lists of items with members beside them.

import Model

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
    func object() throws -> Step {
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
        var (isFirst, hasID, hasEmptyList, lists) = (true, false, false, 0)
        var error: [UInt8]?
        while try !endsObject(isFirst: isFirst) {
            isFirst = false
            try key()
            let byte = try require(peek())
            switch role {
            case .list where byte == UInt8(ascii: "[") && !hasID && lists < Self.listsMax:
                lists += 1
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
    func afterList(_ error: [UInt8]?) throws -> Step {
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
    func holdsObject() -> Bool {
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

extension [UInt8] {
    fileprivate var lowercasedASCII: [UInt8] {
        map { 0x41...0x5a ~= $0 ? $0 + 0x20 : $0 }
    }
}
