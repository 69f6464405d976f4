// Lists of identities, and the values taken out of them.

import Foundation
import Model
import Providers

/// Reads the answer to a look-up, and holds its columns against a decoder.
enum ListingHarness {
    private static let paths = [
        ["state"], ["state", "traits.email"], ["traits.name.first", "traits.tags.1", "id"], ["a\\.b.0.c"],
        ["traits"],
    ].map { $0.compactMap { ColumnPath($0) } }

    static func run(_ bytes: [UInt8]) throws(BrokenProperty) {
        var input = FuzzInput(bytes)
        let paths = input.choose(paths)
        let body = input.bytes
        guard let identities = ListedIdentity.list(in: body, columns: paths) else { return }
        for identity in identities {
            try require(identity.columns.count == paths.count, "an identity has columns too few or too many")
        }
        let isPlain = body.allSatisfy { 0x20..<0x7f ~= $0 && $0 != UInt8(ascii: "\\") }
        guard isPlain, paths.first?.description == "state" else { return }
        guard let decoded = try? JSONDecoder().decode([Stated].self, from: Data(body)) else {
            throw BrokenProperty(description: "a list that no decoder reads")
        }
        try require(decoded.count == identities.count, "\(identities.count) identities of \(decoded.count)")
        for (identity, decoded) in zip(identities, decoded) {
            let column = identity.columns.first ?? nil
            try require((column != nil) == decoded.hasState, "the decoder sees another member")
            if let state = decoded.state, decoded.isAlone {
                try require(column == state, "the decoder reads another value")
            }
        }
    }

    /// What a decoder makes of the member `state`.
    private struct Stated: Decodable {
        let hasState: Bool
        let isAlone: Bool
        let state: String?

        private enum Key: String, CodingKey { case state }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: Key.self)
            hasState = values.contains(.state)
            // Where a member comes twice, each reader has its choice.
            isAlone = values.allKeys.count <= 1
            state = try? values.decode(String.self, forKey: .state)
        }
    }
}
