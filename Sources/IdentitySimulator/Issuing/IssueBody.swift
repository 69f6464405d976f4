// The body of an issuing request, decoded into the struct that Kratos has for it.

import Model

/// The endpoints that issue.
package enum IssuingEndpoint: String, Sendable {
    case code, link
}

/// What an issuing request asks for.
struct IssueBody: Hashable, Sendable {
    /// The nil UUID where the body names none.
    var identity = IdentityID.null
    var expiresIn = ""
    var flowType: String?

    /// Decodes a body as `json.Decoder` would into Kratos' `createRecoveryCodeForIdentityBody` or its like.
    ///
    /// - Throws: what Go says of it, without Kratos' words around.
    init(
        _ bytes: UnsafeRawBufferPointer,
        for endpoint: IssuingEndpoint,
        _ flowTypeRule: FlowTypeRule = .known
    ) throws(GoJSONError) {
        let type =
            endpoint == .code ? "createRecoveryCodeForIdentityBody" : "createRecoveryLinkForIdentityBody"
        var reader = GoJSONReader(bytes)
        let (value, members) = try reader.read()
        switch value {
        case .object, .null: break
        default: throw Self.mismatch(value, "value of type \(endpoint.rawValue).\(type)")
        }
        // Go goes on after a value of the wrong type and reports the first at the end; a bad UUID stops it at
        // once.
        var firstMismatch: GoJSONError?
        for member in members {
            // Go takes a name in any case; these two rarely come in any but their own.
            let isExact = member.name == "identity_id" || member.name == "expires_in"
            let name = isExact ? member.name : member.name.lowercased()
            if name == "flow_type", flowTypeRule != .known {
                guard flowTypeRule == .ignored else {
                    throw GoJSONError(text: #"json: unknown field "flow_type""#)
                }
                continue
            }
            switch (name, member.value) {
            case (_, .null): break
            case ("identity_id", .string(let text)): identity = try Self.identity(text)
            case ("expires_in", .string(let text)): expiresIn = text
            case ("flow_type", .string(let text)) where endpoint == .code: flowType = text
            case ("identity_id", let other):
                firstMismatch =
                    firstMismatch
                    ?? Self.mismatch(other, "struct field \(type).identity_id of type uuid.UUID")
            case ("expires_in", let other):
                firstMismatch =
                    firstMismatch
                    ?? Self.mismatch(other, "struct field \(type).expires_in of type string")
            case ("flow_type", let other) where endpoint == .code:
                firstMismatch =
                    firstMismatch
                    ?? Self.mismatch(other, "struct field \(type).flow_type of type flow.Type")
            default: break
            }
        }
        if let firstMismatch { throw firstMismatch }
    }

    private static func mismatch(_ value: JSONValue, _ target: String) -> GoJSONError {
        GoJSONError(text: "json: cannot unmarshal \(value.goName) into Go \(target)")
    }

    /// Reads a UUID as strictly as `gofrs/uuid` v5 does, with its complaints.
    static func identity(_ text: String) throws(GoJSONError) -> IdentityID {
        if let identity = canonical(text) { return identity }
        var digits = Array(text.utf8)[...]
        let wrongFormat = { (text: String) in
            GoJSONError(text: "uuid: incorrect UUID format in string \(JSONText.quoted(text))")
        }
        switch digits.count {
        case 32, 36: break
        case 34, 38:
            guard digits.first == UInt8(ascii: "{"), digits.last == UInt8(ascii: "}") else {
                throw wrongFormat(text)
            }
            digits = digits.dropFirst().dropLast()
        case 41, 45:
            guard digits.starts(with: "urn:uuid:".utf8) else { throw wrongFormat(String(text.prefix(9))) }
            digits = digits.dropFirst(9)
        default:
            throw GoJSONError(
                text: "uuid: incorrect UUID length \(digits.count) in string \(JSONText.quoted(text))"
            )
        }
        let plain = String(decoding: digits, as: UTF8.self)
        let start = digits.startIndex
        guard digits.count == 32 || [8, 13, 18, 23].allSatisfy({ digits[start + $0] == UInt8(ascii: "-") })
        else { throw wrongFormat(plain) }
        guard let identity = IdentityID(plain) else { throw GoJSONError(text: "uuid: invalid UUID format") }
        return identity
    }

    /// The way of nearly every ID: 36 bytes with dashes and nothing around.
    private static func canonical(_ text: String) -> IdentityID? {
        let identity = text.utf8.withContiguousStorageIfAvailable { utf8 -> IdentityID? in
            let dash = UInt8(ascii: "-")
            guard utf8.count == 36, utf8[8] == dash, utf8[13] == dash, utf8[18] == dash, utf8[23] == dash
            else { return nil }
            return IdentityID(utf8: utf8)
        }
        return identity ?? nil
    }
}
