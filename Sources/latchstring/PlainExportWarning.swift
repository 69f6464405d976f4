// Plain invitations that lie beside encrypted ones: what is said of them.

import Campaign
import Exports

enum PlainExportWarning {
    /// One sentence for each, with the command that removes it.
    ///
    /// - Parameter encrypted: the encrypted file; nil where it is yet to be made.
    static func lines(_ exports: [CampaignOutputs.PlainExport], beside encrypted: String?) -> [String] {
        exports.map { export in
            let arguments = ["rm"] + (export.isFolder ? ["-r"] : []) + ["--", export.path]
            let what = export.isFolder ? "\(export.path)/ holds" : "\(export.path) holds"
            let when =
                encrypted.map { "Check that \($0) can be decrypted, then remove the plain one" }
                ?? "Once the invitations are exported encrypted, remove the plain one"
            return
                "warning: \(what) invitations that are not encrypted. \(when): "
                + "\(CommandText.again(arguments))"
        }
    }
}
