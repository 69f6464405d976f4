import Testing
import Model

@testable import IdentitySimulator

@Suite struct IssueBodyTests {
    private func decode(_ text: String, _ endpoint: IssuingEndpoint = .code) throws(GoJSONError) -> IssueBody
    {
        let result = Array(text.utf8).withUnsafeBytes { bytes -> Result<IssueBody, GoJSONError> in
            do throws(GoJSONError) {
                return .success(try IssueBody(bytes, for: endpoint))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    @Test(arguments: [
        #"{"identity_id":"021d045c-26f8-4316-8389-fc0ac90734e1"}"#,
        #" { "other" : [1, {"a": null}, "x"], "identity_id" : "021D045C26F843168389FC0AC90734E1" } rest"#,
        #"{"identity_id":"{021d045c-26f8-4316-8389-fc0ac90734e1}"}"#,
        #"{"identity_id":"urn:uuid:021d045c-26f8-4316-8389-fc0ac90734e1"}"#,
        #"{"IDENTITY_ID":"\u0030\u00321d045c-26f8-4316-8389-fc0ac90734e1"}"#,
    ])
    func everySpellingOfAnIDIsRead(_ text: String) throws {
        let expected = IdentityID("021d045c-26f8-4316-8389-fc0ac90734e1")
        #expect(try decode(text).identity == expected)
    }

    @Test func membersMayBeMissingNullOrRepeated() throws {
        #expect(try decode("null") == decode("{}"))
        #expect(try decode(#"{"identity_id":null,"expires_in":null,"flow_type":null}"#) == decode("{}"))
        #expect(try decode(#"{"expires_in":"1h","expires_in":"2h"}"#).expiresIn == "2h")
        #expect(try decode(#"{"flow_type":1}"#, .link) == decode("{}", .link))
    }

    @Test(arguments: [
        ("", "EOF"), (" \n", "EOF"), ("{", "unexpected EOF"), (#"{"identity_id":"#, "unexpected EOF"),
        (#"{"a":"b"#, "unexpected EOF"), (#"{"a":1"#, "unexpected EOF"),
        ("nope", "invalid character 'o' in literal null (expecting 'u')"),
        ("{'a'}", #"invalid character '\'' looking for beginning of object key string"#),
        (#"{"a" 1}"#, "invalid character '1' after object key"),
        (#"{"a":1 "b"}"#, #"invalid character '"' after object key:value pair"#),
        (#"{"a":[1 2]}"#, "invalid character '2' after array element"),
        (#"{"a":}"#, "invalid character '}' looking for beginning of value"),
        (#"{"a":-x}"#, "invalid character 'x' in numeric literal"),
        (#"{"a":1.x}"#, "invalid character 'x' after decimal point in numeric literal"),
        (#"{"a":1ex}"#, "invalid character 'x' in exponent of numeric literal"),
        (#"{"a":"\x"}"#, "invalid character 'x' in string escape code"),
        (#"{"a":"\u00zz"}"#, #"invalid character 'z' in \u hexadecimal character escape"#),
        ("{\"a\":\"\n\"}", #"invalid character '\n' in string literal"#),
        ("identity_id=1", "invalid character 'i' looking for beginning of value"),
        (
            "[]",
            "json: cannot unmarshal array into Go value of type code.createRecoveryCodeForIdentityBody"
        ),
        (
            #"{"expires_in":3600,"identity_id":5}"#,
            "json: cannot unmarshal number into Go struct field "
                + "createRecoveryCodeForIdentityBody.expires_in of type string"
        ),
        (#"{"identity_id":"x"}"#, #"uuid: incorrect UUID length 1 in string "x""#),
        (
            #"{"identity_id":"021d045c-26f8-4316-8389-fc0ac90734eg"}"#,
            "uuid: invalid UUID format"
        ),
        (
            #"{"identity_id":"021d045c+26f8-4316-8389-fc0ac90734e1"}"#,
            #"uuid: incorrect UUID format in string "021d045c+26f8-4316-8389-fc0ac90734e1""#
        ),
    ])
    func whatCannotBeReadIsToldInGosWords(_ text: String, _ complaint: String) {
        #expect(throws: GoJSONError(text: complaint)) { try decode(text) }
    }

    @Test func deepNestingIsRefusedNotFollowed() {
        let text = String(repeating: "[", count: 200_000)
        #expect(throws: GoJSONError(text: "exceeded max depth")) { try decode(text) }
    }
}
