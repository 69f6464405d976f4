// What the program can be told, by name: advice speaks of settings, and the command line says how they are
// given.

/// A setting, whatever it is given by; the raw value is its name in the settings file.
package enum SettingName: String, Hashable, Sendable, CaseIterable {
    case campaign
    case idColumn = "id-column"
    case delimiter
    case withoutColumns = "without-columns"
    case provider, server, publicServer = "public-server"
    case apiKey = "api-key"
    case apiKeyFile = "api-key-file"
    case apiKeyCommand = "api-key-command"
    case header, proxy, timeout
    case clientCertificate = "client-cert"
    case clientKey = "client-key"
    case authorities = "ca-file"
    case method
    case expiresIn = "expires-in"
    case flowType = "flow-type"
    case returnTo = "return-to"
    case rate, concurrency, verify, columns, sync
    case withoutSync = "without-sync"
    case maxIdentities = "max-identities"
    case maxFailures = "max-failures"
    case giveUpAfter = "give-up-after"
    case outputFolder = "output-dir"
    case waitForLock = "wait-for-lock"
    case serverMoved = "server-moved"
    case sealTo = "seal-to"
    case unsealWith = "unseal-with"
    case encryptTo = "encrypt-to"
    case undo
    case replace
    case all
    case linkBase = "link-base"
    case smtp, mail
    case fallbackLocale = "fallback-locale"
    case emailColumn = "email-column"
    case nameColumn = "name-column"
    case localeColumn = "locale-column"
    case map, fields, batch, format
    case onDuplicateAddress = "on-duplicate-address"
    case splitRows = "split-rows"
    case splitBytes = "split-bytes"
    case identity, link, browser
    case selfService = "self-service"
    case codeCommand = "code-command"
}
