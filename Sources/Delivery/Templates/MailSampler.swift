// Chooses rows whose mails are worth looking at.

import Model

/// One row to look at.
package struct MailSample: Sendable {
    package var fields: MailFields
    package var address: String
    package var identity: String
    /// Why it was chosen: `longest`, `non-ascii`, `locale de`, `ordinary`.
    package var reasons: [String]

    package init(fields: MailFields, address: String, identity: String, reasons: [String] = []) {
        self.fields = fields
        self.address = address
        self.identity = identity
        self.reasons = reasons
    }
}

/// Takes all rows of a campaign, and keeps a few: the one with the longest values, the first with characters
/// beyond ASCII, the first of each language of the templates, and the first ones.
package struct MailSampler: Sendable {
    private let renderer: MailRenderer
    private let countMax: Int
    private var longest: (length: Int, sample: MailSample)?
    private var nonASCII: MailSample?
    private var languages: [String: MailSample] = [:]
    private var first: [MailSample] = []

    /// - Parameter count: how many rows are kept at most.
    package init(_ renderer: MailRenderer, count: Int) {
        self.renderer = renderer
        countMax = max(0, count)
    }

    package mutating func add(_ fields: MailFields, address: String, identity: String) {
        let sample = MailSample(fields: fields, address: address, identity: identity)
        let values = fields.columns.values
        let length = values.reduce(fields.link.revealed.utf8.count) { $0 + $1.utf8.count }
        if length > longest?.length ?? -1 { longest = (length, sample) }
        if nonASCII == nil, values.contains(where: { $0.utf8.contains { $0 >= 0x80 } }) { nonASCII = sample }
        if let folder = renderer.templates.choice(for: fields.locale).folder, languages[folder] == nil {
            languages[folder] = sample
        }
        if first.count < countMax { first.append(sample) }
    }

    /// No more than were asked for, each row once.
    package var samples: [MailSample] { chosen.samples }

    /// Languages of templates that users have and no sample shows: more samples are needed for them.
    package var omittedLocales: [String] { chosen.omitted }

    private var chosen: (samples: [MailSample], omitted: [String]) {
        var samples: [MailSample] = []
        func add(_ sample: MailSample, _ reason: String) -> Bool {
            if let index = samples.firstIndex(where: { $0.identity == sample.identity }) {
                samples[index].reasons.append(reason)
                return true
            }
            guard samples.count < countMax else { return false }
            var sample = sample
            sample.reasons = [reason]
            samples.append(sample)
            return true
        }
        if let longest { _ = add(longest.sample, "longest") }
        if let nonASCII { _ = add(nonASCII, "non-ascii") }
        var omitted: [String] = []
        for (folder, sample) in languages.sorted(by: { $0.key < $1.key }) {
            let isShown = samples.contains {
                renderer.templates.choice(for: $0.fields.locale).folder == folder
            }
            if !isShown, !add(sample, "locale \(folder)") { omitted.append(folder) }
        }
        for sample in first where !samples.contains(where: { $0.identity == sample.identity }) {
            guard add(sample, "ordinary") else { break }
        }
        return (samples, omitted)
    }
}
