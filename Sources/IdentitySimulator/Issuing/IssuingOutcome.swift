// What an issuing request comes to, and how a fault bends it.

/// What an issuing request comes to.
struct IssuingOutcome {
    var answer: Answer?
    var record: IssuedRecord?
    var fault: Fault?
    var delivery: Delivery

    /// An answer without a fault.
    init(_ answer: Answer, record: IssuedRecord? = nil) {
        self.answer = answer
        self.record = record
        delivery = .answer(answer)
    }

    /// No answer at all.
    init(closedBy fault: Fault) {
        self.fault = fault
        delivery = .close
    }
}

extension IssuingOutcome {
    /// A fault that comes before anything is issued.
    init(_ fault: Fault, requestID: String) {
        switch fault.kind {
        case .serverError: self.init(.databaseLocked(requestID: requestID))
        case .serialize: self.init(.serializationFailure(requestID: requestID))
        case .tooManyRequests:
            self.init(.tooManyRequests(requestID: requestID, retryAfterSeconds: fault.retryAfterSeconds))
        case .html: self.init(.gatewayPage(fault.pageStatus))
        case .close, .closeAfter, .stall, .half, .huge: self.init(closedBy: fault)
        }
        self.fault = fault
    }

    /// The same outcome with its delivery gone wrong.
    func hit(by fault: Fault?) -> Self {
        guard let fault, let answer else { return self }
        var outcome = self
        outcome.fault = fault
        switch fault.kind {
        case .closeAfter: outcome.delivery = .close
        case .stall:
            let time = fault.stallTime.map { Delivery.Hold.time($0) }
            outcome.delivery = .hold(time ?? .forever, then: delivery)
        case .half: outcome.delivery = .half(answer)
        case .huge:
            outcome.delivery = .answer(Answer(201, headerLines: answer.headerLines, body: Self.garbage))
        case .serverError, .serialize, .tooManyRequests, .close, .html: break
        }
        return outcome
    }

    mutating func add(_ lines: String) {
        answer?.headerLines += lines
        delivery = delivery.adding(lines)
    }

    private static let garbage = [UInt8](repeating: UInt8(ascii: "x"), count: 10 << 20)
}

extension Delivery {
    /// The status of the answer that comes at last, if one does.
    var status: Int? {
        switch self {
        case .answer(let answer), .half(let answer): answer.status
        case .hold(_, let then): then.status
        case .raw, .close, .reset: nil
        }
    }

    /// The same with another answer.
    func mapped(_ change: (Answer) -> Answer) -> Delivery {
        switch self {
        case .answer(let answer): .answer(change(answer))
        case .half(let answer): .half(change(answer))
        case .hold(let hold, let then): .hold(hold, then: then.mapped(change))
        case .raw, .close, .reset: self
        }
    }

    /// The same with more header lines in its answer.
    fileprivate func adding(_ lines: String) -> Delivery {
        mapped { answer in
            var answer = answer
            answer.headerLines += lines
            return answer
        }
    }
}
