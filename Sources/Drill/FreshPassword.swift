// A password that nobody has seen.

package import Model

/// Makes passwords for accounts that are drilled on.
package enum FreshPassword {
    /// Digits, letters of both cases and signs, without those that are mistaken for one another.
    static let classes = [
        "abcdefghijkmnopqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "-_.!+%@#",
    ].map(Array.init)
    static let length = 32

    /// A random password with characters of every class.
    package static func make(using generator: inout some RandomNumberGenerator) -> Secret<String> {
        let all = classes.flatMap { $0 }
        var characters = classes.compactMap { $0.randomElement(using: &generator) }
        while characters.count < length {
            characters.append(contentsOf: [all.randomElement(using: &generator)].compactMap { $0 })
        }
        characters.shuffle(using: &generator)
        return Secret(String(characters))
    }
}
