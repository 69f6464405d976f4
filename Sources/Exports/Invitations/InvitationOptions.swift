// How invitations are written.

package import Files
package import Ledger
package import Model

/// The options of an export.
package struct InvitationOptions: Hashable, Sendable {
    package var formulas: FormulaTreatment
    /// Without it a relative link stays as it is.
    package var linkBase: LinkBase?
    package var times: TimeFormat
    /// Which invitations a table has; a batch has its members.
    package var filter: InvitationFilter

    package init(
        formulas: FormulaTreatment = .keep,
        linkBase: LinkBase? = nil,
        times: TimeFormat = .standard,
        filter: InvitationFilter = .all
    ) {
        self.formulas = formulas
        self.linkBase = linkBase
        self.times = times
        self.filter = filter
    }
}

/// What was found while invitations were written.
package struct InvitationRemarks: Hashable, Sendable {
    package var invitations = 0
    /// Fields that a spreadsheet would run as a formula.
    package var formulaFields = 0
    /// Links that are relative, and stayed so.
    package var relativeLinks = 0
    /// Invitations that are left out, since the ledger has no code for them.
    package var withoutCode = 0

    package init() {}
}
