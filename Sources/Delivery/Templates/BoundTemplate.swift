// A template with where its values come from.

import Model
import Synchronization

/// A template for the columns of one campaign; used by many tasks at once.
final class BoundTemplate: Sendable {
    private let template: MailTemplate
    private let isHTML: Bool
    /// By slots; nil for text, and for a name of nothing.
    private let sources: [MailColumns.Source?]
    private let conditions: [Int]
    private let plans = Mutex<[[Bool]: [MailTemplate.Part]]>([:])

    private static let plansMax = 64

    init(_ template: MailTemplate, columns: MailColumns, isHTML: Bool = false) {
        self.template = template
        self.isHTML = isHTML
        sources = template.slots.map { slot in
            switch slot {
            case .literal: nil
            case .value(let name, _), .condition(let name): columns.source(of: name)
            }
        }
        conditions = template.slots.indices.filter {
            if case .condition = template.slots[$0] { true } else { false }
        }
    }

    /// The text of one mail; adds the names that have no value, and should, to `missing`.
    func render(_ row: MailRow, missing: inout Set<String>) -> String {
        var text = ""
        for part in plan(row) {
            switch part {
            case .text(let part): text += part
            case .value(let slot):
                guard case .value(let name, let isRaw) = template.slots[slot] else { continue }
                let value = sources[slot].map(row.text(of:)) ?? ""
                if value.isEmpty { missing.insert(name) }
                text += isHTML && !isRaw ? HTMLText.escaped(value) : value
            }
        }
        return text
    }

    private func plan(_ row: MailRow) -> [MailTemplate.Part] {
        let met = conditions.map { slot in !(sources[slot].map(row.text(of:)) ?? "").isEmpty }
        if let plan = plans.withLock({ $0[met] }) { return plan }
        var holds = Array(repeating: false, count: sources.count)
        for (slot, isMet) in zip(conditions, met) { holds[slot] = isMet }
        let plan = template.plan(holds)
        plans.withLock {
            if $0.count >= Self.plansMax { $0.removeAll() }
            $0[met] = plan
        }
        return plan
    }
}
