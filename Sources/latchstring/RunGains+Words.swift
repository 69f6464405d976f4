// What a night has brought, in one clause.

import Campaign

extension RunGains {
    /// The counts that are not 0; nil where all are.
    ///
    /// - Parameter tellingFailed: false where failures are told of by kind beside it.
    func words(tellingFailed: Bool) -> String? {
        let counts = [
            (issued, "newly issued"), (reissued, "reissued"), (activated, "activated"),
            (tellingFailed ? failed : 0, "failed"), (handedOver, "handed over"), (givenUp, "given up"),
        ]
        let texts = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return texts.isEmpty ? nil : texts.joined(separator: ", ")
    }
}

extension RunSettings {
    /// Whether the run does what goes on night after night, so that what it has brought is news.
    var isOfANight: Bool { sync != nil || reissue != nil || handOver != nil }
}
