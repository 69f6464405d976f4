// The body of a success as Kratos itself writes it, read without a JSON decoder.

import Model

/// The texts of a success in its usual form; every other form is for the decoder.
///
/// There is one for each identity, and the decoder costs several times as much. This reads an object of the
/// three members at most, each once and with a text of printable ASCII without a backslash: there, nothing is
/// left to interpretation, and the tests hold it against the decoder.
struct PlainRecoveryBody {
    private(set) var code: String?
    private(set) var link: String?
    private(set) var expiresAt: String?

    /// Nil for anything unusual, whether it is JSON or not.
    init?(_ body: [UInt8]) {
        let isPlain = body.withUnsafeBufferPointer { read(JSONCursor($0)) }
        guard isPlain else { return nil }
    }

    private mutating func read(_ body: JSONCursor) -> Bool {
        var cursor = body
        guard cursor.take(UInt8(ascii: "{")) else { return false }
        repeat {
            guard let name = cursor.plainString(), cursor.take(UInt8(ascii: ":")),
                let value = cursor.plainString(), keep(value, as: name)
            else { return false }
        } while cursor.take(UInt8(ascii: ","))
        return cursor.take(UInt8(ascii: "}")) && cursor.peek() == nil
    }

    /// False for a member that is none of the three, or that came before.
    private mutating func keep(
        _ value: UnsafeBufferPointer<UInt8>,
        as name: UnsafeBufferPointer<UInt8>
    ) -> Bool {
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
}
