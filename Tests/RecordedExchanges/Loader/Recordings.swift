// The recordings, from the files beside this folder.

package import Foundation

/// All exchanges and stories, by the names of their files.
package struct Recordings: Sendable {
    package private(set) var exchanges: [RecordedExchange] = []
    package private(set) var stories: [RecordedStory] = []
    /// What is wrong with files, which are left out then; a test demands that nothing is.
    package private(set) var problems: [String] = []
    /// The files of both, sorted by their paths.
    package private(set) var files: [URL] = []

    /// Those of the project: found by the place of this file, whatever folder the tests are run from.
    package static let all = Recordings(
        in: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    )

    /// - Parameter folder: one with the folders `Exchanges` and `Stories`, each with a folder for each
    ///   subject.
    package init(in folder: URL) {
        var following: [URL] = []
        for file in add(filesIn: folder.appending(path: "Exchanges")) {
            read(file) { name, object, recordings in
                if object.has("after") { return following.append(file) }
                recordings.exchanges.append(try RecordedExchange(name, &object, earlier: []))
            }
        }
        let alone = exchanges
        for file in following {
            read(file) { name, object, recordings in
                let earlier = try object.texts("after").map { other in
                    guard let exchange = alone.first(where: { $0.name == other }) else {
                        throw RecordingError("\"\(other)\" is no exchange that follows on no other")
                    }
                    return exchange
                }
                recordings.exchanges.append(try RecordedExchange(name, &object, earlier: earlier))
            }
        }
        for file in add(filesIn: folder.appending(path: "Stories")) {
            read(file) { name, object, recordings in
                recordings.stories.append(try RecordedStory(name, &object))
            }
        }
    }

    private mutating func add(filesIn folder: URL) -> [URL] {
        do {
            let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            let found = paths.filter { $0.hasSuffix(".json") }.sorted().map { folder.appending(path: $0) }
            files += found
            return found
        } catch {
            problems.append("\(folder.path): \(error)")
            return []
        }
    }

    /// Hands the object of a file to `take`, which must leave no member of it.
    private mutating func read(
        _ file: URL,
        _ take: (_ name: String, inout RecordedObject, inout Recordings) throws -> Void
    ) {
        do {
            var object = try RecordedObject(RecordedJSON(Array(try Data(contentsOf: file))))
            try take(file.deletingPathExtension().lastPathComponent, &object, &self)
        } catch {
            problems.append("\(file.path): \(error)")
        }
    }
}
