import Testing

@testable import IdentitySimulator

@Suite struct FormFieldsTests {
    @Test func formsAndQueriesAreDecoded() {
        let fields = FormFields(encoded: "a=1%2B1&b=x+y&a=2&c&%64=%zz&e=a=b")
        #expect(fields["a"] == "1+1")
        #expect(fields["b"] == "x y")
        #expect(fields["c"] == "")
        #expect(fields["d"] == "%zz")
        #expect(fields["e"] == "a=b")
        #expect(fields["none"] == "")
    }

    @Test func textsAndNumbersOfJSONAreFields() throws {
        let text = #"{"code":467805,"method":"code","a":{"code":"1"},"b":null,"c":-1.5e3,"d":true}"#
        let fields = try Array(text.utf8).withUnsafeBytes { try FormFields(json: $0) }
        #expect(fields["code"] == "467805")
        #expect(fields["method"] == "code")
        #expect(fields["c"] == "-1.5e3")
        for name in ["a", "b", "d"] { #expect(fields[name] == "") }
    }

    @Test(arguments: ["", "[]", "\"x\"", "{\"code\":", "{\"code\":012}", "null"])
    func whatIsNoObjectIsRefused(_ text: String) {
        #expect(throws: GoJSONError.self) {
            try Array(text.utf8).withUnsafeBytes { try FormFields(json: $0) }
        }
    }
}
