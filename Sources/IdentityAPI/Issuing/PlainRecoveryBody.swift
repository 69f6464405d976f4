// The body of a success as Kratos itself writes it, read without a JSON decoder.

/// The texts of a success in its usual form; every other form is for the decoder.
///
/// There is one for each identity, and the decoder costs several times as much. This reads an object of the three
/// members at most, each once and with a text of printable ASCII without a backslash: there, nothing is left to
/// interpretation, and the tests hold it against the decoder.
struct PlainRecoveryBody {
    private(set) var code: String?
    private(set) var link: String?
    private(set) var expiresAt: String?

    private var rest: ArraySlice<UInt8>

    /// Nil for anything unusual, whether it is JSON or not.
    init?(_ body: [UInt8]) {
        rest = body[...]
        guard skip(UInt8(ascii: "{")) else { return nil }
        repeat {
            guard let name = text(), skip(UInt8(ascii: ":")), let value = text(), keep(value, as: name) else {
                return nil
            }
        } while skip(UInt8(ascii: ","))
        guard skip(UInt8(ascii: "}")), rest.isEmpty else { return nil }
    }

    /// False for a member that is none of the three, or that came before.
    private mutating func keep(_ value: ArraySlice<UInt8>, as name: ArraySlice<UInt8>) -> Bool {
        let value = String(decoding: value, as: UTF8.self)
        if code == nil, name.elementsEqual("recovery_code".utf8) {
            code = value
        } else if link == nil, name.elementsEqual("recovery_link".utf8) {
            link = value
        } else if expiresAt == nil, name.elementsEqual("expires_at".utf8) {
            expiresAt = value
        } else {
            return false
        }
        return true
    }

    /// Takes this mark, and the blanks around it.
    private mutating func skip(_ mark: UInt8) -> Bool {
        skipBlanks()
        guard rest.first == mark else { return false }
        rest.removeFirst()
        skipBlanks()
        return true
    }

    private mutating func skipBlanks() {
        rest = rest.drop { $0 == 0x20 || $0 == 0x0a || $0 == 0x0d || $0 == 0x09 }
    }

    /// Takes a text in quotes; nil where there is none that stands for itself.
    private mutating func text() -> ArraySlice<UInt8>? {
        guard rest.first == UInt8(ascii: "\"") else { return nil }
        let text = rest.dropFirst().prefix {
            (0x20...0x7e).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
        }
        guard text.endIndex < rest.endIndex, rest[text.endIndex] == UInt8(ascii: "\"") else { return nil }
        rest = rest[(text.endIndex + 1)...]
        return text
    }
}
