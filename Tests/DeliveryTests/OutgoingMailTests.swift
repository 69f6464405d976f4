import Delivery
import Model
import Testing

@Suite struct OutgoingMailTests {
    @Test func aMailDoesNotTellItsMessage() {
        let mail = OutgoingMail(
            sender: "it@example.com",
            recipient: "ann@example.org",
            messageID: "<1@example.com>",
            message: Array("code 123456".utf8)
        )
        #expect(!"\(mail)".contains("49, 50"))
        #expect("\(mail)".contains(Redactor.mark))
    }
}
