// What differs between the servers that speak Kratos' API.

/// One kind of server: where its endpoints are.
///
/// A new provider is another static value in a file of its own, and a row in the provider tests.
package struct Provider: Hashable, Sendable {
    /// Appended to the base URL for a recovery code; begins with a slash.
    package let recoveryCodePath: String
    /// The name for people.
    package let title: String
}

extension Provider {
    /// Ory Kratos, self-hosted: the admin port.
    package static let kratos = Provider(
        recoveryCodePath: "/admin/recovery/code",
        title: "Ory Kratos"
    )
}
