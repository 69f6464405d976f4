// What a log must not show, marked where it is logged.

import Logging
import Model

/// How much of a value a log may show.
enum Sensitivity: Int64, Logger.MetadataValueAttributes.Attribute {
    /// It opens something, or may: nothing of it.
    case secret = 1
    /// It says whose account it is about: its beginning, unless the operator wants all of it.
    case personal = 2
}

extension Logger.MetadataValue {
    /// A value that is not shown.
    static func secret(_ text: String) -> Logger.MetadataValue {
        .attributed(text, attributes: [Sensitivity.secret])
    }

    /// A value that says whose account it is about.
    static func personal(_ text: String) -> Logger.MetadataValue {
        .attributed(text, attributes: [Sensitivity.personal])
    }

    /// A number, which stays one.
    static func number(_ number: Int) -> Logger.MetadataValue { .stringConvertible(number) }

    /// A time in seconds, rounded to thousandths.
    static func seconds(_ duration: Duration) -> Logger.MetadataValue {
        .stringConvertible((duration.inSeconds * 1000).rounded() / 1000)
    }

    static func flag(_ flag: Bool) -> Logger.MetadataValue { .stringConvertible(flag) }
}
