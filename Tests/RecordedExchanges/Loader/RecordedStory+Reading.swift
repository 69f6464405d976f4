// A story as its file has it.

extension RecordedStory {
    /// Where the server was, and what the addresses in braces stand for.
    private static let servers = ["public": "http://127.0.0.1:4433", "admin": "http://127.0.0.1:4434"]

    init(_ name: String, _ object: inout RecordedObject) throws {
        self.name = name
        usesTransitions = try object.flag("use_continue_with_transitions")
        setup = try object.word("setup") ?? .sqlite
        seed = try object.number("seed").map(UInt64.init)
        disabled = try object.texts("disabled")
        email = try object.optionalText("email")
        opening = try Opening(&object)
        fate = try object.word("fate") ?? .none
        starts = try object.texts("started")
        var named = try object.object("values")
        values = try named.allTexts().merging(Self.servers) { value, _ in value }
        steps = try object.list("steps").map { json in
            var step = try RecordedObject(json)
            let name = try step.text("name")
            let times = try step.number("times") ?? 1
            let mails = try step.flag("mails_code")
            let exchange = try RecordedExchange(name, &step, earlier: [])
            return RecordedStep(exchange: exchange, times: times, mails: mails)
        }
        try object.end()
    }
}

extension RecordedStory.Opening {
    fileprivate init(_ object: inout RecordedObject) throws {
        guard object.has("issued") else {
            self = .nothing
            return
        }
        var issued = try object.object("issued")
        let method: RecordedExchange.Method? = try issued.word("method")
        let type: RecordedStory.FlowType? = try issued.word("flow_type")
        let hasExpired = try issued.flag("expired")
        switch (method, type) {
        case (.code, let type?): self = hasExpired ? .expiredCode(type) : .code(type)
        case (.link, nil): self = hasExpired ? .expiredLink : .link
        default: throw RecordingError("\"issued\" is neither a code with its \"flow_type\" nor a link")
        }
        try issued.end()
    }
}
