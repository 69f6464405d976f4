// Codes and links that no other bytes look like.

import Foundation
import IdentitySimulator
import Testing
import Vocabulary

/// A server's answers whose codes and links can be found wherever they are.
enum Canaries {
    private static let codeMark = "CANARY-"
    private static let linkMark = "https://canary.example/"

    /// Issues an identity's own code and link.
    static let script: @Sendable (SimulatedRequest) -> Delivery? = { request in
        request.identity.map { identity in
            .answer(
                .json(
                    201,
                    #"{"recovery_link":"\#(link(of: identity))","recovery_code":"\#(code(of: identity))"}"#
                )
            )
        }
    }

    static func code(of identity: IdentityID) -> String { codeMark + identity.text.prefix(8) }
    static func link(of identity: IdentityID) -> String { "\(linkMark)recovery?flow=\(identity.text)" }

    /// The files below a folder that have a code or a link in them.
    static func files(in folder: String) throws -> [String] {
        let found = try #require(FileManager.default.enumerator(atPath: folder))
        return found.compactMap { $0 as? String }.filter { name in
            guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)") else { return false }
            return [codeMark, linkMark].contains { bytes.firstRange(of: Data($0.utf8)) != nil }
        }.sorted()
    }
}
