// Values of a decoded JSON document as texts.

import Foundation

/// Walks down a document and makes a text of what it finds.
enum JSONText {
    /// A place in the document.
    enum Place {
        case keyed(KeyedDecodingContainer<AnyKey>)
        case list(any UnkeyedDecodingContainer)
    }

    /// The text of the value at the end of the steps; nil where there is none.
    static func text(at steps: ArraySlice<String>, in place: Place) -> String? {
        guard let step = steps.first else { return nil }
        let rest = steps.dropFirst()
        switch place {
        case .keyed(let values):
            let key = AnyKey(step)
            guard values.contains(key) else { return nil }
            if rest.isEmpty { return (try? values.decode(JSONValue.self, forKey: key))?.text }
            if let next = try? values.nestedContainer(keyedBy: AnyKey.self, forKey: key) {
                return text(at: rest, in: .keyed(next))
            }
            guard let next = try? values.nestedUnkeyedContainer(forKey: key) else { return nil }
            return text(at: rest, in: .list(next))
        case .list(var values):
            guard let position = Int(step), position >= 0, position < values.count ?? 0 else { return nil }
            for _ in 0..<position {
                guard (try? values.decode(JSONValue.self)) != nil else { return nil }
            }
            if rest.isEmpty { return (try? values.decode(JSONValue.self))?.text }
            if let next = try? values.nestedContainer(keyedBy: AnyKey.self) {
                return text(at: rest, in: .keyed(next))
            }
            guard let next = try? values.nestedUnkeyedContainer() else { return nil }
            return text(at: rest, in: .list(next))
        }
    }
}

/// Any JSON value.
enum JSONValue: Codable {
    case null
    case text(String)
    case flag(Bool)
    case whole(Int64)
    case number(Decimal)
    case list([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let flag = try? value.decode(Bool.self) {
            self = .flag(flag)
        } else if let whole = try? value.decode(Int64.self) {
            self = .whole(whole)
        } else if let number = try? value.decode(Decimal.self) {
            self = .number(number)
        } else if let list = try? value.decode([JSONValue].self) {
            self = .list(list)
        } else {
            self = .object(try value.decode([String: JSONValue].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .text(let text): try container.encode(text)
        case .flag(let flag): try container.encode(flag)
        case .whole(let whole): try container.encode(whole)
        case .number(let number): try container.encode(number)
        case .list(let list): try container.encode(list)
        case .object(let object): try container.encode(object)
        }
    }

    /// As a field of a table.
    var text: String {
        switch self {
        case .null: return ""
        case .text(let text): return text
        case .flag(let flag): return flag ? "true" : "false"
        case .whole(let whole): return String(whole)
        case .number(let number): return "\(number)"
        case .list, .object:
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
    }
}
