// What is said of a setting, whatever its value is.

import ArgumentParser

/// A setting's names, and what people are told of it.
struct SettingFacts: Sendable {
    /// How it is given on the command line.
    enum Kind: Sendable {
        case argument, option, list, flag
    }

    /// What holds where nobody gives the setting.
    enum Standard: Sendable {
        /// A text that is read as any other.
        case text(String)
        /// What people are told of it; no text of the setting's.
        case words(String)

        var text: String {
            switch self {
            case .text(let text), .words(let text): text
            }
        }
    }

    let name: String
    var kind: Kind
    /// One sentence or two, without the default.
    var help = ""
    /// What `--help` says below.
    var more = ""
    /// What stands for the value in `--help`; nil where the name does.
    var placeholder: String?
    let standard: Standard?
    /// A good value, for the reference and the tests.
    var example: String?
    /// What the reference says besides.
    var note: String?
    /// Whether `~/` at its beginning is the home folder.
    let isPath: Bool
    let takesAnyText: Bool
    /// Whether its value is shown nowhere.
    var isSecret = false
    /// Where it can be given.
    var levels: Set<SettingLevel> = [.flag, .environment, .file]

    init<Value>(_ name: String, _ kind: Kind, _ form: SettingForm<Value>, _ standard: Standard?) {
        self.name = name
        self.kind = kind
        placeholder = form.placeholder
        self.standard = standard
        isPath = form.isPath
        takesAnyText = form.takesAnyText
    }

    /// Its name in the environment.
    var variable: String { Self.variable(of: name) }

    /// The name in the environment of a setting with that name.
    static func variable(of name: String) -> String {
        "LATCHSTRING_" + name.uppercased().replacing("-", with: "_")
    }

    /// What `--help` says of it.
    var argumentHelp: ArgumentHelp {
        ArgumentHelp(
            standard.map { "\(help) (default: \($0.text))" } ?? help,
            discussion: more,
            valueName: placeholder
        )
    }
}
