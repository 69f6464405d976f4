// Values that tests write as texts.

package import Model

extension FailureKind: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) { self.init(rawValue: text) }
}

extension RejectedRow.Reason: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) { self.init(rawValue: text) }
}

extension LookedUpColumn {
    package init(name: String, path text: String) {
        guard let path = ColumnPath(text) else { preconditionFailure("\(text) is no path") }
        self.init(name: name, path: path)
    }
}
