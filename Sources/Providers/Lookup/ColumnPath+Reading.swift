// Values of a JSON document as texts, spelled as the document spells them.

import Model

extension ColumnPath {
    /// For each element of the list that the document is, the texts at the paths; nil where there is nothing.
    ///
    /// The document is one that a decoder has accepted. A decoder would make numbers of numbers: of a price
    /// of 1.10 it knows no more than 1.1, and 1e400 is none to it.
    static func texts(ofEachIn document: [UInt8], at paths: [ColumnPath]) -> [[String?]] {
        document.withUnsafeBufferPointer { document in
            let mark: [UInt8] = [0xef, 0xbb, 0xbf]
            let start = document.starts(with: mark) ? mark.count : 0
            var texts: [[String?]] = []
            JSONCursor(UnsafeBufferPointer(rebasing: document[start...])).forEachElement { element in
                texts.append(paths.map { element.text(at: $0.steps[...]) })
                return true
            }
            return texts
        }
    }
}

extension JSONCursor {
    /// The text of the value at the end of the steps.
    fileprivate func text(at steps: ArraySlice<String>) -> String? {
        guard let step = steps.first else { return wholeText }
        var (value, place) = (self, JSONCursor?.none)
        switch value.peek() {
        case UInt8(ascii: "{"):
            value.forEachMember { key, value in
                if key == step { place = value }
                return place == nil
            }
        case UInt8(ascii: "["):
            guard step.utf8.allSatisfy({ (0x30...0x39).contains($0) }), var ahead = Int(step) else {
                return nil
            }
            value.forEachElement { value in
                if ahead == 0 { place = value }
                ahead -= 1
                return place == nil
            }
        default: break
        }
        return place?.text(at: steps.dropFirst())
    }

    /// The value as a field of a table.
    private var wholeText: String? {
        var value = self
        switch value.peek() {
        case UInt8(ascii: "\""): return (try? value.string())?.text(.paired)
        case UInt8(ascii: "n"): return ""
        case UInt8(ascii: "{"), UInt8(ascii: "["): return String(decoding: value.compact, as: UTF8.self)
        default: return String(decoding: value.passUnchecked(), as: UTF8.self)
        }
    }

    /// The value at the cursor without blanks between its parts.
    private var compact: [UInt8] {
        var value = self
        var compact: [UInt8] = []
        while let byte = value.peek() {
            let start = value.position
            value.position += 1
            if byte == UInt8(ascii: "\"") {
                value.position = start
                guard (try? value.string()) != nil else { break }
            }
            compact.append(contentsOf: value.bytes[start..<value.position])
        }
        return compact
    }

    /// Calls `body` with a cursor at each element of the list at the cursor, until it returns false.
    fileprivate func forEachElement(_ body: (JSONCursor) -> Bool) {
        var list = self
        guard list.peek() == UInt8(ascii: "["), list.enter(.list) else { return }
        repeat {
            // Decoders take a comma before the end.
            guard let first = list.peek(), first != UInt8(ascii: "]"),
                body(JSONCursor(list.passUnchecked()))
            else { return }
        } while (try? list.goesOn(in: .list)) == true
    }

    /// Calls `body` with the name of each member of the object at the cursor and a cursor at its value.
    private func forEachMember(_ body: (_ key: String, JSONCursor) -> Bool) {
        var object = self
        guard object.peek() == UInt8(ascii: "{"), object.enter(.object) else { return }
        repeat {
            guard let key = (try? object.key())?.text(.paired), body(key, JSONCursor(object.passUnchecked()))
            else { return }
        } while (try? object.goesOn(in: .object)) == true
    }
}
