// How a simulated server lets users recover their accounts, change them and log in.

/// The part of a configuration that concerns users; the defaults are those of a fresh Kratos.
package struct SelfServiceSettings: Sendable {
    /// Kratos' `feature_flags.use_continue_with_transitions`.
    package var usesTransitions = false
    /// Whether users may start a recovery themselves; what an administrator issued works all the same.
    package var isRecoveryEnabled = true
    /// How long after logging in or recovering a password may be changed.
    package var privilegedFor = GoDuration(nanoseconds: 900_000_000_000)
    /// Whether every identity has a second factor, so that no session of ours is enough for its settings.
    package var requiresSecondFactor = false
    package var passwordLengthMin = 8
    /// How often a code may be submitted to one flow, rightly or wrongly.
    package var triesMax = 5
    /// How long a flow lives that nobody issued: settings, logins, recoveries that users started.
    package var flowLifespan = GoDuration(nanoseconds: 3_600_000_000_000)
    /// How long a session lives.
    package var sessionLifespan = GoDuration(nanoseconds: 86_400_000_000_000)
    /// The file that gets a line for every mail with a code or link; nil for none.
    package var mailLogPath: String?

    /// Whether changed settings make the server mail a code that verifies the address.
    package var verifiesAddresses = true
    package var titles = TraitTitles()

    package init() {}
}

/// The titles that the identities' schema gives to traits.
package struct TraitTitles: Sendable {
    package var email = "E-Mail"
    package var firstName: String? = "First Name"
    package var lastName: String? = "Last Name"

    package init(email: String = "E-Mail", firstName: String? = "First Name", lastName: String? = "Last Name")
    {
        (self.email, self.firstName, self.lastName) = (email, firstName, lastName)
    }
}
