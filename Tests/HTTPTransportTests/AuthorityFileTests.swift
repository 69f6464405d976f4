// A file of authorities, and everything that is none.

import Foundation
import HTTPTransport
import TestSupport
import Testing

@Suite struct AuthorityFileTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        /// What the sentence has to say.
        let words: String

        init(_ name: String, _ text: String, _ words: String) {
            self.init(name, bytes: Array(text.utf8), words)
        }

        init(_ name: String, bytes: [UInt8], _ words: String) {
            (testDescription, self.bytes, self.words) = (name, bytes, words)
        }
    }

    private static let base64 = "MIIBszCCAVmgAwIBAgIUQg=="
    private static func pem(_ label: String, _ body: String = base64) -> String {
        "-----BEGIN \(label)-----\n\(body)\n-----END \(label)-----\n"
    }

    static let refused = [
        Case("empty", "", "is empty"),
        Case("blanks", " \r\n\n", "is empty"),
        Case("words", "this is no certificate\n", "holds no certificate"),
        Case("a web page", "<html><body>Log in</body></html>", "holds no certificate"),
        Case("DER", bytes: [0x30, 0x82, 0x01, 0xb3, 0x30, 0x82], "is in DER form"),
        Case("a private key", pem("PRIVATE KEY"), "holds a private key and no certificate"),
        Case("an old private key", pem("EC PRIVATE KEY"), "holds a private key and no certificate"),
        Case("a request", pem("CERTIFICATE REQUEST"), "holds a CERTIFICATE REQUEST and no certificate"),
        Case("a public key", pem("PUBLIC KEY"), "holds a PUBLIC KEY and no certificate"),
        Case("Base64 alone", base64, "holds no certificate"),
        Case(
            "cut off",
            "-----BEGIN CERTIFICATE-----\n\(base64)\n",
            "a damaged certificate, the one that begins on line 1"
        ),
        Case("no Base64", pem("CERTIFICATE", "hello world"), "a damaged certificate"),
        Case("an empty certificate", pem("CERTIFICATE", ""), "a damaged certificate"),
        Case(
            "the second is cut off",
            pem("CERTIFICATE") + "-----BEGIN CERTIFICATE-----\nMIIB",
            "a damaged certificate, the one that begins on line 4"
        ),
    ]

    @Test(arguments: refused)
    func whatIsNoneIsRefusedBeforeAnyRequest(_ expected: Case) throws {
        let folder = try TemporaryFolder()
        let file = "\(folder.path)/ca.pem"
        try Data(expected.bytes).write(to: URL(filePath: file))
        let error = #expect(throws: TransportError.self) { try CurlTransport.forTests { $0.caFile = file } }
        #expect(error?.message.contains(expected.words) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains(file) == true)
        #expect(error?.message.contains("hello") == false)
    }

    @Test(arguments: [
        pem("CERTIFICATE"), "# Bundle\r\n\r\n" + pem("CERTIFICATE").replacing("\n", with: "\r\n"),
        pem("TRUSTED CERTIFICATE"), pem("X509 CERTIFICATE"), pem("PRIVATE KEY") + pem("CERTIFICATE"),
        "\u{feff}" + pem("CERTIFICATE"),
    ])
    func whatHoldsACertificateIsTaken(_ text: String) throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(text, to: "ca.pem")
        _ = try CurlTransport.forTests { $0.caFile = file }
    }

    @Test(arguments: ["/nonexistent/ca.pem", "/"])
    func whatCannotBeReadIsNamed(_ file: String) {
        let error = #expect(throws: TransportError.self) { try CurlTransport.forTests { $0.caFile = file } }
        #expect(error?.message.contains("\(file) cannot be read") == true)
    }
}
