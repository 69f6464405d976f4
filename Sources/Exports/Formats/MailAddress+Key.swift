// When two addresses are one.

package import Model
import Sealing

extension MailAddress {
    /// Equal for two addresses that differ in case alone; 16 bytes.
    package static func key(of address: String) -> [UInt8] {
        var sum = SHA256Sum()
        sum.update(Array(address.lowercased().utf8))
        return Array(sum.bytes.prefix(16))
    }
}
