// Texts in short lines of ASCII.

import Testing

@testable import Delivery

@Suite struct TransferEncodingTests {
    @Test(arguments: [
        ("", ""), ("a", "a\r\n"), ("a\nb\r\nc\rd", "a\r\nb\r\nc\r\nd\r\n"), ("1=2", "1=3D2\r\n"),
        (".\n..a", "=2E\r\n=2E.a\r\n"), ("From me\nfrom", "=46rom me\r\nfrom\r\n"),
        ("a \nb\t\nc ", "a=20\r\nb=09\r\nc=20\r\n"), ("\u{0}\u{7f}abcdefghi", "=00=7Fabcdefghi\r\n"),
    ])
    func quotedPrintable(_ text: String, _ encoded: String) {
        let encoding = TransferEncoding(text)
        #expect(encoding.name == "quoted-printable")
        #expect(String(decoding: encoding.bytes, as: UTF8.self) == encoded)
    }

    @Test func theShorterOneIsTaken() {
        let cyrillic = TransferEncoding("Здравствуйте, вот Ваш код")
        #expect(cyrillic.name == "base64")
        #expect(TransferEncoding("Grüße und ein langer Satz dazu").name == "quoted-printable")
    }

    @Test func noLineIsLongerThan76AndNoneBeginsWithADot() {
        for (text, length) in [("a.", 5000), ("ä.", 3000), ("From ", 900), ("= ", 900), (".", 1000)] {
            let encoding = TransferEncoding(String(repeating: text, count: length))
            for line in encoding.bytes.split(separator: UInt8(ascii: "\n")) {
                #expect(line.count <= 77 && line.last == UInt8(ascii: "\r"))
                #expect(line.first != UInt8(ascii: ".") && !line.starts(with: "From ".utf8))
            }
        }
    }

    @Test(arguments: [
        ("example.org", "example.org"), ("müller.example", "xn--mller-kva.example"),
        ("BÜCHER.Example", "xn--bcher-kva.example"), ("straße.example", "xn--strae-oqa.example"),
        ("例え.テスト", "xn--r8jz45g.xn--zckzah"), ("mu\u{308}ller.example", "xn--mller-kva.example"),
        ("a。b", "a.b"), ("ä..b", nil), ("xn--ä.example", nil),
    ])
    func domains(_ domain: String, _ ascii: String?) {
        #expect(DomainName.ascii(domain) == ascii)
    }

    @Test func aLabelThatBecomesTooLongIsNone() {
        var long = String.UnicodeScalarView()
        for number in 0..<60 { long.append(Unicode.Scalar(0x4e00 + 37 * UInt32(number)) ?? "a") }
        #expect(DomainName.ascii("\(String(long)).example") == nil)
    }

    @Test func base64IsReadBack() {
        for count in 0..<50 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
            let text = Base64.encoded(bytes)
            #expect(text.count == Base64.length(of: count))
            #expect(Base64.decoded(String(decoding: text, as: UTF8.self)) == bytes)
        }
        #expect(Base64.decoded("a!") == nil)
    }
}
