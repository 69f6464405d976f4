// Columns and paths as people write them.

import Model
import Testing

@testable import Providers

@Suite struct ColumnPathTests {
    @Test(arguments: [
        ("id", ["id"]), ("traits.email", ["traits", "email"]),
        ("traits.name.first", ["traits", "name", "first"]),
        ("recovery_addresses.0.value", ["recovery_addresses", "0", "value"]),
        (#"traits.a\.b.c"#, ["traits", "a.b", "c"]), (#"a\\.b"#, [#"a\"#, "b"]), (#"a\\\.b"#, [#"a\.b"#]),
        (#"\."#, ["."]), ("traits.Größe", ["traits", "Größe"]), ("traits.a b", ["traits", "a b"]),
        ("a=b", ["a=b"]),
    ])
    func aPathIsItsSteps(_ text: String, _ steps: [String]) throws {
        let path = try #require(ColumnPath(text))
        #expect(path.steps == steps)
        #expect(path.description == text)
    }

    @Test(arguments: ["", ".", "a.", ".a", "a..b", #"a\"#, #"a.\"#])
    func aStepIsNeverEmpty(_ text: String) {
        #expect(ColumnPath(text) == nil)
    }

    @Test(arguments: [
        ("email=traits.email", "email", "traits.email"),
        ("E-Mail Adresse=traits.email", "E-Mail Adresse", "traits.email"),
        ("a=b=c", "a", "b=c"), ("id=id", "id", "id"),
    ])
    func aColumnIsANameAndAPath(_ argument: String, _ name: String, _ path: String) throws {
        let column = try #require(LookedUpColumn(argument: argument))
        #expect((column.name, column.path.description) == (name, path))
    }

    @Test(arguments: ["", "=", "email", "email=", "=traits.email", "email=a..b"])
    func whatIsNoColumnIsNone(_ argument: String) {
        #expect(LookedUpColumn(argument: argument) == nil)
    }
}
