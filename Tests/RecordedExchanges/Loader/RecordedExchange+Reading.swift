// An exchange as its file has it.

extension RecordedExchange {
    /// - Parameter object: members `disabled`, `request` and `response`.
    init(_ name: String, _ object: inout RecordedObject, earlier: [RecordedExchange]) throws {
        self.name = name
        self.earlier = earlier
        disabled = try object.word("disabled")

        var sentObject = try object.object("request")
        let url = try sentObject.text("url")
        guard let end = url.firstIndex(of: "}"), let port = Port(rawValue: String(url[..<end].dropFirst()))
        else {
            throw RecordingError("\"url\" does not begin with {admin} or {public}")
        }
        self.port = port
        request = "\(try sentObject.text("method")) \(url[end...].dropFirst())"
        requestHeaders = try sentObject.headerLines()
        sent = try sentObject.optionalText("body")
        try sentObject.end()

        var answer = try object.object("response")
        guard let code = try answer.number("status") else { throw RecordingError("\"status\" is missing") }
        status = "\(code) \(try answer.text("reason"))"
        headers = try answer.headerLines()
        let body = try answer.json("body")
        self.body = body.text ?? body.compact + "\n"
        try answer.end()
        try object.end()
    }
}
