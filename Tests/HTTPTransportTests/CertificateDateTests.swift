import HTTPTransport
import Testing

@Suite struct CertificateDateTests {
    @Test(arguments: [
        ("Jan  1 00:00:00 1970 GMT", 0),
        ("Dec 31 23:59:59 1969 GMT", -1),
        ("Feb 29 12:00:00 2000 GMT", 951_825_600),
        ("Mar  1 00:00:00 2000 GMT", 951_868_800),
        ("Nov 20 23:46:57 2026 GMT", 1_795_218_417),
        ("Dec 31 23:59:59 9999 GMT", 253_402_300_799),
    ])
    func aDateOfOpenSSLIsRead(_ text: String, _ seconds: Int64) {
        #expect(CertificateDate(text).secondsSince1970 == seconds)
        #expect(CertificateDate(text).text == text)
    }

    @Test(arguments: [
        "", "Nov 20 23:46:57 2026", "Nov 20 23:46:57 2026 CET", "Nov 20 24:00:00 2026 GMT",
        "20 Nov 23:46:57 2026 GMT",
        "Nov 20 23:46 2026 GMT", "2026-11-20 23:46:57 GMT", "Nov 0 00:00:00 2026 GMT",
        "Nov 20 -1:00:00 2026 GMT",
        "Nov 20 00:00:00 99999999999999999999 GMT", "Nov 20 ::: 2026 GMT",
    ])
    func whatIsWrittenInAnotherWayHasNoTime(_ text: String) {
        #expect(CertificateDate(text).secondsSince1970 == nil)
    }
}
