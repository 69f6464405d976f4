// The lists in headers about limits: `10, 10;w=1, 300;w=60`, `"burst";r=8;t=1`, `limit=10, remaining=8`.

import Model

/// One member of a list in a header about limits, with those of its parameters that matter.
///
/// A structured field (RFC 9651) as it should be, and whatever resembles one: what cannot be read is as if
/// absent.
struct LimitItem {
    /// What it is, or is called: the `300` of `300;w=60`, the `burst` of `"burst";r=8`, the `limit` of
    /// `limit=10`.
    let name: ArraySlice<UInt8>
    /// The number that it is.
    let number: Int?
    /// What it is set to: the `10` of `limit=10`.
    let value: ArraySlice<UInt8>?
    /// `q`: how many a window takes.
    private(set) var quota: Int?
    /// `w`: the length of the window.
    private(set) var window: Duration?
    /// `r`: how many are left.
    private(set) var remaining: Int?
    /// `t`: when there are more again, in seconds.
    private(set) var reset: Double?
    /// `qu`: whether requests are what is counted.
    private(set) var countsRequests = true
    /// Whether it is clear what it takes in which window.
    private var isReadable = true

    /// A year, in seconds: the longest window.
    static let yearInSeconds = 366 * 86_400
    /// The most members of a list that are looked at.
    static let countMax = 32

    static func list(_ text: ArraySlice<UInt8>) -> [LimitItem] {
        var rest = text
        var items: [LimitItem] = []
        while !rest.isEmpty, items.count < countMax {
            items.append(LimitItem(rest.cut(at: UInt8(ascii: ","))))
        }
        return items
    }

    private init(_ text: ArraySlice<UInt8>) {
        var rest = text
        var head = rest.cut(at: UInt8(ascii: ";"))
        let first = head.cut(at: UInt8(ascii: "="))
        name = first.unquoted ?? first
        value = head.isEmpty ? nil : head.trimmed.unquoted ?? head.trimmed
        number = value == nil ? first.wholeNumber : nil
        while !rest.isEmpty {
            var parameter = rest.cut(at: UInt8(ascii: ";"))
            let key = parameter.cut(at: UInt8(ascii: "="))
            let text = parameter.trimmed
            take(key, text.unquoted ?? text)
        }
    }

    private mutating func take(_ key: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) {
        if key.isNamed("q") {
            quota = text.wholeNumber
            isReadable = isReadable && quota != nil
        } else if key.isNamed("w") {
            window = text.wholeNumber.flatMap { (1...Self.yearInSeconds).contains($0) ? .seconds($0) : nil }
            isReadable = isReadable && window != nil
        } else if key.isNamed("r") {
            remaining = text.wholeNumber
        } else if key.isNamed("t") {
            reset = text.decimalNumber
        } else if key.isNamed("qu") {
            countsRequests = text.isNamed("requests")
        }
    }

    /// How many it takes, in a window or without one; nil where that is not said, or none, or endlessly many.
    var count: Int? {
        guard isReadable else { return nil }
        return (quota ?? number).flatMap { (1...Rate.countMax).contains($0) ? $0 : nil }
    }
}
