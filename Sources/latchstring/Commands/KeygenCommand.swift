// `latchstring keygen`: the two keys that codes are sealed to and opened with.

import ArgumentParser
import Campaign
import Glibc
import Files
import Sealing
import Model

struct KeygenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keygen",
        abstract: "Make a key pair: codes are sealed to NAME.pub and opened with NAME.key.",
        discussion: """
            Make it where the codes are to be read, take NAME.pub to the machine that issues, for run \
            --seal-to, and leave NAME.key where it is, for export --unseal-with. Whoever has NAME.key reads \
            the codes, and without it nobody does: keep a copy. Neither file is ever overwritten.

            \(ExitStatus.help(done: "done"))
            """
    )

    @Option(help: ArgumentHelp("The private key's file; NAME.pub is beside it.", valueName: "name.key"))
    var output: String

    @Flag(help: "JSON on stdout instead of words.")
    var json = false

    private static let ending = ".key"

    func run() throws { try run(.process) }

    func run(_ context: CommandContext) throws {
        let name = output.split(separator: "/").last ?? ""
        guard output.hasSuffix(Self.ending), name.utf8.count > Self.ending.utf8.count else {
            throw ValidationError(
                "--output: \"\(output)\" does not end in \(Self.ending), such as campaign.key"
            )
        }
        let publicPath = output.dropLast(Self.ending.count) + ".pub"
        let key = PrivateKey()
        try CommandFailure.wrapping { try Self.write(key, to: output, String(publicPath)) }
        let fingerprint = key.publicKey.fingerprint
        try context.console.data(
            json
                ? JSONWriter.document([
                    ("fingerprint", .text(fingerprint)),
                    ("private_key", .text(output)),
                    ("public_key", .text(String(publicPath))),
                ])
                : """
                Key \(fingerprint)
                  private    \(output)  for export --unseal-with; keep it, and off the machine that issues
                  public     \(publicPath)  for run --seal-to

                """
        )
    }

    /// The private key first: nothing can be sealed to a key that was never kept.
    private static func write(_ key: PrivateKey, to path: String, _ publicPath: String) throws {
        for path in [path, publicPath] where try PrivateFolder.mayExist(path) {
            throw FileError(
                .isThere,
                "\(path) is there already, and is not overwritten",
                advice: "choose another name"
            )
        }
        var file = try AtomicFile(path)
        try file.write { $0.append(contentsOf: key.secretText.utf8) }
        _ = try file.commit(replacing: false)
        do {
            var file = try AtomicFile(publicPath)
            try file.write { $0.append(contentsOf: key.publicKey.text.utf8) }
            _ = try file.commit(replacing: false)
        } catch {
            // Without its public key it is of no use.
            unlink(path)
            throw error
        }
        chmod(publicPath, 0o644)
    }
}
