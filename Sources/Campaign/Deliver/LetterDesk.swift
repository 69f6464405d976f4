// From invitations with their columns to letters.

import Delivery
package import Exports
package import Ledger
import Model

/// Makes letters of invitations, or says why there is none.
///
/// On one thread at a time.
package struct LetterDesk {
    private var table: InvitationTable
    private let columns: MailColumns
    private let needs: (_ column: String) -> Bool
    private let isSuppressed: (_ address: String) throws -> Bool

    /// - Parameters:
    ///   - needs: whether a column of that name is used.
    ///   - isSuppressed: whether nothing is to go to an address.
    package init(
        _ table: InvitationTable,
        _ columns: MailColumns,
        needs: @escaping (_ column: String) -> Bool,
        isSuppressed: @escaping (_ address: String) throws -> Bool = { _ in false }
    ) {
        self.table = table
        self.columns = columns
        self.needs = needs
        self.isSuppressed = isSuppressed
    }

    /// Links that are relative, and stayed so.
    package var relativeLinks: Int { table.remarks.relativeLinks }

    /// - Throws: `UnsealingError`; what the list of suppressed addresses throws.
    package mutating func letter(for row: InvitationRow) throws -> Result<Letter, Refusal> {
        guard let secret = try table.secret(of: row) else {
            return .failure(Refusal(.noCode, "its code was purged", nil))
        }
        let values = table.values(of: row, secret)
        let text = columns.address(of: values)
        guard text.contains(where: { !$0.isWhitespace }) else {
            return .failure(Refusal(.noAddress, "there is no address", nil))
        }
        guard let address = MailAddress.checked(text) else {
            return .failure(Refusal(.impossibleAddress, "that is no address", text))
        }
        guard try !isSuppressed(address) else {
            return .failure(Refusal(.suppressed, "the list of suppressed addresses has it", address))
        }
        return .success(
            Letter(
                identityID: row.identityID,
                generation: row.generation,
                address: address,
                name: columns.name(of: values),
                fields: MailFields(
                    code: secret.code,
                    link: values[OwnColumns.invitations.firstIndex(of: "recovery_link") ?? 2],
                    expiresAt: row.invitation.expiresAt,
                    locale: columns.locale(of: values),
                    columns: columns.columns(of: values, where: needs)
                )
            )
        )
    }

    /// Why somebody gets no letter.
    package struct Refusal: Error {
        package let reason: DeliveryReason
        package let text: String
        /// What stands in the address' place.
        package let address: String?

        init(_ reason: DeliveryReason, _ text: String, _ address: String?) {
            self.reason = reason
            self.text = text
            self.address = address
        }
    }
}
