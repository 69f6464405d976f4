// How the command line spells settings in what the libraries say.

import Model

extension Wording {
    /// The text with its settings as options (`--server`) and variables (`LATCHSTRING_PROXY`).
    var inOptions: String {
        spelled { piece in
            switch piece {
            case .words(let text): text
            case .setting(let name, let value): "--\(name.rawValue)\(value.map { " " + $0 } ?? "")"
            case .variable(let name, let value):
                SettingFacts.variable(of: name.rawValue) + (value.map { "=" + $0 } ?? "")
            }
        }
    }
}

extension Worded {
    /// What happened and what to do, as the command line says it.
    var sentence: String { wording.inOptions }
}
