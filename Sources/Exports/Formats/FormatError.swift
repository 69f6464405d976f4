// Why invitations cannot be written in a format.

package import Model

/// Invitations that cannot be written in a format; what was written before is as it was.
package typealias FormatError = CodedError<FormatErrorCode>

package enum FormatErrorCode: String, Hashable, Sendable, CaseIterable {
    case noAddressColumn = "no_address_column"
    /// Several columns may be meant.
    case severalColumns = "several_columns"
    case unknownColumn = "unknown_column"
    case unknownField = "unknown_field"
    /// A field's name that the system does not take, or that two fields have.
    case wrongFieldName = "wrong_field_name"
    case tooManyColumns = "too_many_columns"
    case duplicateAddresses = "duplicate_addresses"
    /// A value that the system does not take, mostly as it is too long.
    case unfitValue = "unfit_value"
    /// One row is more than a file, or a call, may hold.
    case rowTooLarge = "row_too_large"
    case tooManyParts = "too_many_parts"
    /// A workbook that the library cannot write.
    case unwrittenWorkbook = "unwritten_workbook"
}
