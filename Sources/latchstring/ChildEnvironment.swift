// What the programs that are started see of the environment: none of this program's secrets.

import Foundation
import Subprocess

enum ChildEnvironment {
    /// Everything but our settings, among which are the API key and a proxy's password; for commands of the
    /// operator's own.
    static var withoutSettings: Subprocess.Environment {
        let settings = ProcessInfo.processInfo.environment.keys.filter { $0.hasPrefix("LATCHSTRING_") }
        let removed = settings.compactMap(Subprocess.Environment.Key.init(rawValue:)).map {
            ($0, String?.none)
        }
        return .inherit.updating(Dictionary(removed) { first, _ in first })
    }

    /// Where programs and the user's files are, and the language; for programs that need nothing else.
    static var bare: Subprocess.Environment {
        let kept = ProcessInfo.processInfo.environment.filter { name, _ in
            ["PATH", "HOME", "LANG"].contains(name) || name.hasPrefix("LC_") || name.hasPrefix("XDG_")
        }
        let variables = kept.compactMap { name, value in
            Subprocess.Environment.Key(rawValue: name).map { ($0, value) }
        }
        return .custom(Dictionary(variables) { first, _ in first })
    }

    /// Where a program is, by the folders of `PATH`; nil where it is in none.
    static func program(named name: String) -> String? {
        let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
        // Others than absolute ones depend on where we are, and somebody else may be able to write there.
        return folders.filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }.first { path in
            var isFolder: ObjCBool = false
            let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            return exists && !isFolder.boolValue && FileManager.default.isExecutableFile(atPath: path)
        }
    }
}
