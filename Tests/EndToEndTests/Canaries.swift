// Codes and links that no other bytes look like.

import Foundation
import IdentitySimulator
import Synchronization
import Testing
import Model

/// A server's answers whose codes and links can be found wherever they are.
enum Canaries {
    static let codeMark = "CANARY-"
    static let linkMark = "https://canary.example/"

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

    /// Whether a code or a link is among these bytes.
    static func are(in bytes: Data) -> Bool {
        [codeMark, linkMark].contains { bytes.firstRange(of: Data($0.utf8)) != nil }
    }

    /// The files below a folder that have a code or a link in them.
    static func files(in folder: String) throws -> [String] {
        let found = try #require(FileManager.default.enumerator(atPath: folder))
        return found.compactMap { $0 as? String }.filter { name in
            FileManager.default.contents(atPath: "\(folder)/\(name)").map(are) ?? false
        }.sorted()
    }
}

/// Issues a code and a link that are new each time, and remembers whose they are.
final class CanaryIssuer: Sendable {
    struct Issued: Sendable {
        let identity: IdentityID
        let code: String
        let link: String
    }

    private let log = Mutex<[Issued]>([])
    private let expiry = Date(timeIntervalSinceNow: 3600).ISO8601Format()

    /// All of them, in the order of issuing.
    var issued: [Issued] { log.withLock { $0 } }

    func answer(for identity: IdentityID) -> Answer {
        let issued = log.withLock { log in
            let number = log.count + 1
            let issued = Issued(
                identity: identity,
                code: "\(Canaries.code(of: identity))-\(number)",
                link: "\(Canaries.link(of: identity))-\(number)"
            )
            log.append(issued)
            return issued
        }
        let secrets = #""recovery_link":"\#(issued.link)","recovery_code":"\#(issued.code)""#
        return .json(201, #"{\#(secrets),"expires_at":"\#(expiry)"}"#)
    }
}
